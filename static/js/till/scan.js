/**
 * What a scanned code is, whatever screen it meets: a product, a receipt of ours, a pickup code, or unknown.
 *
 * Scans of the keyboard wedge and of the bridge's scanners come through one queue, so every one counts once and in order.
 */

import { WedgeScanner } from "./wedge.js";

const PICKUP = /^P-?[A-Z2-9]{5}-?[A-Z2-9]{5}$/i;
const RECEIPT = /^.{2,40}-\d{6,}(#\w{6})?$/;

/**
 * @param {{text: string, keys: string[]}} scan @param {import("./catalog.js").Catalog} catalog
 * @returns {{kind: "product"|"pickup"|"receipt"|"unknown", text: string, variant?: import("./catalog.js").Variant}}
 */
export function meaning({ text, keys }, catalog) {
  const code = text.trim();
  const variant = catalog.byCode(code, keys);
  if (variant) return { kind: "product", text: code, variant };
  if (PICKUP.test(code)) return { kind: "pickup", text: code.toUpperCase() };
  if (RECEIPT.test(code)) return { kind: "receipt", text: code.toUpperCase() };
  return { kind: "unknown", text: code };
}

/** @param {{bridge: import("./bridge.js").Bridge, onScan: (scan: Object) => void|Promise<void>}} parts */
export function listen({ bridge, onScan }) {
  const wedge = new WedgeScanner({ onScan }).start();
  bridge.on("scan", ({ code }) => wedge.submit(code));
  return wedge;
}
