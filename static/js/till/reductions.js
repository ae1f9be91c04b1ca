/** What people take off a sale: discounts and prices by hand, and coupons. */

/**
 * In place of what was taken off before; null for nothing. @param {import("./cart.js").Cart} cart
 * @param {string|null} id of a line; null for the whole sale @param {import("./cart.js").ByHand|null} discount
 */
export function takeOff(cart, id, discount) {
  const target = id ? cart.line(id) : cart;
  if (target) cart.change(() => (target.discounts = discount ? [discount] : []));
}

/** Another unit price for a line, or its own again. @param {import("./cart.js").Override|null} override */
export function setPrice(cart, id, override) {
  const line = cart.line(id);
  if (line) cart.change(() => (line.override = override));
}

/** False when there is one for the same promotion. @param {{code: string, promotion: string}} coupon */
export function addCoupon(cart, coupon) {
  if (cart.coupons.some((one) => one.promotion === coupon.promotion)) return false;
  cart.change(() => (cart.coupons = [...cart.coupons, coupon]));
  return true;
}

export function removeCoupon(cart, code) {
  cart.change(() => (cart.coupons = cart.coupons.filter((one) => one.code !== code)));
}

/** What units cost the company, as far as the server has said. @param {Record<string, number|null>} costs by SKU */
export function learnCosts(cart, costs) {
  for (const line of cart.lines) if (line.sku in costs) line.cost = costs[line.sku];
  cart.priceAgain();
}

/** What a line comes to after what was taken off it alone, and what that was. @param {Object} priced a line of the engine's answer */
export function lineFigures(priced) {
  const own = priced.adjustments.filter((row) => row.scope === "line" && row.amount);
  const net = own.reduce((left, row) => left - row.amount, priced.gross);
  const isMarked = priced.compare_at > priced.unit && !priced.scale;
  const before = isMarked ? priced.compare_at * priced.quantity : priced.gross;
  return { own, net, before: before > net ? before : null };
}

/** Fees and deposits as the server's papers have them (orders/fees.py): the same one on several lines is one row, with its pieces.
 * @returns {{label: string, unit: number, quantity: number}[]} */
export function feesOf(priced) {
  const found = new Map();
  for (const { id, label, gross } of priced.charges) {
    const line = priced.lines.find((one) => id.endsWith(`:${one.id}`) && !one.scale);
    const isEven = line && gross % line.quantity === 0;
    const [unit, quantity] = isEven ? [gross / line.quantity, line.quantity] : [gross, 1];
    const key = `${label} ${unit}`;
    found.set(key, { label, unit, quantity: quantity + (found.get(key)?.quantity ?? 0) });
  }
  return [...found.values()];
}

/** "Bottle deposit 6 × $0.10"; the name alone for one piece. */
export function feeWords({ label, unit, quantity }, money) {
  return quantity > 1 ? `${label} ${quantity} × ${money.format(unit)}` : label;
}

/** What was taken off the whole sale, one row for each. @param {Object} priced the engine's answer */
export function orderReductions(priced) {
  return priced.adjustments.filter((row) => row.amount);
}
