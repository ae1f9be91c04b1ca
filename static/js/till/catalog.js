/**
 * The till's own catalog: every variant that is sold here, in memory, from chunks of JSON on the till's disk.
 *
 * The first time all of it comes in one compressed stream; later only what has changed since. A row is an array as the
 * server writes it (`TILL_ROW` in commerce/pricing/till_catalog.py).
 */

import { Unreachable } from "./api.js";
import { lookupKeys, normalizeSku } from "./barcodes.js";
import { SearchText } from "./search.js";
import { CATALOG } from "./store.js";
import { latest } from "../ui/latest.js";

const [UID, SKU, PRODUCT, TITLE, KEYS, PRICES, TAX, CATEGORY, PICTURE, SWATCH, PRODUCT_UID, ACTIVE, MORE] = Array(13).keys();
const PAUSE_MS = 500;
const MOST_DELTAS = 40; // then everything is asked for anew, and the disk holds each row once again

/**
 * @typedef {{uid: string, sku: string, product: string, title: string, keys: string[], prices: Array[], taxClass: string,
 *   category: string, categories: string[], collections: string[], picture: string, swatch: string, productUid: string,
 *   measure: string, scale: number, perScan: number}} Variant `prices` are rows as the price engine takes them, which alone decides
 *   (prices.js); `categories`: its own and those above; `measure` and `scale`: commerce/catalog/units.py; `perScan`: smallest
 *   amounts that the scanned code stands for
 * @typedef {{uid: string, name: string, category: string, picture: string, variants: Variant[]}} Product
 */

export class Catalog extends EventTarget {
  #rows = [];
  #search = new SearchText();
  #numberOf = new Map(); // variant uid → row number
  #bySku = new Map();
  #byKey = new Map();
  #ofProduct = new Map(); // product uid → row numbers
  #roots = new Map();
  #above = new Map(); // category slug → itself and those above it
  #list = ""; // the market's own price list
  #texts = new Map(); // texts that many rows have
  #anew = false;
  #run;
  position = 0;
  syncedAt = 0;
  size = 0;
  /** @type {{slug: string, name: string, root: string}[]} */
  categories = [];

  /** @param {import("./store.js").Store} store @param {import("./api.js").Api} api */
  constructor(store, api) {
    super();
    this.store = store;
    this.api = api;
    this.#run = latest(() => this.#sync(), PAUSE_MS);
  }

  /** Read what the disk holds. False when it holds nothing. */
  async load() {
    const [head, chunks] = await Promise.all([this.store.get("meta", "catalog"), this.store.all("chunks")]);
    if (!head?.lists) return false; // rows of an earlier version of the till
    for (const chunk of chunks) this.#take(JSON.parse(chunk));
    this.#adopt(head);
    return true;
  }

  /** Bring it up to date with the server, or ask for all of it again. Throws what `Api` throws. */
  sync({ anew = false } = {}) {
    this.#anew ||= anew;
    return this.#run();
  }

