// A list's filters are in the page once: beside the list where there is room, in the drawer while that is open. They are
// applied as they are ticked; the drawer's button only closes it.
const drawer = () => document.getElementById("list-drawer");
const side = () => document.querySelector(".list-layout__side");
const titleOf = (group) => group.querySelector("summary").textContent;

const showInDrawer = () => {
  const fields = side()?.querySelector(".list-fields");
  const place = drawer()?.querySelector("[data-list-fields]");
  if (!fields || !place) return;
  const wasOpen = new Map([...place.querySelectorAll("details")].map((group) => [titleOf(group), group.open]));
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.replaceChildren(fields);
  for (const group of place.querySelectorAll("details")) group.open = wasOpen.get(titleOf(group)) ?? group.open;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
};

document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest("[data-opens=list-drawer]")) showInDrawer();
  },
  true,
);

document.addEventListener(
  "close",
  (event) => {
    if (event.target !== drawer()) return;
    const fields = drawer().querySelector(".list-fields");
    if (fields && side() && !side().querySelector(".list-fields")) side().prepend(fields);
  },
  true,
);

document.addEventListener("htmx:afterSwap", () => {
  const label = document.querySelector("#list-drawer-show span");
  const list = document.getElementById("list");
  if (label && list) label.textContent = list.dataset.show;
  if (drawer()?.open) showInDrawer();
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-list-drawer]")) event.preventDefault();
});
