// A button that waits ([data-waits]) until its form's mandatory fields are filled and, where the form has a
// test mark ([data-tested]), the test has passed. Any change of a [data-config] field takes the mark away.
// Of a group of boxes ([data-needs-one="name"]) one must be ticked while the choice it belongs to is made
// ([data-while="name=value"]).
const named = (area, name, rest) => area.querySelector(`[name="${CSS.escape(name)}"]${rest}`);

const isFilled = (field) => {
  if (field.type === "radio") return named(field.form, field.name, ":checked") !== null;
  return field.type === "checkbox" ? field.checked : field.value.trim() !== "";
};

const isAnswered = (form) => (group) => {
  const [name, value] = group.dataset.while.split("=");
  return named(form, name, ":checked")?.value !== value || named(group, group.dataset.needsOne, ":is(:checked, [type=hidden])") !== null;
};

function isComplete(form) {
  const required = [...form.elements].filter((field) => field.required && !field.matches(":disabled"));
  return required.every(isFilled) && [...form.querySelectorAll("[data-needs-one]")].every(isAnswered(form));
}

function show(form, what, isShown) {
  for (const part of form.querySelectorAll(`[data-when-${what}]`)) part.hidden = !isShown;
}

function update(form, button) {
  const mark = form.querySelector("[data-tested]");
  const complete = isComplete(form);
  const tested = !mark || mark.value !== "";
  button.disabled = !(complete && tested);
  show(form, "tested", tested);
  show(form, "untested", !tested);
  show(form, "incomplete", tested && !complete);
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
