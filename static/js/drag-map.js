// CRM fields ([data-map-fields] .chip) that are put on rows ([data-map-row]): drag one onto a row; or press
// it, then press a row or choose one with the arrow keys and Enter. It chooses the row's option, no more.
import { announce } from "./announce.js";
import { drag } from "./drag.js";

const fields = document.querySelector("[data-map-fields]");
// In the order they stand in now.
const rows = () => [...document.querySelectorAll("[data-map-row]")];
let picked;
let target;

const choice = (row) => row.querySelector("[data-map-select]");
const rowName = (row) => row.querySelector(".field-name").textContent.trim();
const fieldName = (chip) => chip.textContent.trim();
const say = (what, values) => announce(fields.dataset[what], values);

function canTake(row, chip) {
  const select = choice(row);
  return !select.matches(":disabled")
    && [...select.options].some((option) => option.value === chip.dataset.value && !option.disabled);
}

function aim(row) {
  target?.classList.remove("drop");
  target = row;
  target?.classList.add("drop");
}

function pick(chip) {
  picked = chip;
  chip.setAttribute("aria-pressed", "true");
  for (const row of rows()) row.classList.toggle("can-drop", canTake(row, chip));
}

function letGo() {
  picked?.setAttribute("aria-pressed", "false");
  picked = undefined;
  aim(undefined);
  for (const row of rows()) row.classList.remove("can-drop");
}

function cancel() {
  say("cancelled", { field: fieldName(picked) });
  letGo();
}

function place() {
  const select = choice(target);
  select.value = picked.dataset.value;
  select.dispatchEvent(new Event("input", { bubbles: true }));
  select.dispatchEvent(new Event("change", { bubbles: true }));
  say("placed", { field: fieldName(picked), row: rowName(target) });
  letGo();
  select.focus();
}

// The next row that can take what is picked up, seen from the one aimed at.
function aimBeside(step) {
  const possible = rows().filter((row) => canTake(row, picked));
  if (possible.length === 0) return;
  const at = possible.indexOf(target);
  const next = at < 0 && step < 0 ? possible.length - 1 : at + step;
  aim(possible[(next + possible.length) % possible.length]);
  target.scrollIntoView({ block: "center" });
  announce(rowName(target));
}

function flying(chip, press) {
  const box = chip.getBoundingClientRect();
  const copy = chip.cloneNode(true);
  copy.classList.add("flying");
  copy.setAttribute("aria-hidden", "true");
  copy.style.width = `${box.width}px`;
  document.body.append(copy);
  return (x, y) => {
    copy.style.left = `${x - press.clientX + box.left}px`;
    copy.style.top = `${y - press.clientY + box.top}px`;
    return copy;
  };
}

function dragged(chip, press) {
  letGo();
  pick(chip);
  const fly = flying(chip, press);
  const end = (act) => () => {
    fly(0, 0).remove();
    act();
  };
  return {
    move(x, y) {
      fly(x, y);
      const row = document.elementFromPoint(x, y)?.closest("[data-map-row]");
      aim(row && canTake(row, chip) ? row : undefined);
    },
    drop: end(() => (target ? place() : cancel())),
    cancel: end(cancel),
  };
}

function keyed(event) {
  if (!picked) return;
  if (event.key === "Escape") cancel();
  else if (event.key === "ArrowDown") aimBeside(1);
  else if (event.key === "ArrowUp") aimBeside(-1);
  else if ((event.key === "Enter" || event.key === " ") && target) place();
  else return;
  event.preventDefault();
}

function pressed(event) {
  const chip = event.target.closest(".chip");
  if (chip === picked) return cancel();
  letGo();
  pick(chip);
  say("picked", { field: fieldName(chip) });
}

function markUsed() {
  const used = new Set(rows().map((row) => choice(row).value));
  for (const chip of fields.querySelectorAll(".chip")) chip.toggleAttribute("data-used", used.has(chip.dataset.value));
}

if (fields) {
  drag(fields, ".chip", dragged);
  fields.addEventListener("keydown", keyed);
  fields.addEventListener("click", (event) => event.target.closest(".chip") && pressed(event));
  for (const row of rows()) {
    row.addEventListener("change", markUsed);
    row.addEventListener("click", (event) => {
      if (!picked || !canTake(row, picked)) return;
      event.preventDefault();
      aim(row);
      place();
    });
  }
  markUsed();
}
