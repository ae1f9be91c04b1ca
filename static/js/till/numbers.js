/**
 * Serial numbers: which products have them, and which stand in this store. Read whole and kept on this computer's disk, so
 * that the till asks for them with no server, too. Numbers of sales that the server has not got yet are taken off here.
 */
import { latest } from "../ui/latest.js";

const PAUSE_MS = 800;

/** A number as it is compared: commerce compares it the same way (inventory/serials.py). */
export function normalizeNumber(text) {
  return text.trim().toUpperCase();
}

export class Numbers extends EventTarget {
  /** @type {Map<string, Set<string>>} SKU → numbers in stock here; a product without numbers is not in it */
  #here = new Map();

  /** @param {import("./store.js").Store} store @param {import("./api.js").Api} api @param {import("./outbox.js").Outbox} outbox */
  constructor(store, api, outbox) {
    super();
    Object.assign(this, { store, api, outbox });
    this.load = latest(() => this.#load(), PAUSE_MS);
  }

  /** What the disk holds. */
  async restore() {
    this.#adopt((await this.store.get("meta", "numbers")) ?? {});
  }

  /** Ask the server, once for many changes. Throws what `Api` throws. */
  async #load() {
    const numbers = await this.api.get("/till/api/serials", { timeout: 60_000 });
    await this.store.put("meta", "numbers", numbers);
    this.#adopt(numbers);
  }

  /** The server has this sale: its numbers are not here any more. */
  forget(envelope) {
    for (const line of envelope.lines) for (const number of line.serials ?? []) this.#here.get(line.sku)?.delete(number);
    this.store.put("meta", "numbers", Object.fromEntries([...this.#here].map(([sku, all]) => [sku, [...all]])));
  }

  #adopt(numbers) {
    this.#here = new Map(Object.entries(numbers).map(([sku, list]) => [sku, new Set(list)]));
    this.dispatchEvent(new Event("change"));
  }

  /** Whether each unit of this SKU has a number of its own. */
  tracks(sku) {
    return this.#here.has(sku);
  }

  /** Those in stock here, less what this till has sold and not sent yet. @returns {string[]} */
  inStock(sku) {
    const sold = this.#unsent(sku);
    return [...(this.#here.get(sku) ?? [])].filter((number) => !sold.has(number));
  }

  /** Whether a number is in stock here, as far as this computer knows. */
  isHere(sku, number) {
    return Boolean(this.#here.get(sku)?.has(number)) && !this.#unsent(sku).has(number);
  }

  /** The SKU whose unit with this number stands here, "" when there is none, or more than one. */
  skuOf(text) {
    const number = normalizeNumber(text);
    const found = [...this.#here.keys()].filter((sku) => this.isHere(sku, number));
    return found.length === 1 ? found[0] : "";
  }

  #unsent(sku) {
    const lines = [...this.outbox.unsent.values()].flatMap((row) => row.envelope.lines);
    return new Set(lines.filter((line) => line.sku === sku).flatMap((line) => line.serials ?? []));
  }
}

/** How many numbers a line of the sale still needs; below zero it has too many. */
export function lacking(line, numbers) {
  return numbers.tracks(line.sku) ? line.quantity - (line.serials ?? []).length : 0;
}
