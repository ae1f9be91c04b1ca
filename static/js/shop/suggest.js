// The search field's suggestions: arrows move through them, Escape and a click elsewhere close them.
const form = document.querySelector("[data-suggest]");
const field = form?.querySelector("input[type=search]");
const list = () => document.getElementById("suggestions");
const links = () => [...list().querySelectorAll("a")];

if (form && field) {
  const close = () => {
    list().hidden = true;
  };

  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      field.focus();
      return;
    }
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || list().hidden) return;
    const all = links();
    const at = all.indexOf(document.activeElement);
    const next = event.key === "ArrowDown" ? at + 1 : at - 1;
    event.preventDefault();
    (all[next] ?? field).focus();
  });

  field.addEventListener("focus", () => {
    if (links().length && field.value.trim().length > 1) list().hidden = false;
  });

  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) close();
  });
  document.addEventListener("focusin", (event) => {
    if (!form.contains(event.target)) close();
  });

  // An answer that comes after the field was left or emptied is of no use any more.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "suggestions") return;
    if (!form.contains(document.activeElement)) event.detail.shouldSwap = false;
  });
}
