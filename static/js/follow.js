// Keeps a part of the page ([data-follow]) up to date while something goes on. When the part is no longer
// there, it is over, and the whole page is shown anew. A step of it is said to screen readers now and then.
import { announce } from "./announce.js";

const PAUSE = 2000;
const SAID_EVERY = 10;
let round = 0;

async function look() {
  const part = document.querySelector("[data-follow]");
  if (!part) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-follow]");
    if (!fresh) {
      location.reload();
      return;
    }
    for (const name of ["progress", ".progress > span"]) {
      const [now, then] = [part.querySelector(name), fresh.querySelector(name)];
      if (!now || !then) continue;
      now.textContent = then.textContent;
      if (now.localName !== "progress") continue;
      now.max = then.max;
      now.value = then.value;
    }
    round += 1;
    if (round % SAID_EVERY === 0) announce(part.querySelector(".progress > span")?.textContent ?? "");
  } catch {
    // The next look may fare better.
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
