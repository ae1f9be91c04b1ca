/** What became of a paper, in a line below what it is of. */

import { part, show, write } from "../dom.js";

/**
 * @param {HTMLElement} element a `.print-state` @param {?Object} job the latest, see Printing
 * @param {{done: string, busy: string}} words @returns {string} the job's state
 */
export function drawPrintState(element, job, { done, busy }) {
  const state = job?.state ?? "failed";
  const tone = state === "done" ? "ok" : ["queued", "printing"].includes(state) ? "busy" : "bad";
  for (const name of ["ok", "busy", "bad"]) show(part(element, name), name === tone);
  element.dataset.tone = tone;
  write(part(element, "text"), { ok: done, busy }[tone] ?? job?.reason ?? "");
  return state;
}
