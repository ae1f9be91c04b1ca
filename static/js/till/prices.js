/**
 * What goods cost here and now, one of each, for tiles and choices: picked by the price engine among the rows of the catalog, a
 * few dozen at a time and only for what is on the screen. "change" tells when amounts arrived or hold no longer.
 */

const AT_ONCE = 100;

export class Prices extends EventTarget {
  #known = new Map(); // SKU → [amount, compare-at or null], null for what is not sold here now
  #wanted = new Map(); // SKU → [rows, quantity]
  #asking = false;
  #round = 0;

  /** @param {import("./engine.js").Engine} engine @param {import("./rules.js").Rules} rules @param {EventTarget} catalog */
  constructor(engine, rules, catalog) {
    super();
    Object.assign(this, { engine, rules });
    for (const [source, name] of [[rules, "change"], [rules, "boundary"], [catalog, "change"]]) source.addEventListener(name, () => this.#forget());
  }

  /** The price of one, and the price it was; `null` while it is asked for, and for what has none.
   * @param {import("./catalog.js").Variant} variant @returns {{amount: number, compareAt: number|null}|null} */
  of(variant) {
    const known = this.#known.get(variant.sku);
    if (known === undefined) this.#want(variant);
    return known ? { amount: known[0], compareAt: known[1] } : null;
  }

  /** The same for several: the lowest, and whether it is not that of all. */
  from(variants) {
    const amounts = variants.map((variant) => this.of(variant)).filter(Boolean).map(({ amount }) => amount);
    if (!amounts.length) return null;
    const amount = Math.min(...amounts);
    return { amount, isFrom: amount !== Math.max(...amounts) };
  }

  #forget() {
    this.#round += 1;
    this.#known.clear();
    this.#wanted.clear();
    this.dispatchEvent(new Event("change"));
  }

  #want(variant) {
    this.#wanted.set(variant.sku, [variant.prices, variant.scale]);
    if (this.#asking || !this.rules.areKnown) return;
    this.#asking = true;
    queueMicrotask(() => this.#ask());
  }

  async #ask() {
    while (this.#wanted.size) {
      const round = this.#round;
      const some = [...this.#wanted].slice(0, AT_ONCE);
      for (const [sku] of some) this.#wanted.delete(sku);
      const picked = await this.engine.pickPrices(this.rules.here(), some.map(([, asked]) => asked)).catch(() => null);
      if (round !== this.#round) continue;
      if (!picked) break;
      some.forEach(([sku], place) => this.#known.set(sku, picked[place].length ? picked[place].slice(1) : null));
      this.dispatchEvent(new Event("change"));
    }
    this.#asking = false;
  }
}
