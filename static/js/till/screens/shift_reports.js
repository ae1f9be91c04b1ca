/** Papers of a shift: X reports while it goes on, the Z report when it is closed, and copies of that. */

import { byId, busy, toast } from "../dom.js";
import { newUid } from "../ids.js";
import { gettext } from "../words.js";
import { drawPrintState } from "./print_state.js";

export function shiftReports(till) {
  let closed = ""; // the shift whose Z report is on the screen

  byId("print-x").addEventListener("click", (event) => busy(event.currentTarget, () => ask(till.session.state.shift.id)));
  byId("print-last-z").addEventListener("click", (event) => busy(event.currentTarget, () => ask(till.session.state.last_shift.id)));
  byId("z-again").addEventListener("click", (event) => busy(event.currentTarget, () => ask(closed)));
  till.printing.addEventListener("change", () => closed && till.screen === "shift" && draw());

  /** The server lays it out and numbers copies, so that no two papers say that they are the first copy. */
  async function ask(shift) {
    let document;
    try {
      ({ document } = await till.api.post(`/till/api/shifts/${shift}/report`, {}));
    } catch (error) {
      return toast(error.message, { tone: "warning" });
    }
    const job = await till.printing.print(document, document.copy ? `z-${shift}-${document.copy}` : `x-${newUid()}`);
    if (!["failed", "blocked"].includes(job.state)) return toast(document.copy ? gettext("The copy is on its way.") : gettext("The report is on its way."));
    return toast(job.reason ?? gettext("The report was not printed."), { tone: "warning" });
  }

  function draw() {
    drawPrintState(byId("z-print"), till.printing.job, { done: gettext("Z report printed"), busy: gettext("Printing the Z report") });
  }

  return {
    /** Print the Z report that a closing brought. */
    close(shift) {
      closed = shift.id;
      till.printing.print(shift.report, `z-${shift.id}`);
      draw();
    },
    forget() {
      closed = "";
    },
  };
}
