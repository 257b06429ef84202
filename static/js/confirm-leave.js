// Asks before typed values of a form ([data-confirm-leave]) are lost by leaving the page.
const form = document.querySelector("[data-confirm-leave]");

if (form) {
  let typed = form.querySelector("[aria-invalid]") !== null;
  form.addEventListener("input", (event) => { typed ||= !event.target.matches("[data-filter]"); });
  form.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault();
  });
}
