/**
 * What a scanned code is, whatever screen it meets: a product, a receipt of ours, a pickup code, a gift card, or unknown.
 *
 * Scans of the keyboard wedge and of the bridge's scanners come through one queue, so every one counts once and in order.
 */

import { normalizeNumber } from "./numbers.js";
import { WedgeScanner } from "./wedge.js";

const PICKUP = /^P-?[A-Z2-9]{5}-?[A-Z2-9]{5}$/i;
const GIFT = /^(G-?)?([A-Z2-9]{4}-?){3}[A-Z2-9]{4}$/i;
const RECEIPT = /^.{2,40}-\d{6,}(#\w{6})?$/;

/**
 * @param {{text: string, keys: string[]}} scan @param {import("./catalog.js").Catalog} catalog
 * @param {{skuOf: (text: string) => string}} numbers the serial numbers that stand here
 * @returns {{kind: "product"|"pickup"|"gift"|"receipt"|"unknown", text: string, variant?: import("./catalog.js").Variant,
 *   number?: string}} a product by the `number` of one of its units, too
 */
export function meaning({ text, keys }, catalog, numbers) {
  const code = text.trim();
  const variant = catalog.byCode(code, keys);
  if (variant) return { kind: "product", text: code, variant };
  const numbered = catalog.bySku(numbers.skuOf(code));
  if (numbered) return { kind: "product", text: code, variant: numbered, number: normalizeNumber(code) };
  if (PICKUP.test(code)) return { kind: "pickup", text: code.toUpperCase() };
  if (GIFT.test(code)) return { kind: "gift", text: code.toUpperCase() };
  if (RECEIPT.test(code)) return { kind: "receipt", text: code.toUpperCase() };
  return { kind: "unknown", text: code };
}

/** @param {{bridge: import("./bridge.js").Bridge, onScan: (scan: Object) => void|Promise<void>}} parts */
export function listen({ bridge, onScan }) {
  const wedge = new WedgeScanner({ onScan }).start();
  bridge.on("scan", ({ code }) => wedge.submit(code));
  return wedge;
}
