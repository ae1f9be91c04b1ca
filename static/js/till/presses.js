/**
 * What an impatient hand does must not reach what it did not mean: the second press of a double press belongs to the control
 * of the first, and a key held down presses once. Without this a double press of an amount would take it and then press what
 * the next screen has in the same place, and a long Enter would pass over the change that is due.
 */

const CONTROL = "button, a, input, label, select, summary";

export function listenToPresses() {
  let first = null; // the control that the first press of a series was for

  document.addEventListener("click", (event) => {
    const control = event.target.closest?.(CONTROL) ?? null;
    if (event.detail < 2) first = control; // 0: a key or a script
    else if (control !== first) swallow(event);
  }, { capture: true });
  document.addEventListener("keydown", (event) => {
    if (event.repeat && (event.key === "Enter" || event.key === " ") && event.target.closest?.("button, a, summary")) swallow(event);
  }, { capture: true });
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
