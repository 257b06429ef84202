// A row of search criteria takes the shape of its field at once: the page says how, and only the row is
// exchanged. <select data-shapes="id of the row">; without scripts a button of the form does the same.
async function adapt(select) {
  const form = select.form;
  const query = new URLSearchParams(new FormData(form));
  query.set("adapt", "1");
  const answer = await fetch(`${form.getAttribute("action")}?${query}`, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const row = document.getElementById(select.dataset.shapes);
  const shaped = page.getElementById(select.dataset.shapes);
  if (!row || !shaped) return;
  // The chosen field keeps the focus.
  for (const part of [...row.children]) if (part !== select && part.tagName !== "LEGEND") part.remove();
  for (const part of [...shaped.children]) {
    if (part.tagName !== "LEGEND" && !part.matches("[data-shapes]")) row.append(document.adoptNode(part));
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-shapes]")) adapt(event.target);
});
