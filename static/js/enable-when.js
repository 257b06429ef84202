// A button that waits ([data-waits]) until its form's mandatory fields are filled and, where the form has a
// test mark ([data-tested]), the test has passed. Any change of a [data-config] field takes the mark away.
const isFilled = (field) => {
  if (field.type === "radio") return field.form.querySelector(`[name="${CSS.escape(field.name)}"]:checked`) !== null;
  return field.type === "checkbox" ? field.checked : field.value.trim() !== "";
};

function update(form, button) {
  const mark = form.querySelector("[data-tested]");
  const required = [...form.elements].filter((field) => field.required && !field.matches(":disabled"));
  button.disabled = !(required.every(isFilled) && (!mark || mark.value !== ""));
  if (!mark) return;
  for (const part of form.querySelectorAll("[data-when-tested]")) part.hidden = mark.value === "";
  for (const part of form.querySelectorAll("[data-when-untested]")) part.hidden = mark.value !== "";
}

for (const button of document.querySelectorAll("[data-waits]")) {
  const form = button.form;
  form.addEventListener("input", (event) => {
    const mark = form.querySelector("[data-tested]");
    if (mark && event.target.matches("[data-config]")) mark.value = "";
    update(form, button);
  });
  update(form, button);
}
