/** A sale that was paid becomes an envelope: what is written down, printed and sent. Shape: pos/envelope.py. */

import { factsOf } from "./receipts.js";
import { inUnits } from "./units.js";

/**
 * @param {{cart: import("./cart.js").Cart, state: Object, person: Object, money: import("./money.js").Money, soldAt: string}} sale
 * @returns {{envelope: Object, facts: Object}} the envelope but for its receipt number, and what its paper needs
 */
export function envelopeOf({ cart, state, person, money, soldAt }) {
  const envelope = {
    id: cart.uid,
    register: state.register.code,
    shift: state.shift?.id ?? null,
    cashier: person.username,
    sold_at: soldAt,
    currency: money.currency,
    lines: cart.lines.map((line) => ({
      sku: line.sku,
      quantity: inUnits(line.quantity, line.scale),
      ...(line.scale > 1 ? { scale: line.scale } : {}), // to read it by, here
      unit_price: money.json(line.unit),
      taxes: line.taxes.map(({ code, name, rate_ppm }) => ({ code, name, rate_ppm })),
      discounts: [],
      ...(line.serials?.length ? { serials: line.serials } : {}),
    })),
    tenders: cart.tenders.map((tender) => ({
      type: tender.type,
      amount: money.json(tender.amount),
      ...(tender.tendered === undefined ? {} : { tendered: money.json(tender.tendered) }),
      ...(tender.attempt ? { attempt: tender.attempt } : {}),
    })),
    total: money.json(cart.total),
    rounding: cart.rounding,
  };
  return { envelope, facts: factsOf({ cart, state, person, soldAt, rounding: cart.rounding }) };
}
