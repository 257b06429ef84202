// Says what the ticks of a default value come to: the row that holds for them in the form's table
// ([data-effects]) is repeated in [data-effect]. A row names its ticks, three digits each, in data-ticks.
const BOXES = ["sets_value", "asks_user", "is_mandatory"];

for (const table of document.querySelectorAll("[data-effects]")) {
  const form = table.closest("form");
  const words = form.querySelector("[data-effect]");
  const say = () => {
    const ticks = BOXES.map((name) => Number(form.elements[name].checked)).join("");
    const holds = (row) => row.dataset.ticks.split(" ").includes(ticks);
    const row = [...table.querySelectorAll("[data-ticks]")].find(holds);
    words.textContent = row.lastElementChild.textContent;
  };
  form.addEventListener("change", (event) => BOXES.includes(event.target.name) && say());
  say();
}
