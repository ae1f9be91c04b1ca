/** The sale as the price engine takes it; the shape is BASKET in commerce/pricing/engine.py. */

/**
 * @param {{lines: import("./cart.js").Line[], discounts: Object[], coupons: {code: string, promotion: string}[]}} sale
 * @param {Object} here what `Rules.here` says of place and time
 */
export function basketOf({ lines, discounts, coupons }, here) {
  return {
    ...here,
    coupons: coupons.map(({ code, promotion }) => ({ code, promotion })),
    lines: lines.map((line) => ({
      id: line.id,
      sku: line.sku,
      quantity: line.quantity,
      scale: line.scale ?? 1,
      categories: line.categories ?? [],
      collections: line.collections ?? [],
      tax_class: line.taxClass,
      prices: line.prices,
      discountable: !line.open?.gift_card,
      override_minor: line.override?.amount ?? line.open?.amount ?? null,
      cost_minor: line.cost ?? null,
      discounts: line.discounts ?? [],
    })),
    order_discounts: discounts,
    with_notes: false, // no screen tells the price step by step
  };
}

/** What of a variant decides its price. @param {import("./catalog.js").Variant} variant */
export function pricedBy({ prices, taxClass, categories, collections }) {
  return { prices, taxClass, categories, collections };
}
