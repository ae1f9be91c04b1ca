/**
 * The server's own price engine in the till's browser: what a thread of its own (engine_worker.js) answers, as promises. A cart
 * costs the same to the minor unit at the till, on the web and with the line cut.
 *
 * Amounts are whole minor units, rates parts per million; the cart and the answer are described at the top of engine.py. Questions
 * may be asked from the first moment on; they are answered in their order. All of them are arithmetic, so a thread that dies is
 * started again and asked everything that it still owed. When it dies again with no answer in between, they fail with
 * `EngineStopped`, "stopped" is told, and the next question tries once more.
 */

const SILENT_MS = 30_000; // a thread that says nothing for so long is as good as dead

/** A cart or amount that cannot be priced. `field` is the path of what is wrong, such as "lines[0].quantity". */
export class PriceError extends Error {
  constructor(message) {
    super(message);
    this.name = "PriceError";
    this.field = message.split(" ", 1)[0];
  }
}

/** The engine does not run on this computer, or not any more. */
export class EngineStopped extends Error {
  constructor(message) {
    super(message);
    this.name = "EngineStopped";
  }
}

export class Engine extends EventTarget {
  #waiting = new Map(); // id → {name, values, resolve, reject}, in the order they were asked
  #worker = null;
  #sources = null;
  #kept = null; // the rules that the thread was given
  #isReady = false;
  #deaths = 0; // since the last answer
  #last = 0;
  #watch = 0;
  version = 0;

  /** @param {{workerUrl: string, engineUrl: string, receiptUrl?: string, vendorUrl: string}} where this thread's code, the two
   * Python sources and the folder (ending in /) of micropython.mjs and micropython.wasm are; the thread is started at once */
  constructor({ workerUrl, engineUrl, receiptUrl = "", vendorUrl }) {
    super();
    const absolute = (url) => new URL(url, document.baseURI).href;
    this.urls = { worker: absolute(workerUrl), vendor: absolute(vendorUrl), sources: [engineUrl, receiptUrl].map((url) => url && absolute(url)) };
    this.#start();
  }

  /** Resolves to the engine's version once it runs. */
  started() {
    return this.#ask("version_of_engine", []);
  }

  /** Give the thread the rules to price by: RULES of engine.py. Those before count until the new ones are checked; rejects with
   * `PriceError`. @param {Object} rules */
  async keepRules(rules) {
    await this.#ask("keep_rules", [rules]);
    this.#kept = rules;
  }

  /** Decide and price. The answer says by which `rules`. @param {Object} basket @returns {Promise<Object>} */
  price(basket) {
    return this.#ask("price_basket", [basket]);
  }

  /** The price rows that count, [list, amount, compare-at], or []. @param {Object} context when and where
   * @param {[Array, number][]} wanted rows of prices, and a quantity @returns {Promise<Array[]>} */
  pickPrices(context, wanted) {
    return this.#ask("pick_prices", [context, wanted]);
  }

  /** Price what is decided already. @param {Object} cart @returns {Promise<Object>} */
  priceCart(cart) {
    return this.#ask("price_cart", [cart]);
  }

  /** Either of the two as canonical text. @param {string} text @returns {Promise<string>} */
  priceText(text) {
    return this.#ask("price_json", [text]);
  }

  /** What is to be paid in coins. @returns {Promise<number>} */
  cashDue(totalMinor, stepMinor) {
    return this.#ask("cash_due", [totalMinor, stepMinor]);
  }

  /** @returns {Promise<number>} */
  changeDue(totalMinor, tenderedMinor) {
    return this.#ask("change_due", [totalMinor, tenderedMinor]);
  }

  /** Amounts that somebody may hand over. @returns {Promise<number[]>} */
  quickCash(totalMinor, denominations, limit = 6) {
    return this.#ask("quick_cash", [totalMinor, denominations, limit]);
  }

  /** Both at once: what is to be paid in coins, and amounts that may be handed over for it. @returns {Promise<{due: number, quick: number[]}>} */
  cashKeys(totalMinor, stepMinor, denominations, limit = 6) {
    return this.#ask("cash_keys", [totalMinor, stepMinor, denominations, limit]);
  }

  /** The paper of a sale, as a document of the bridge. @param {Object} sale @returns {Promise<Object>} */
  receipt(sale) {
    return this.#ask("receipt_document", [sale]);
  }

  #ask(name, values) {
    const id = (this.#last += 1);
    const asked = new Promise((resolve, reject) => this.#waiting.set(id, { name, values, resolve, reject }));
    if (!this.#worker) this.#start();
    else if (this.#isReady) this.#post(id);
    return asked;
  }

  #post(id) {
    const { name, values } = this.#waiting.get(id);
    if (name === "version_of_engine") return this.#settle(id, "resolve", this.version);
    this.#worker.postMessage({ id, name, values });
    return this.#wind();
  }

  #start() {
    const worker = (this.#worker = new Worker(this.urls.worker, { type: "module" }));
    this.#isReady = false;
    const died = (error) => this.#worker === worker && this.#died(error);
    worker.addEventListener("message", ({ data }) => this.#worker === worker && this.#hear(data));
    worker.addEventListener("error", (event) => died(new Error(event.message || `The price engine could not be loaded: ${this.urls.worker}`)));
    worker.addEventListener("messageerror", () => died(new Error("The price engine's answer could not be read.")));
    worker.postMessage({ vendor: this.urls.vendor });
    // Fetched once: a thread that is started again after an update of the till runs what the first one ran.
    this.#sources ??= Promise.all(this.urls.sources.map(fetchText));
    this.#sources.then(
      ([engine, receipt]) => this.#worker === worker && worker.postMessage({ engine, receipt }),
      (error) => {
        this.#sources = null;
        died(error);
      },
    );
    this.#wind();
  }

  #hear({ id, version, answer, refused, broken }) {
    this.#wind();
    if (broken !== undefined) return this.#died(new Error(broken));
    if (id === undefined) {
      this.version = version;
      this.#isReady = true;
      if (this.#kept) this.#worker.postMessage({ id: 0, name: "keep_rules", values: [this.#kept] });
      for (const asked of [...this.#waiting.keys()]) this.#post(asked);
      return undefined;
    }
    if (!this.#waiting.has(id)) return undefined;
    this.#deaths = 0;
    if (refused !== undefined) return this.#settle(id, "reject", new PriceError(refused));
    return this.#settle(id, "resolve", answer);
  }

  #settle(id, how, value) {
    const asked = this.#waiting.get(id);
    this.#waiting.delete(id);
    asked[how](value);
    this.#wind();
  }

  #died(error) {
    console.error(error);
    this.#worker.terminate();
    this.#worker = null;
    this.#isReady = false;
    this.#deaths += 1;
    if (this.#deaths === 1) return this.#start();
    this.#deaths = 0;
    clearTimeout(this.#watch);
    const owed = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of owed) reject(new EngineStopped(error.message));
    return this.dispatchEvent(new Event("stopped"));
  }

  /** While something is owed, the thread must say something now and then. */
  #wind() {
    clearTimeout(this.#watch);
    if (this.#isReady && !this.#waiting.size) return;
    this.#watch = setTimeout(() => this.#died(new Error("The price engine does not answer.")), SILENT_MS);
  }
}

async function fetchText(url) {
  if (!url) return "";
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The price engine could not be loaded: ${answer.status} for ${new URL(url).pathname}`);
  return answer.text();
}
