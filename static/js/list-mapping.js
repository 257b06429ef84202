// Marks at once what is mapped to the same item twice: an area ([data-items-once], the sentence to say) with
// rows whose control has [data-item] and whose problem stands in [data-item-problem].
const area = document.querySelector("[data-items-once]");

function mark(control, isTwice) {
  const row = control.closest("tr");
  const place = row.querySelector("[data-item-problem]");
  const twice = area.dataset.itemsOnce;
  // What else the page said about the row stands until the row is changed.
  if (!isTwice && place.textContent !== twice && !("changed" in row.dataset)) return;
  place.textContent = isTwice ? twice : "";
  row.classList.toggle("clash", isTwice);
  control.toggleAttribute("aria-invalid", isTwice);
  if (isTwice) control.setAttribute("aria-invalid", "true");
}

function update() {
  const controls = [...area.querySelectorAll("[data-item]")];
  const valueOf = (control) => control.value.trim().toLocaleLowerCase();
  const count = new Map();
  for (const control of controls) count.set(valueOf(control), (count.get(valueOf(control)) ?? 0) + 1);
  for (const control of controls) {
    mark(control, valueOf(control) !== "" && count.get(valueOf(control)) > 1);
  }
}

if (area) {
  area.addEventListener("change", (event) => {
    if (!event.target.matches("[data-item]")) return;
    event.target.closest("tr").dataset.changed = "";
    update();
  });
}
