/**
 * Keys of the till. A control says its key with data-shortcut; the one that is on the screen is pressed. Function keys work
 * everywhere, letters and figures only where nobody types.
 */

import { byId, isTyping } from "./dom.js";

const ALWAYS = /^(F\d{1,2}|Escape)$/;

/** @param {{screen: string, onKey?: (event: KeyboardEvent) => boolean}} till `onKey`: true when a screen took the key */
export function listenToKeys(till) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const key = event.key === "Enter" && (event.ctrlKey || event.metaKey) ? "F9" : event.key;
    if ((event.ctrlKey || event.metaKey || event.altKey) && key === event.key) {
      if (till.onKey?.(event)) event.preventDefault();
      return;
    }
    const typing = isTyping(event.target);
    if (!ALWAYS.test(key) && typing) return;
    if (key === "F2") {
      event.preventDefault();
      till.focusSearch();
      return;
    }
    if (till.onKey?.(event)) {
      event.preventDefault();
      return;
    }
    if (key === "Enter" && event.target.closest?.("button, a, summary")) return; // Enter presses what has the focus
    const control = [...document.querySelectorAll("[data-shortcut]")].find(
      (one) => one.dataset.shortcut.toLowerCase() === key.toLowerCase() && isPressable(one),
    );
    if (control) {
      event.preventDefault();
      control.click();
    } else if (/^F([1-9]|1[0-2])$/.test(key) && key !== "F11" && key !== "F5") {
      event.preventDefault(); // the browser's own meaning of a key must not end a sale
    }
  });
}

function isPressable(control) {
  return !control.disabled && control.getClientRects().length > 0 && !byId("till").inert;
}
