/** What was odd about a sale that was recorded all the same (pos/oddities.py), in the words of the people at the till. */

import { fill, gettext } from "./words.js";

/** @param {{code: string}[]} [warnings] of the server's answer @returns {string} one sentence or two for each kind, or none */
export function warningWords(warnings = []) {
  const orders = [...new Set(warnings.flatMap((one) => one.orders ?? []))].join(", ");
  const cashier = warnings.find((one) => one.cashier)?.cashier ?? "";
  const serials = warnings.filter((one) => one.serial).map((one) => `${one.sku} ${one.serial}`).join(", ");
  const coupons = [...new Set(warnings.flatMap((one) => one.coupons ?? []))].join(", ");
  const moved = warnings
    .filter((one) => one.code === "sent_from_elsewhere")
    .map((one) => fill(gettext("Web order %(order)s is sent from %(location)s now: this sale took its %(sku)s."), one));
  const words = {
    promised_to_web: orders
      ? fill(gettext("A web order waits for this: %(orders)s. The back office was told."), { orders })
      : gettext("More was sold than is in stock here. The back office was told."),
    sent_from_elsewhere: [...new Set(moved)].join(" "),
    serial_clash: fill(gettext("The books do not have %(serials)s for sale here. The manager was told."), { serials }),
    serial_missing: gettext("Something was sold without its serial number. The manager was told."),
    price_drift: gettext("A price or tax here is not that of the price list. The customer pays what the receipt says; the back office was told."),
    discount_over_limit: gettext("More was taken off by hand than was allowed. The customer keeps it; the manager was told."),
    sold_below_cost: gettext("Something was sold below cost, and nobody approved it who may. The manager was told."),
    coupon_overused: fill(gettext("The coupon %(coupons)s was used up before. The customer keeps the discount; the back office was told."), { coupons }),
    open_price: gettext("A price was said that is not allowed like this. The customer keeps it; the manager was told."),
    receipt_number_clash: gettext("Another sale has the same receipt number. Keep the receipt’s copy; the back office was told."),
    cashier_not_allowed: fill(gettext("%(cashier)s may not sell at this store any more. The manager was told."), { cashier }),
    shift_closed: gettext("This sale came in after its shift was counted, so its cash was in that count. The manager was told."),
    clock_wrong: gettext("The clock of this computer is wrong. Set it, so that receipts show the right time."),
  };
  const other = gettext("Something about this sale was not as usual. The back office was told.");
  return [...new Set(warnings.map((one) => words[one.code] ?? other))].join(" ");
}
