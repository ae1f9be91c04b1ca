// Runs in the head, before anything is drawn, so that the page never flashes in the other theme.
// A [data-theme-toggle] button turns light and dark; the choice stays in this browser.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let stored = null;
  try {
    stored = localStorage.getItem("theme");
  } catch {
    // Storage is switched off: the theme of the system it is.
  }
  if (stored === "light" || stored === "dark") root.dataset.theme = stored;

  const shown = () => root.dataset.theme || (dark.matches ? "dark" : "light");
  const mark = () => {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.setAttribute("aria-pressed", String(shown() === "dark"));
    }
  };
  document.addEventListener("DOMContentLoaded", mark);
  dark.addEventListener("change", mark);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    root.dataset.theme = shown() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // The choice lasts as long as the page.
    }
    mark();
  });
})();
