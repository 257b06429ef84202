// A row of the Mappings screen ([data-map-row]): directions need a CRM field that allows them; a mapped
// field is not also shown from the ERP alone, and the other way round. The server checks the same.
function update(row) {
  const select = row.querySelector("[data-map-select]");
  const tab = row.querySelector("[data-map-tab]");
  const option = select.selectedOptions[0];
  const isMapped = select.value !== "";
  if (isMapped) tab.checked = false;
  tab.disabled = isMapped;
  if (row.querySelector("[data-never]")) return;
  select.disabled = tab.checked;
  for (const name of ["toErp", "toCrm"]) {
    const box = row.querySelector(name === "toErp" ? "[data-map-to-erp]" : "[data-map-to-crm]");
    box.disabled = !isMapped || !(name in option.dataset);
    if (box.disabled) box.checked = false;
  }
}

for (const row of document.querySelectorAll("[data-map-row]:not([data-fixed])")) {
  row.addEventListener("change", () => update(row));
  update(row);
}
