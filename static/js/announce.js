// Says a sentence to screen readers. Texts come from data attributes with %names% to fill in.
let region;

export function announce(text, values = {}) {
  if (!region) {
    region = document.createElement("div");
    region.className = "unseen";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = text.replace(/%(\w+)%/g, (_, name) => values[name] ?? "");
}
