// The box in a table's heading ticks those of all its rows.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-tick-all]");
  const table = (all ?? event.target).closest("table");
  const head = table?.querySelector("[data-tick-all]");
  if (!head) return;
  const boxes = [...table.querySelectorAll("tbody input[type=checkbox]")];
  if (all) for (const box of boxes) box.checked = all.checked;
  const ticked = boxes.filter((box) => box.checked).length;
  head.checked = ticked === boxes.length;
  head.indeterminate = ticked > 0 && ticked < boxes.length;
});
