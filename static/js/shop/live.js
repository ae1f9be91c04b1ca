// Numbers that change by themselves: what arrives in a [data-live-region] is compared with what stood there, and every
// [data-live] that reads differently is pointed out for a moment.
const shown = (region) =>
  new Map([...region.querySelectorAll("[data-live]")].map((node) => [node.dataset.live, node.textContent]));

let before = new Map();

document.addEventListener("htmx:beforeSwap", (event) => {
  const region = event.detail.target;
  before = region?.matches?.("[data-live-region]") ? shown(region) : new Map();
});

document.addEventListener("htmx:afterSwap", (event) => {
  const region = document.getElementById(event.detail.target?.id);
  if (region?.matches("[data-live-region]")) {
    for (const node of region.querySelectorAll("[data-live]")) {
      const was = before.get(node.dataset.live);
      if (was !== undefined && was !== node.textContent) node.classList.add("changed");
    }
  }
});
