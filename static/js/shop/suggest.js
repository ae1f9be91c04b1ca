// The search field's suggestions: arrows move through them, Escape and a click elsewhere close them. Everything is looked
// up when it happens: going back in history puts another search field into the page.
const form = () => document.querySelector("[data-suggest]");
const list = () => document.getElementById("suggestions");
const within = (node) => Boolean(node?.closest?.("[data-suggest]"));
const links = () => [...list().querySelectorAll("a")];
const field = () => form().querySelector("input[type=search]");

const close = () => {
  if (list()) list().hidden = true;
};

document.addEventListener("keydown", (event) => {
  if (!within(event.target)) return;
  if (event.key === "Escape") {
    close();
    field().focus();
    return;
  }
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || list().hidden) return;
  const all = links();
  const at = all.indexOf(document.activeElement);
  const next = event.key === "ArrowDown" ? at + 1 : at - 1;
  event.preventDefault();
  (all[next] ?? field()).focus();
});

document.addEventListener("focusin", (event) => {
  if (!within(event.target)) close();
  else if (event.target === field() && links().length && field().value.trim().length > 1) list().hidden = false;
});

document.addEventListener("click", (event) => {
  if (!within(event.target)) close();
});

// An answer that comes after the field was left is of no use any more.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "suggestions" && !within(document.activeElement)) event.detail.shouldSwap = false;
});
