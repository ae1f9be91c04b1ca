/** Another tab sells: this one looks on. */

import { basketOf } from "../basket.js";
import { byId, busy, show, write } from "../dom.js";
import { piecesIn } from "../units.js";
import { ngettext } from "../words.js";

export function secondScreen(till) {
  byId("take-over").addEventListener("click", (event) => busy(event.currentTarget, () => till.takeOver()));
  /** What the other tab's sale comes to. */
  async function total({ lines, discounts = [], coupons = [], priced }) {
    if (priced) return priced.total;
    await till.rules.restore(till.session.state.location.time_zone);
    return (await till.engine.price(basketOf({ lines, discounts, coupons }, till.rules.here()))).total;
  }

  return {
    async enter() {
      const draft = await till.store.get("meta", "draft");
      const units = (draft?.lines ?? []).reduce((sum, line) => sum + piecesIn(line.quantity, line.measure), 0);
      show(byId("second-draft"), units > 0 && Boolean(till.money));
      if (units && till.money) {
        write(byId("second-units"), ngettext("%(count)s item", "%(count)s items", units));
        write(byId("second-total"), "");
        total(draft).then((minor) => write(byId("second-total"), till.money.format(minor)), () => undefined);
      }
      byId("take-over").focus();
    },
  };
}
