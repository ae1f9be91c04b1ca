/**
 * The sale on the screen: lines, what they cost, and what has been paid of it so far. Priced by the server's own engine after
 * every change; kept on the till's disk, so that a reload, a lock or a new person loses nothing.
 *
 * The engine answers from a thread of its own, so a price comes a moment after its lines: "change" tells of lines, "priced" of
 * what they cost. Between the two `isPriced` is false, and `priced` and `total` are still those of other lines.
 */

import { basketOf, pricedBy } from "./basket.js";
import { newUid } from "./ids.js";
import { Pricing } from "./pricing.js";
import { piecesIn } from "./units.js";

export const MOST_UNITS = 9_999;
const MOST_UNDO = 30;

/**
 * @typedef {{id: string, sku: string, product: string, title: string, picture: string, quantity: number, measure: string,
 *   scale: number, prices: Array[], taxClass: string, categories: string[], collections: string[], serials: string[],
 *   discounts: ByHand[], override: Override|null, held: [number, string]|null,
 *   open?: {amount: number, note: string, approved_by: string, gift_card?: string, shown?: string}, cost?: number|null}} Line
 * @typedef {{id: string, kind: "percent"|"amount", value: number, label: string, reason: string, source: "manual", approved_by: string}}
 *   ByHand what somebody takes off; `approved_by`: whose PIN allowed it, "" for nobody's
 * @typedef {{amount: number, original: number, reason: string, approved_by: string}} Override a unit price set by hand
 * @typedef {{type: "cash"|"card_present"|"external_terminal"|"gift_card"|"store_credit", amount: number, tendered?: number,
 *   rounding?: number, attempt?: string, hold?: string, card?: Object}} Tender `hold`: what the server holds of a wallet
 */

export class Cart extends EventTarget {
  #undo = [];
  #pricing;

  /**
   * @param {import("./engine.js").Engine} engine @param {import("./store.js").Store} store
   * @param {import("./rules.js").Rules} rules @param {import("./catalog.js").Catalog} catalog
   */
  constructor(engine, store, rules, catalog) {
    super();
    Object.assign(this, { store, rules, catalog });
    this.#pricing = new Pricing(
      async () => {
        const here = rules.here();
        return { ...(await engine.price(basketOf(this, here))), at: here.at };
      },
      () => this.dispatchEvent(new Event("priced")),
    );
    for (const [source, name] of [[rules, "change"], [rules, "boundary"], [catalog, "change"]]) source.addEventListener(name, () => this.#price());
    this.#clear();
  }

  #clear() {
    this.uid = newUid();
    /** @type {Line[]} newest first */
    this.lines = [];
    /** @type {ByHand[]} on the whole sale */
    this.discounts = [];
    /** @type {{code: string, promotion: string}[]} */
    this.coupons = [];
    /** @type {Tender[]} */
    this.tenders = [];
    /** @type {{uid: string, amount: number}|null} a card payment whose end is not known yet */
    this.attempt = null;
    this.current = "";
    this.#undo = [];
    this.#pricing.settle();
  }

  /** Take up what the disk holds of an unfinished sale, and nothing else: another tab may have sold what was here. */
  async restore() {
    const draft = await this.store.get("meta", "draft");
    this.#clear();
    if (draft) {
      const { uid, lines, tenders, attempt, discounts = [], coupons = [] } = draft;
      Object.assign(this, { uid, lines, tenders, attempt, discounts, coupons });
    }
    this.current = this.lines[0]?.id ?? "";
    if (draft?.priced) this.#pricing.settle(draft.priced);
    else this.#price();
    this.dispatchEvent(new CustomEvent("change", { detail: { line: null } }));
  }

  get isEmpty() {
    return this.lines.length === 0;
  }

  get units() {
    return this.lines.reduce((sum, line) => sum + piecesIn(line.quantity, line.measure), 0);
  }

  /** What the engine said of the sale; not of these lines while `isPriced` is false. */
  get priced() {
    return this.#pricing.answer;
  }

  get isPriced() {
    return this.#pricing.isCurrent;
  }

  /** Why there is no price: `PriceError`, `EngineStopped`. */
  get problem() {
    return this.#pricing.problem;
  }

  /** Resolves when the price is that of the lines. Rejects with `problem`. */
  ready() {
    return this.#pricing.ready();
  }

  /** Try again what failed, or what is known better now. */
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
  add(variant, quantity = 1, said = null) {
    const known = this.lines.find((line) => line.sku === variant.sku && !line.override && !line.open && !line.discounts?.length);
    if (known && variant.measure === "each") return this.setQuantity(known.id, known.quantity + quantity);
    this.#remember();
    const line = {
      id: newUid(),
      sku: variant.sku,
      product: variant.product,
      title: variant.title,
      picture: variant.picture,
      quantity: Math.min(quantity, MOST_UNITS * variant.scale),
      measure: variant.measure,
      scale: variant.scale,
      ...pricedBy(variant),
      serials: [],
      discounts: [],
      override: null,
      held: variant.held ?? null,
      ...(said ? { open: said, title: [variant.title, said.shown ?? said.note].filter(Boolean).join(" – ") } : {}),
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
    this.discounts = [];
    this.coupons = [];
    this.#changed(null);
  }

  /** Change what it costs, as one step to be taken back: see reductions.js. @param {() => void} work */
  change(work) {
    if (this.isPaying) return;
    this.#remember();
    work();
    this.#changed(this.line(this.current));
  }

  /** Take back the last change. */
  undo() {
    const before = this.#undo.pop();
    if (!before || this.isPaying) return false;
    Object.assign(this, { lines: before.lines, discounts: before.discounts, coupons: before.coupons });
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

  /** Take back out what somebody put in by mistake; a card payment that went through at the reader stays. */
  unpay(place) {
    if (this.tenders[place] && this.tenders[place].type !== "card_present") this.tenders.splice(place, 1);
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

  #remember() {
    const { lines, discounts, coupons, current } = this;
    this.#undo.push(structuredClone({ lines, discounts, coupons, current }));
    if (this.#undo.length > MOST_UNDO) this.#undo.shift();
  }

  #changed(line) {
    this.current = line?.id ?? "";
    this.#price();
    this.#save();
    this.dispatchEvent(new CustomEvent("change", { detail: { line } }));
    return line;
  }

  /** By the rules and prices of now, unless money has moved for what it came to. */
  #price() {
    if (!this.lines.length || !this.rules.areKnown) return this.#pricing.settle();
    if (this.isPaying && this.priced && this.isPriced) return undefined;
    for (const line of this.lines) {
      const variant = this.catalog.bySku(line.sku);
      if (variant) Object.assign(line, pricedBy(variant));
    }
    return this.#pricing.begin();
  }

  #save() {
    const { uid, tenders, attempt, discounts, coupons } = this;
    const lines = this.lines.map(({ cost, ...line }) => line); // what goods cost the company is on no till's disk
    const priced = this.isPaying && this.isPriced ? this.priced : null; // what is being paid, whatever the rules say tomorrow
    return this.store.put("meta", "draft", structuredClone({ uid, lines, tenders, attempt, discounts, coupons, priced }));
  }
}
