// The grid of a price list: Enter and the arrow keys move between cells, a column pasted from a spreadsheet fills down, and
// what was typed is counted and not lost by leaving the page. Without this it is a plain form.
const form = document.querySelector("[data-prices]");
const cells = [...(form?.querySelectorAll("[data-cell]") ?? [])];
const said = form?.querySelector("[data-count]");
let isSent = false;

const isChanged = (cell) => cell.value.trim() !== cell.defaultValue.trim();
const column = (cell) => cells.filter((other) => other.dataset.cell === cell.dataset.cell);

/** The cell so many rows below (above with a minus) in the same column. */
function below(cell, rows) {
  const all = column(cell);
  return all[all.indexOf(cell) + rows];
}

function beside(cell, step) {
  return cells[cells.indexOf(cell) + step];
}

function go(cell) {
  cell?.focus();
  cell?.select();
}

function count() {
  const changed = cells.filter(isChanged);
  for (const cell of cells) cell.classList.toggle("price-cell--changed", isChanged(cell));
  if (changed.length) said.textContent = changed.length === 1 ? said.dataset.one : said.dataset.many.replace("%s", changed.length);
}

form?.addEventListener("keydown", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const atEnd = cell.selectionStart === cell.value.length;
  const atStart = cell.selectionEnd === 0;
  const isWhole = cell.selectionStart === 0 && atEnd;
  const next = {
    Enter: () => below(cell, event.shiftKey ? -1 : 1),
    ArrowDown: () => below(cell, 1),
    ArrowUp: () => below(cell, -1),
    ArrowRight: () => (atEnd ? beside(cell, 1) : undefined),
    ArrowLeft: () => (atStart || isWhole ? beside(cell, -1) : undefined),
  }[event.key];
  if (event.key === "Escape") {
    cell.value = cell.defaultValue;
    count();
    cell.select();
  }
  const target = next?.();
  if (event.key === "Enter" || target) event.preventDefault();
  go(target);
});

form?.addEventListener("paste", (event) => {
  const cell = event.target.closest("[data-cell]");
  const lines = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/);
  if (!cell || (lines.length === 1 && !lines[0].includes("\t"))) return;
  event.preventDefault();
  lines.forEach((line, row) => {
    line.split("\t").forEach((text, offset) => {
      const target = below(cell, row);
      const there = offset && target ? beside(target, offset) : target;
      if (there) there.value = text.trim();
    });
  });
  count();
});

form?.addEventListener("focusin", (event) => event.target.closest("[data-cell]")?.select());
form?.addEventListener("input", count);
form?.addEventListener("submit", () => {
  isSent = true;
});
window.addEventListener("beforeunload", (event) => {
  if (!isSent && cells.some(isChanged)) event.preventDefault();
});
