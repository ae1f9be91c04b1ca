/**
 * The sale on the screen: lines, what they cost, and what has been paid of it so far. Priced by the server's own engine after
 * every change; kept on the till's disk, so that a reload, a lock or a new person loses nothing.
 *
 * The engine answers from a thread of its own, so a price comes a moment after its lines: "change" tells of lines, "priced" of
 * what they cost. Between the two `isPriced` is false, and `priced` and `total` are still those of other lines. One cart is
 * priced at a time, then the one that is newest by then, so that fast scanning never waits in a queue.
 */

import { explicitCart } from "./basket.js";
import { newUid } from "./ids.js";
import { piecesIn } from "./units.js";
import { latest } from "../ui/latest.js";

export const MOST_UNITS = 9_999;
const MOST_UNDO = 30;

/**
 * @typedef {{id: string, sku: string, product: string, title: string, picture: string, quantity: number, unit: number,
 *   measure: string, scale: number, compareAt: number|null, taxClass: string, taxes: Object[], serials: string[]}} Line
 * @typedef {{type: "cash"|"card_present", amount: number, tendered?: number, rounding?: number, attempt?: string, card?: Object}} Tender
 */

export class Cart extends EventTarget {
  #undo = [];
  #asked = 0; // how often the sale was to be priced
  #pricing = Promise.resolve();
  #priceNewest;

  /** @param {{price: (cart: Object) => Promise<Object>}} engine @param {import("./store.js").Store} store */
  constructor(engine, store) {
    super();
    this.engine = engine;
    this.store = store;
    this.#priceNewest = latest(() => this.#priceOnce());
    this.market = null;
    this.taxes = {};
    this.#clear();
  }