  async #sync(anew = this.#anew) {
    this.#anew = false;
    const known = await this.store.get("meta", "catalog");
    const since = anew || !known || known.deltas >= MOST_DELTAS ? 0 : known.position;
    const { head, chunks } = await this.#fetch(since).catch(async (error) => {
      if (!since) this.#forget(); // half a catalog is none: what the disk holds is whole
      if (!since) await this.load();
      throw error.code ? error : new Unreachable();
    });
    if (known && since && (head.price_list !== known.priceList || head.lists !== known.lists)) return this.#sync(true);
    const deltas = since ? known.deltas + (chunks.length ? 1 : 0) : 0;
    const { position, lists, categories, price_list: priceList } = head;
    const kept = { position, priceList, lists, categories, deltas, at: Date.now() };
    await this.store.write([...CATALOG, "meta"], (stores) => {
      if (!since) stores.chunks.clear();
      for (const chunk of chunks) stores.chunks.add(chunk);
      stores.meta.put(kept, "catalog");
    });
    this.#adopt(kept);
    if (chunks.length || !since) this.dispatchEvent(new Event("change"));
    return chunks.length > 0;
  }

  async #fetch(since) {
    const response = await this.api.fetch(`/till/api/catalog?since=${since}`, { timeout: 120_000 });
    const chunks = [];
    let head = null;
    if (!since) this.#forget();
    for await (const line of lines(response.body)) {
      if (head === null) {
        head = JSON.parse(line);
        continue;
      }
      chunks.push(line);
      this.#take(JSON.parse(line));
    }
    if (head === null) throw new Unreachable();
    return { head, chunks };
  }

  #adopt(head) {
    this.position = head.position;
    this.categories = head.categories;
    this.syncedAt = head.at;
    this.#list = head.priceList;
    this.#roots = new Map(head.categories.map((category) => [category.slug, category.root]));
    const above = new Map(head.categories.map((category) => [category.slug, category.above]));
    const way = (slug) => (slug ? [slug, ...way(above.get(slug))] : []);
    this.#above = new Map(head.categories.map((category) => [category.slug, way(category.slug)]));
  }

  #forget() {
    this.#rows = [];
    this.#search = new SearchText();
    for (const map of [this.#numberOf, this.#bySku, this.#byKey, this.#ofProduct]) map.clear();
    this.size = 0;
  }

  #take(rows) {
    let last = null;
    for (const row of rows) {
      this.#share(row, last);
      last = row;
      const before = this.#numberOf.get(row[UID]);
      if (before !== undefined) this.#remove(before);
      if (row[ACTIVE]) this.#insert(row, before);
    }
  }

  /** Variants of a product stand together and say the same of it: one text for all of them halves the memory. */
  #share(row, last) {
    for (const column of [PRODUCT, PICTURE, PRODUCT_UID]) if (last && row[column] === last[column]) row[column] = last[column];
    for (const column of [TITLE, TAX, CATEGORY, SWATCH]) {
      const known = this.#texts.get(row[column]);
      if (known === undefined) this.#texts.set(row[column], row[column]);
      else row[column] = known;
    }
    if (row[KEYS].length === 1) row[KEYS] = row[KEYS][0];
  }

  #insert(row, before) {
    const number = before ?? this.#rows.length;
    this.#rows[number] = row;
    this.#numberOf.set(row[UID], number);
    this.#bySku.set(plainSku(row[SKU]), number);
    for (const key of keysOf(row)) this.#byKey.set(key, number);
    const siblings = this.#ofProduct.get(row[PRODUCT_UID]);
    if (!siblings) this.#ofProduct.set(row[PRODUCT_UID], [number]);
    else if (!siblings.includes(number)) siblings.push(number);
    this.#search.add(number, `${row[PRODUCT]} ${row[TITLE]} ${row[SKU]} ${keysOf(row).join(" ")}`);
    this.size += 1;
  }

  /** The row itself stays, for lines of the sale on the screen; nothing finds it any more. */
  #remove(number) {
    const row = this.#rows[number];
    const siblings = (this.#ofProduct.get(row[PRODUCT_UID]) ?? []).filter((one) => one !== number);
    if (this.#bySku.get(plainSku(row[SKU])) !== number) return; // it was taken out before
    this.#bySku.delete(plainSku(row[SKU]));
    for (const key of keysOf(row)) if (this.#byKey.get(key) === number) this.#byKey.delete(key);
    if (siblings.length) this.#ofProduct.set(row[PRODUCT_UID], siblings);
    else this.#ofProduct.delete(row[PRODUCT_UID]);
    this.#search.drop(number);
    this.size -= 1;
  }

  /** What a scanned or typed code means: by barcode, the best reading first, else by SKU. @returns {Variant|null} */
  byCode(text, keys = lookupKeys(text)) {
    for (const key of keys) {
      const number = this.#byKey.get(key);
      if (number !== undefined) return { ...this.#variant(number), perScan: this.#rows[number][MORE]?.packs?.[key] ?? 1 };
    }
    return this.bySku(text);
  }

  /** @param {string} sku @returns {Variant|null} */
  bySku(sku) {
    const number = this.#bySku.get(plainSku(sku));
    return number === undefined ? null : this.#variant(number);
  }

  /** @param {string} uid @returns {Product|null} */
  product(uid) {
    const numbers = this.#ofProduct.get(uid);
    return numbers ? this.#product(uid, numbers) : null;
  }

  /**
   * Products for the tiles: those of a top-level category, or all. A generator, as nobody looks at all of them.
   * @param {string} [root] @returns {Generator<Product>}
   */
  *browse(root = "") {
    for (const [uid, numbers] of this.#ofProduct) {
      const category = this.#rows[numbers[0]][CATEGORY];
      if (!root || (this.#roots.get(category) ?? category) === root) yield this.#product(uid, numbers);
    }
  }

  /**
   * What the words mean: products with the variants that they fit. `all` is false when only some of them do.
   * @param {string} query @param {number} [limit] @returns {{product: Product, variants: Variant[], all: boolean}[]}
   */
  find(query, limit = 60) {
    const groups = new Map();
    for (const number of this.#search.find(query)) {
      const uid = this.#rows[number][PRODUCT_UID];
      if (!groups.has(uid) && groups.size === limit) continue;
      if (!groups.has(uid)) groups.set(uid, []);
      groups.get(uid).push(number);
    }
    return [...groups].map(([uid, numbers]) => {
      const all = this.#ofProduct.get(uid);
      return {
        product: this.#product(uid, all),
        variants: numbers.map((number) => this.#variant(number)),
        all: numbers.length === all.length,
      };
    });
  }

  /** Whether anything stands in this top-level category. */
  holds(root) {
    return !this.browse(root).next().done;
  }

  #product(uid, numbers) {
    const variants = numbers.map((number) => this.#variant(number));
    const first = variants[0];
    const picture = first.picture || variants.find((variant) => variant.picture)?.picture || "";
    return { uid, name: first.product, category: first.category, picture, variants };
  }

  /** Rows of prices as the engine takes them; most goods have one, which travels without the list's name. */
  #prices(row) {
    return row[PRICES].length === 0 || Array.isArray(row[PRICES][0]) ? row[PRICES] : [[this.#list, ...row[PRICES]]];
  }

  #variant(number) {
    const row = this.#rows[number];
    const prices = this.#prices(row);
    return {
      uid: row[UID],
      sku: row[SKU],
      product: row[PRODUCT],
      title: row[TITLE] === "Default Title" ? "" : row[TITLE],
      keys: keysOf(row),
      prices,
      taxClass: row[TAX],
      category: row[CATEGORY],
      categories: this.#above.get(row[CATEGORY]) ?? [row[CATEGORY]].filter(Boolean),
      collections: row[MORE]?.collections ?? [],
      picture: row[PICTURE],
      swatch: row[SWATCH],
      productUid: row[PRODUCT_UID],
      measure: row[MORE]?.unit ?? "each",
      scale: row[MORE]?.scale ?? 1,
      perScan: 1,
      held: row[MORE]?.held ?? null,
      open: row[MORE]?.open ?? null,
    };
  }
}

/** The barcode keys of a row: most have one, which is kept without a list around it. */
function keysOf(row) {
  return typeof row[KEYS] === "string" ? [row[KEYS]] : row[KEYS];
}

/** A SKU as it is compared; almost all are plain capitals, and a hundred thousand are read at every start. */
function plainSku(sku) {
  return /^[A-Z0-9][A-Z0-9./_-]{0,62}$/.test(sku) && !sku.includes("E+") ? sku : normalizeSku(sku).value;
}

/** The lines of a stream of text. */
async function* lines(stream) {
  let rest = "";
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const pieces = (rest + part.value).split("\n");
    rest = pieces.pop();
    for (const piece of pieces) if (piece) yield piece;
  }
  if (rest) yield rest;
}
