// Select2 draws a control of its own beside the field and names it after the chosen value, which is nothing while nothing
// is chosen. It gets the field's label instead, also in rows that are added later.
(() => {
  const name = () => {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
      const control = select.nextElementSibling?.querySelector("[role=combobox]");
      const label = select.getAttribute("aria-label") || select.labels?.[0]?.textContent.trim().replace(/\*$/, "");
      if (!control || !label) continue;
      const shown = control.querySelector(".select2-selection__rendered");
      const value = shown?.title ?? "";
      shown?.removeAttribute("role");
      shown?.removeAttribute("aria-readonly");
      control.removeAttribute("aria-labelledby");
      control.setAttribute("aria-label", value ? `${label}: ${value}` : label);
      control.querySelector("ul > .select2-selection__clear")?.remove(); // no item of the list, and all of it at one slip
      control.querySelector(".select2-search__field")?.setAttribute("aria-label", label); // where several can be chosen
    }
  };
  const soon = () => setTimeout(name);
  document.addEventListener("DOMContentLoaded", () => {
    soon();
    window.django?.jQuery?.(document).on("select2:select select2:unselect", soon);
  });
  document.addEventListener("formset:added", soon);
  window.addEventListener("load", soon);
})();
