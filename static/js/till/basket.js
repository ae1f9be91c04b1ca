/** The sale as the price engine takes it; the shape is CART at the top of commerce/pricing/engine.py. */

/** @param {Object} market as the server says it @param {import("./cart.js").Line[]} lines */
export function explicitCart(market, lines) {
  return {
    currency: market.currency,
    prices_include_tax: market.prices_include_tax,
    tax_rounding: "document",
    lines: lines.map((line) => ({
      id: line.id,
      sku: line.sku,
      quantity: line.quantity,
      scale: line.scale ?? 1,
      unit_minor: line.unit,
      taxes: line.taxes,
      discounts: [],
    })),
    order_discounts: [],
    charges: [],
  };
}
