// Follows a pointer from press to release: mouse, pen and touch alike. Scrolls the page near its edges.
const SLACK = 4;
const EDGE = 56;

// `begin(source, event)` answers what to do: { move(x, y), drop(), cancel() }, or nothing to refuse.
export function drag(area, selector, begin) {
  area.addEventListener("pointerdown", (press) => {
    const source = press.target.closest(selector);
    if (!source || press.button !== 0 || source.disabled) return;
    new Follower(source, press, begin);
  });
}

class Follower {
  constructor(source, press, begin) {
    Object.assign(this, { source, press, begin, x: press.clientX, y: press.clientY });
    this.listening = new AbortController();
    const on = (name, act) => window.addEventListener(name, act, { signal: this.listening.signal });
    on("pointermove", (event) => this.move(event));
    on("pointerup", () => this.end("drop"));
    on("pointercancel", () => this.end("cancel"));
    on("blur", () => this.end("cancel"));
    on("keydown", (event) => event.key === "Escape" && this.end("cancel"));
  }

  move(event) {
    if (event.pointerId !== this.press.pointerId) return;
    this.x = event.clientX;
    this.y = event.clientY;
    if (!this.task && !this.start()) return;
    event.preventDefault();
    this.task.move(this.x, this.y);
  }

  start() {
    if (Math.hypot(this.x - this.press.clientX, this.y - this.press.clientY) < SLACK) return false;
    this.task = this.begin(this.source, this.press);
    if (!this.task) {
      this.listening.abort();
      return false;
    }
    document.body.classList.add("dragging");
    this.scroll();
    return true;
  }

  scroll() {
    if (!this.task) return;
    const below = this.y - (window.innerHeight - EDGE);
    const above = EDGE - this.y;
    if (below > 0) window.scrollBy(0, below / 4);
    else if (above > 0) window.scrollBy(0, -above / 4);
    if (below > 0 || above > 0) this.task.move(this.x, this.y);
    requestAnimationFrame(() => this.scroll());
  }

  end(how) {
    this.listening.abort();
    document.body.classList.remove("dragging");
    const task = this.task;
    if (!task) return;
    this.task = undefined;
    // The click that follows the release is part of the drag.
    const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
    task[how]();
  }
}
