// Keeps what goes on by itself up to date: <div data-follow="name">. The page is asked for again every few seconds;
// when it no longer follows anything, it is shown anew. A step of it is said to screen readers now and then.
import { announce } from "./announce.js";

const PAUSE = 3000;
const SAID_EVERY = 10;
let round = 0;

async function look() {
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.ok && !answer.redirected) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const area of document.querySelectorAll("[data-follow]")) {
      const now = page.querySelector(`[data-follow="${area.dataset.follow}"]`);
      if (!now) return location.reload();
      area.replaceChildren(...now.childNodes);
      round += 1;
      if (round % SAID_EVERY === 0) announce(area.querySelector(".progress > span")?.textContent ?? "");
    }
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
