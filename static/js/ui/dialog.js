// Dialogs and drawers are native <dialog> elements. [data-opens=id] opens one, [data-closes] closes the one it is in,
// [data-open-now] opens as soon as it is in the page (also when htmx brings it), a drawer closes by a click beside it.
const openNow = (within) => {
  for (const dialog of within.querySelectorAll?.("dialog[data-open-now]") ?? []) {
    if (!dialog.open) dialog.showModal();
    dialog.removeAttribute("data-open-now");
  }
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog && !dialog.open) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  if (event.target.closest("[data-closes]")) {
    event.target.closest("dialog")?.close();
  } else if (event.target.matches("dialog[data-light-dismiss]")) {
    event.target.close();
  }
});

document.addEventListener("htmx:load", (event) => openNow(event.target.parentElement ?? document));
openNow(document);

// A menu (<details class="menu">) closes like one: by Escape, and by a click or the focus anywhere else.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
};
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
