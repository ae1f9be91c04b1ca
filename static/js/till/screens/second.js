/** Another tab sells: this one looks on. */

import { byId, busy, show, write } from "../dom.js";
import { piecesIn } from "../units.js";
import { ngettext } from "../words.js";

export function secondScreen(till) {
  byId("take-over").addEventListener("click", (event) => busy(event.currentTarget, () => till.takeOver()));
  return {
    async enter() {
      const draft = await till.store.get("meta", "draft");
      const units = (draft?.lines ?? []).reduce((sum, line) => sum + piecesIn(line.quantity, line.measure), 0);
      show(byId("second-draft"), units > 0 && Boolean(till.money));
      if (units && till.money) {
        const sum = draft.lines.reduce((total, line) => total + Math.round((line.quantity * line.unit) / (line.scale ?? 1)), 0);
        write(byId("second-units"), ngettext("%(count)s item", "%(count)s items", units));
        write(byId("second-total"), till.money.format(sum));
      }
      byId("take-over").focus();
    },
  };
}
