// Sends the form when a choice is made that decides what else it asks: <div data-submits="id of the button">.
for (const area of document.querySelectorAll("[data-submits]")) {
  const button = document.getElementById(area.dataset.submits);
  area.addEventListener("change", () => button.form.requestSubmit(button));
}
