// Narrows a list of the page to what contains the typed words: <input data-filter="id of the list">. An item
// whose text holds more than that says it in [data-text].
import { announce } from "./announce.js";

for (const input of document.querySelectorAll("[data-filter]")) {
  const list = document.getElementById(input.dataset.filter);
  input.addEventListener("input", () => {
    const words = input.value.toLocaleLowerCase().split(/\s+/);
    let count = 0;
    for (const item of list.children) {
      const text = (item.dataset.text ?? item.textContent).toLocaleLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
      if (!item.hidden) count += 1;
    }
    announce(count ? input.dataset.some : input.dataset.none, { count });
  });
  // Enter belongs to the list, not to the form around it.
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}
