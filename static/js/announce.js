// Says a sentence to screen readers. Texts come from data attributes with %names% to fill in.
// The region is there from the start and is filled in a later task than it was emptied in: what a region is made
// with, and a text that follows the same text, are not read out.
const region = document.createElement("div");
region.className = "unseen";
region.setAttribute("role", "status");
document.body.append(region);
let waiting;

export function announce(text, values = {}) {
  clearTimeout(waiting);
  region.textContent = "";
  waiting = setTimeout(() => {
    region.textContent = text.replace(/%(\w+)%/g, (_, name) => values[name] ?? "");
  }, 50);
}