  #clear() {
    this.uid = newUid();
    /** @type {Line[]} newest first */
    this.lines = [];
    /** @type {Tender[]} */
    this.tenders = [];
    /** @type {{uid: string, amount: number}|null} a card payment whose end is not known yet */
    this.attempt = null;
    this.current = "";
    this.#undo = [];
    this.#forgetPrice();
  }

  /** The rules of the place: a change of them prices the sale anew, unless money has moved for it. */
  settle(market, taxes) {
    this.market = market;
    this.taxes = taxes;
    this.#price();
  }

  /** Take up what the disk holds of an unfinished sale, and nothing else: another tab may have sold what was here. */
  async restore() {
    const draft = await this.store.get("meta", "draft");
    this.#clear();
    if (draft) Object.assign(this, { uid: draft.uid, lines: draft.lines, tenders: draft.tenders, attempt: draft.attempt });
    this.current = this.lines[0]?.id ?? "";
    if (draft?.priced) this.priced = draft.priced;
    else this.#price();
    this.dispatchEvent(new CustomEvent("change", { detail: { line: null } }));
  }

  get isEmpty() {
    return this.lines.length === 0;
  }

  get units() {
    return this.lines.reduce((sum, line) => sum + piecesIn(line.quantity, line.measure), 0);
  }

  /** Resolves when the price is that of the lines. Rejects with why there is none: `PriceError`, `EngineStopped`. */
  async ready() {
    while (!this.isPriced) await this.#pricing;
  }

  /** Try again what failed. */
  priceAgain() {
    this.#price();
    this.dispatchEvent(new CustomEvent("change", { detail: { line: null } }));
  }

  /** What the sale comes to, in minor units. */
  get total() {
    return this.priced?.total ?? 0;
  }

  get paid() {
    return this.tenders.reduce((sum, tender) => sum + tender.amount, 0);
  }

  /** What cash, taken to the smallest coin, came to more or less than the exact amount. */
  get rounding() {
    return this.tenders.reduce((sum, tender) => sum + (tender.rounding ?? 0), 0);
  }

  get remaining() {
    return this.total + this.rounding - this.paid;
  }

  /** Whether money has moved, or may have: then lines cannot change any more. */
  get isPaying() {
    return this.tenders.length > 0 || this.attempt !== null;
  }

  /** Pieces of one kind share a line; each cut or bag of what is measured is one of its own. Quantities: smallest amounts.
   * @param {import("./catalog.js").Variant} variant @returns {Line} */
  add(variant, quantity = 1) {
    const known = this.lines.find((line) => line.sku === variant.sku && line.unit === variant.price);
    if (known && variant.measure === "each") return this.setQuantity(known.id, known.quantity + quantity);
    this.#remember();
    const line = {
      id: newUid(),
      sku: variant.sku,
      product: variant.product,
      title: variant.title,
      picture: variant.picture,
      quantity: Math.min(quantity, MOST_UNITS * variant.scale),
      unit: variant.price,
      measure: variant.measure,
      scale: variant.scale,
      compareAt: variant.compareAt,
      taxClass: variant.taxClass,
      taxes: this.#taxesOf(variant.taxClass),
      serials: [],
    };
    this.lines.unshift(line);
    return this.#changed(line);
  }

  /** Zero takes the line out. @returns {Line|null} */
  setQuantity(id, quantity) {
    const line = this.line(id);
    if (!line || !Number.isInteger(quantity) || quantity < 0) return line;
    if (quantity === 0) return this.remove(id);
    this.#remember();
    line.quantity = Math.min(quantity, MOST_UNITS * (line.scale ?? 1));
    return this.#changed(line);
  }

  /** Say which units a line sells, by their serial numbers. */
  setSerials(id, serials) {
    const line = this.line(id);
    if (!line || this.isPaying) return line;
    this.#remember();
    line.serials = serials;
    return this.#changed(line);
  }

  remove(id) {
    const place = this.lines.findIndex((line) => line.id === id);
    if (place === -1) return null;
    this.#remember();
    const [line] = this.lines.splice(place, 1);
    this.#changed(this.lines[Math.min(place, this.lines.length - 1)] ?? null);
    return line;
  }

  empty() {
    this.#remember();
    this.lines = [];
    this.#changed(null);
  }

  /** Take back the last change. */
  undo() {
    const before = this.#undo.pop();
    if (!before || this.isPaying) return false;
    this.lines = before.lines;
    this.#changed(this.line(before.current));
    return true;
  }

  get canUndo() {
    return this.#undo.length > 0 && !this.isPaying;
  }

  select(id) {
    this.current = id;
    this.dispatchEvent(new CustomEvent("change", { detail: { line: null } }));
  }

  /** @returns {Line|null} */
  line(id) {
    return this.lines.find((line) => line.id === id) ?? null;
  }

  /** @returns {number} how many units of a SKU are in it */
  unitsOf(sku) {
    return this.lines.reduce((sum, line) => (line.sku === sku ? sum + line.quantity : sum), 0);
  }

  /** @param {Tender} tender */
  pay(tender) {
    this.tenders.push(tender);
    this.attempt = null;
    this.#save();
  }

  /** Take cash back out that was put in by mistake; a card payment that went through stays. */
  unpay(place) {
    if (this.tenders[place]?.type === "cash") this.tenders.splice(place, 1);
    if (!this.isPaying) this.#price(); // by the rules of now
    this.#save();
  }

  setAttempt(attempt) {
    this.attempt = attempt;
    return this.#save();
  }

  /** The sale is over: begin the next one. */
  async finish() {
    this.#clear();
    await this.store.remove("meta", "draft");
    this.dispatchEvent(new CustomEvent("change", { detail: { line: null } }));
  }

  #taxesOf(taxClass) {
    return this.taxes[taxClass] ?? this.taxes.standard ?? [];
  }

  #remember() {
    this.#undo.push({ lines: structuredClone(this.lines), current: this.current });
    if (this.#undo.length > MOST_UNDO) this.#undo.shift();
  }

  #changed(line) {
    this.current = line?.id ?? "";
    this.#price();
    this.#save();
    this.dispatchEvent(new CustomEvent("change", { detail: { line } }));
    return line;
  }

  #forgetPrice() {
    this.#asked += 1;
    this.priced = null;
    this.problem = null;
    this.isPriced = true;
  }

  #price() {
    if (!this.market || !this.lines.length) return this.#forgetPrice();
    if (this.isPaying && this.priced && this.isPriced) return undefined; // money has moved for exactly this
    for (const line of this.lines) line.taxes = this.#taxesOf(line.taxClass);
    this.#asked += 1;
    this.isPriced = false;
    this.problem = null;
    this.#pricing = this.#priceNewest();
    this.#pricing.catch(() => undefined); // whoever waits for it hears of it
    return undefined;
  }

  async #priceOnce() {
    const asked = this.#asked;
    try {
      const priced = this.lines.length ? await this.engine.price(explicitCart(this.market, this.lines)) : null;
      if (asked !== this.#asked) return; // a newer one is asked for already
      this.priced = priced;
      this.isPriced = true;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.problem = error;
      throw error;
    } finally {
      if (asked === this.#asked) this.dispatchEvent(new Event("priced"));
    }
  }

  #save() {
    const { uid, lines, tenders, attempt } = this;
    const priced = this.isPaying && this.isPriced ? this.priced : null; // what is being paid, whatever the rules say tomorrow
    return this.store.put("meta", "draft", structuredClone({ uid, lines, tenders, attempt, priced }));
  }
}
