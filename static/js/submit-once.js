// Sends a form ([data-submit-once]) once: a second press while the answer is awaited does nothing.
const buttons = (form) => [...form.elements].filter((element) => element.type === "submit");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-submit-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of buttons(form)) button.setAttribute("aria-busy", "true");
});

// Coming back by the browser's Back shows the page as it was left.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) {
    delete form.dataset.sent;
    for (const button of buttons(form)) button.removeAttribute("aria-busy");
  }
});
