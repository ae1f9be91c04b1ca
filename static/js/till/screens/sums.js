/** Between the lines of a sale and its total: what was taken off all of it, fees, what was saved, and what would save more. */

import { byId, fromTemplate, part, show, write } from "../dom.js";
import { feesOf, feeWords, orderReductions } from "../reductions.js";
import { fill, gettext, ngettext } from "../words.js";

const NEAR = { min_spend: 0.6, min_quantity: 1, incomplete: 1 }; // who is further away is not told: the share of the sale that is missing

export function saleSums(till) {
  const { cart } = till;

  function draw() {
    const priced = cart.isPriced ? cart.priced : null;
    const off = priced ? orderReductions(priced).map((row) => [row.label || gettext("Discount"), -row.amount, "discount"]) : [];
    const fees = priced ? feesOf(priced).map((fee) => [feeWords(fee, till.money), fee.unit * fee.quantity]) : [];
    const rows = [...off, ...fees].map(([label, amount, tone]) => {
      const row = fromTemplate("sum");
      write(part(row, "label"), label);
      write(part(row, "amount"), till.money.format(amount));
      row.classList.toggle("summary__row--discount", tone === "discount");
      return row;
    });
    byId("sums").replaceChildren(...rows);
    show(byId("sums"), rows.length > 0);
    const saved = priced?.discount_total ?? 0;
    show(byId("saved-row"), saved > 0);
    write(byId("saved"), saved > 0 ? till.money.format(saved) : "");
    const hint = priced ? hintOf(priced) : "";
    show(byId("sale-hint"), Boolean(hint));
    write(part(byId("sale-hint"), "text"), hint);
  }

  /** What is near and would save something: one sentence, of the promotion that comes first. */
  function hintOf({ trace, subtotal }) {
    const near = trace.promotions.filter(({ why, missing }) => missing > 0 && why in NEAR && (why !== "min_spend" || missing <= subtotal * NEAR[why]));
    const [first] = near;
    const label = first && till.rules.promotion(first.id)?.label;
    if (!label) return "";
    if (first.why === "min_spend") return fill(gettext("Spend %(amount)s more: %(offer)s"), { amount: till.money.format(first.missing), offer: label });
    return fill(ngettext("%(count)s more item: %(offer)s", "%(count)s more items: %(offer)s", first.missing), { count: first.missing, offer: label });
  }

  return { draw };
}
