// On a phone the till shows either the products or the sale: [data-till-view] keys switch between them.
document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-till-view]");
  const till = document.querySelector(".till");
  if (!key || !till) return;
  till.dataset.view = key.dataset.tillView;
  for (const other of document.querySelectorAll("[data-till-view]")) {
    other.setAttribute("aria-pressed", String(other.dataset.tillView === till.dataset.view));
  }
});
