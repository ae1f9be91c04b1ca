/** A sale that was paid becomes an envelope: what is written down, printed and sent. Shape: pos/envelope.py. */

import { factsOf } from "./receipts.js";
import { inUnits } from "./units.js";

/**
 * What was charged goes into it as the price engine decided it, so that it can be priced again whatever the rules are then.
 *
 * @param {{cart: import("./cart.js").Cart, state: Object, person: Object, money: import("./money.js").Money, soldAt: string}} sale
 * @returns {{envelope: Object, facts: Object}} the envelope but for its receipt number, and what its paper needs
 */
export function envelopeOf({ cart, state, person, money, soldAt }) {
  const { cart: decided, rules, at } = cart.priced;
  const envelope = {
    id: cart.uid,
    register: state.register.code,
    shift: state.shift?.id ?? null,
    cashier: person.username,
    sold_at: soldAt,
    priced_at: at,
    rules,
    currency: money.currency,
    lines: decided.lines.map((line) => lineOf(line, cart.line(line.id), money)),
    order_discounts: decided.order_discounts.map((row) => withApproval(row, cart.discounts)),
    charges: decided.charges.map(({ amount_minor: minor, id, kind, label, taxes, discounts }) => ({ id, kind, label, amount: money.json(minor), taxes, discounts })),
    coupons: cart.coupons.map(({ code, promotion }) => ({ code, promotion })),
    tenders: cart.tenders.map((tender) => ({
      type: tender.type,
      amount: money.json(tender.amount),
      ...(tender.tendered === undefined ? {} : { tendered: money.json(tender.tendered) }),
      ...(tender.attempt ? { attempt: tender.attempt } : {}),
      ...(tender.hold ? { hold: tender.hold } : {}),
      ...(tender.type === "external_terminal" && tender.card ? { card: { last4: tender.card.last4 } } : {}),
    })),
    total: money.json(cart.total),
    rounding: cart.rounding,
  };
  return { envelope, facts: factsOf({ cart, state, person, soldAt, rounding: cart.rounding }) };
}

function lineOf(decided, line, money) {
  const { override, open, serials } = line;
  return {
    id: line.id,
    sku: line.sku,
    quantity: inUnits(line.quantity, line.scale),
    ...(line.scale > 1 ? { scale: line.scale } : {}), // to read it by, here
    unit_price: money.json(decided.unit_minor),
    compare_at: decided.compare_at_minor,
    taxes: decided.taxes,
    discounts: decided.discounts.map((row) => withApproval(row, line.discounts)),
    ...(override ? { override: { reason: override.reason, original: override.original, approved_by: override.approved_by } } : {}),
    ...(open ? { open_price: { note: open.note, approved_by: open.approved_by } } : {}),
    ...(open?.gift_card ? { gift_card: open.gift_card } : {}),
    ...(serials?.length ? { serials } : {}),
  };
}

/** Who allowed a discount by hand is of no matter to the engine, so it is known here alone. */
function withApproval(row, byHand = []) {
  const known = byHand.find((one) => one.id === row.id);
  return known ? { ...row, approved_by: known.approved_by } : row;
}
