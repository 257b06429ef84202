// A row of the Mappings screen ([data-map-row]): directions need a CRM field that allows them; one that is not
// possible can be reached, says why, and does not take a click; a mapped field is not also shown from the ERP
// alone, and the other way round; its rules stand in words beside it. The server checks the same.
import { announce } from "./announce.js";

class MappingRow {
  constructor(row) {
    this.row = row;
    this.select = row.querySelector("[data-map-select]");
    this.tab = row.querySelector("[data-map-tab]");
    this.canShow = !this.tab.disabled;
    row.addEventListener("change", () => this.update());
    row.addEventListener("click", (event) => this.refuse(event));
    row.addEventListener("keydown", (event) => {
      if (event.key === " " && event.target.matches("[data-closed]")) this.refuse(event);
    });
    for (const left of ["mouseleave", "focusout"]) {
      this.directions.addEventListener(left, () => this.directions.classList.remove("hushed"));
    }
    this.update();
  }

  get directions() {
    return this.row.querySelector(".direction");
  }

  get option() {
    return this.select.selectedOptions[0];
  }

  box(side) {
    return this.row.querySelector(`[data-map-${side}]`);
  }

  update() {
    const isMapped = this.select.value !== "";
    if (isMapped) this.tab.checked = false;
    this.tab.disabled = isMapped || !this.canShow;
    if (!this.row.querySelector("[data-never]")) {
      this.select.disabled = this.tab.checked;
      this.allow("to-erp", this.why("to-erp"));
      const elsewhere = this.box("to-erp").checked ? undefined : this.option.dataset.elsewhere;
      this.allow("to-crm", this.why("to-crm"), elsewhere);
    }
    this.warn();
    this.speak();
  }

  // What speaks against a direction with this CRM field.
  why(side) {
    const id = this.select.value === "" ? "mapping-why-no-crm-field" : this.option.getAttribute(`data-no-${side}`);
    return id ? this.row.closest("table").getAttribute(`data-${id}`) : "";
  }

  // `unless`: a reason against switching it on, not against its staying on.
  allow(side, why, unless = "") {
    const box = this.box(side);
    if ("closed" in box.dataset) return;
    if (why) box.checked = false;
    box.setAttribute("aria-disabled", Boolean(why || (unless && !box.checked)));
    const label = box.closest("label");
    const reason = why || unless;
    label.title = reason ? "" : label.textContent.trim();
    this.reason(box).textContent = reason;
  }

  reason(box) {
    return document.getElementById(box.getAttribute("aria-describedby"));
  }

  refuse(event) {
    if (!event.target.matches("[aria-disabled=true]")) return;
    event.preventDefault();
    announce(this.reason(event.target).textContent);
  }

  warn() {
    const place = this.row.querySelector("[data-map-warning]");
    const [crm, erp] = [Number(this.option.dataset.max ?? 0), Number(this.row.dataset.max ?? 0)];
    let text = this.option.dataset.gone ?? "";
    if (crm && erp && crm !== erp) {
      const says = this.row.closest("[data-map-erp-shorter]").dataset;
      if (this.box("to-erp").checked && crm > erp) text = says.mapErpShorter;
      else if (this.box("to-crm").checked && crm < erp) text = says.mapCrmShorter;
    }
    const fixed = place.dataset.mapWarning;
    place.textContent = fixed || text.replace("%crm%", crm).replace("%erp%", erp);
  }

  speak() {
    const place = this.row.querySelector("[data-rule-words]");
    if (!place) return;
    const isOn = (side) => this.box(side).checked;
    const words = [...this.row.querySelectorAll("[data-rule]")].map((rule) => {
      const { rule: side, words: own } = rule.dataset;
      if (side) return isOn(side) ? rule.selectedOptions[0].dataset.words : "";
      return rule.checked && (isOn("to-erp") || isOn("to-crm")) ? own : "";
    });
    place.textContent = words.filter(Boolean).join(" · ");
  }
}

// Escape puts a reason away that covers something, until pointer and focus have left.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const direction of document.querySelectorAll(".direction:is(:hover, :focus-within)")) direction.classList.add("hushed");
});

for (const row of document.querySelectorAll("[data-map-row]")) new MappingRow(row);
