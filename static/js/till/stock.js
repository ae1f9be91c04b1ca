/**
 * What this store has: on hand and promised, by SKU. Read whole, then kept by the live stream; sales of this till that
 * the server has not got yet are taken off here.
 */

import { latest } from "../ui/latest.js";

export class Stock extends EventTarget {
  #levels = new Map(); // SKU → [on hand, promised to orders]
  #waiting = new Map(); // SKU → numbers of the orders that wait for it, null while they are asked for
  #heard = new Map(); // what the stream told while all levels were on their way: an answer may be older than that
  known = false;

  /** @param {import("./api.js").Api} api @param {{unsentUnits: (sku: string) => number}} outbox */
  constructor(api, outbox) {
    super();
    this.api = api;
    this.outbox = outbox;
    this.load = latest(() => this.#load());
  }

  /** Throws what `Api` throws. */
  async #load() {
    this.#heard.clear();
    const levels = await this.api.get("/till/api/stock", { timeout: 60_000 });
    this.#levels = new Map([...Object.entries(levels), ...this.#heard]);
    this.known = true;
    this.dispatchEvent(new CustomEvent("change", { detail: { sku: null } }));
  }

  /** One message of the live stream: {sku, on_hand, reserved}. */
  hear({ sku, on_hand: onHand, reserved }) {
    if (sku === undefined || onHand === undefined) return false;
    const level = [onHand, reserved ?? this.#levels.get(sku)?.[1] ?? 0];
    this.#levels.set(sku, level);
    this.#heard.set(sku, level);
    this.#waiting.delete(sku);
    this.dispatchEvent(new CustomEvent("change", { detail: { sku } }));
    return true;
  }

  /** Units on the shelf, less those of sales that are still on their way; null when nothing is known. */
  onHand(sku) {
    if (!this.known) return null;
    return (this.#levels.get(sku)?.[0] ?? 0) - this.outbox.unsentUnits(sku);
  }

  /** Units that nobody was promised; may be negative. Null when nothing is known. */
  sellable(sku) {
    const onHand = this.onHand(sku);
    return onHand === null ? null : onHand - (this.#levels.get(sku)?.[1] ?? 0);
  }

  /** Numbers of the web orders that wait for it here, the youngest first; empty until the server has told. */
  ordersFor(sku) {
    if (!this.#waiting.has(sku)) this.#ask(sku);
    return this.#waiting.get(sku) ?? [];
  }

  async #ask(sku) {
    this.#waiting.set(sku, null);
    try {
      const { promised } = await this.api.get(`/till/api/stock/${encodeURIComponent(sku)}`);
      if (!this.#waiting.has(sku) || !promised.length) return;
      this.#waiting.set(sku, promised);
      this.dispatchEvent(new CustomEvent("change", { detail: { sku } }));
    } catch {
      this.#waiting.delete(sku); // the sale does not wait for it; the next look asks again
    }
  }

  /** "in", "low", "none" or "unknown", for the badge. */
  state(units) {
    return units === null ? "unknown" : units <= 0 ? "none" : units <= 3 ? "low" : "in";
  }

  /**
   * What is wrong with selling so many: "promised" (on the shelf, but web orders wait for them), "none" (the books say
   * that there are fewer), or "" when all is well.
   */
  problem(sku, quantity) {
    const sellable = this.sellable(sku);
    if (sellable === null || quantity <= sellable) return "";
    return quantity <= this.onHand(sku) ? "promised" : "none";
  }
}
