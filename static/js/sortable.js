// Lists put in order ([data-sortable]), each item with its [data-name]: drag a handle, or pick it up with the
// space bar and use the arrow keys, or press the buttons of an item. Neighbours change places around the held item, so that it keeps
// the focus and the pointer.
import { announce } from "./announce.js";
import { drag } from "./drag.js";

const itemOf = (part) => part.closest("[data-name]");
const KEYS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

class Sortable {
  constructor(list) {
    this.list = list;
    drag(list, ".handle", (handle, press) => this.dragged(itemOf(handle), press));
    list.addEventListener("keydown", (event) => this.keyed(event));
    list.addEventListener("click", (event) => this.pressed(event));
    list.addEventListener("focusout", () => this.held && !this.pointer && this.drop());
  }

  place(item) {
    return [...this.list.children].indexOf(item);
  }

  say(what, item) {
    const values = { name: item.dataset.name, place: this.place(item) + 1, all: this.list.children.length };
    announce(this.list.dataset[what], values);
  }

  // Moves an item by places, as far as there are any.
  shift(item, by) {
    for (let left = Math.abs(by); left > 0; left--) {
      if (by < 0 && item.previousElementSibling) item.after(item.previousElementSibling);
      else if (by > 0 && item.nextElementSibling) item.before(item.nextElementSibling);
      else break;
    }
    this.list.dispatchEvent(new Event("input", { bubbles: true }));
  }

  hold(item) {
    this.held = item;
    this.from = this.place(item);
    item.classList.add("held");
    item.querySelector(".handle").setAttribute("aria-pressed", "true");
  }

  release(what) {
    const item = this.held;
    this.held = undefined;
    item.classList.remove("held");
    item.style.translate = "";
    item.querySelector(".handle").setAttribute("aria-pressed", "false");
    this.say(what, item);
  }

  drop() {
    this.release("dropped");
  }

  cancel() {
    this.shift(this.held, this.from - this.place(this.held));
    this.release("cancelled");
  }

  keyed(event) {
    if (!event.target.matches(".handle")) return;
    const item = itemOf(event.target);
    if (event.key === " " || event.key === "Enter") {
      if (this.held) this.drop();
      else {
        this.hold(item);
        this.say("grabbed", item);
      }
    } else if (this.held && event.key === "Escape") this.cancel();
    else if (this.held && event.key in KEYS) {
      this.shift(item, KEYS[event.key]);
      item.scrollIntoView({ block: "nearest" });
      this.say("moved", item);
    } else return;
    event.preventDefault();
  }

  pressed(event) {
    const button = event.target.closest("button[name=move]");
    if (!button) return;
    event.preventDefault();
    const item = itemOf(button);
    this.shift(item, button.value.startsWith("up ") ? -1 : 1);
    this.say("moved", item);
    // At the ends of the list the button pressed is no longer there.
    if (getComputedStyle(button).visibility === "hidden") item.querySelector(".handle").focus();
  }

  dragged(item, press) {
    const grip = press.clientY - item.getBoundingClientRect().top;
    this.pointer = true;
    this.hold(item);
    const end = (how) => () => {
      this.pointer = false;
      this[how]();
    };
    return { move: (_, y) => this.follow(item, y - grip), drop: end("drop"), cancel: end("cancel") };
  }

  follow(item, wanted) {
    item.style.translate = "";
    const middle = wanted + item.offsetHeight / 2;
    const beyond = (other, below) => {
      if (!other) return false;
      const box = other.getBoundingClientRect();
      const line = box.top + box.height / 2;
      return below ? middle > line : middle < line;
    };
    while (beyond(item.previousElementSibling, false)) this.shift(item, -1);
    while (beyond(item.nextElementSibling, true)) this.shift(item, 1);
    item.style.translate = `0 ${wanted - item.getBoundingClientRect().top}px`;
  }
}

for (const list of document.querySelectorAll("[data-sortable]")) new Sortable(list);
