// Puts a chosen text file into a text area: <input type="file" data-reads-into="its id">. Nothing is sent by itself.
for (const chooser of document.querySelectorAll("[data-reads-into]")) {
  const area = document.getElementById(chooser.dataset.readsInto);
  const problem = chooser.parentElement.querySelector("[role=alert]");
  chooser.addEventListener("change", async () => {
    const file = chooser.files[0];
    problem.hidden = true;
    if (!file) return;
    if (file.size > Number(chooser.dataset.largest)) {
      problem.textContent = chooser.dataset.tooLarge;
      problem.hidden = false;
      chooser.value = "";
      return;
    }
    area.value = await file.text();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
