/**
 * The price engine in the till's browser: the server's own commerce/pricing/engine.py, run unchanged by MicroPython, so that a
 * cart costs the same to the minor unit at the till, on the web and with the line cut.
 *
 * Needs `script-src 'self' 'wasm-unsafe-eval'`. Amounts are whole minor units, rates parts per million; the cart and the
 * answer are described at the top of engine.py.
 */

const HEAP_BYTES = 8 * 1024 * 1024; // where MicroPython starts; it grows when it must
// JSON's order of keys is of no matter here, so MicroPython's own writer serves; it takes half the time of `price_json`.
const CALLER = `
import json
def call_json(name, text):
    return json.dumps(globals()[name](*json.loads(text)))
`;

// The receipt's layout has names of its own, so it gets a space of its own.
const RECEIPT = `
receipt_space = {}
exec(receipt_source, receipt_space)
def receipt_document(sale):
    return receipt_space["receipt_document"](sale)
`;

/** A cart or amount that cannot be priced. `field` is the path of what is wrong, such as "lines[0].quantity". */
export class PriceError extends Error {
  constructor(message) {
    super(message);
    this.name = "PriceError";
    this.field = message.split(" ", 1)[0];
  }
}

/**
 * Start MicroPython and load the engine into it.
 * @param {{engineUrl?: string, vendorUrl?: string, receiptUrl?: string}} where the engine's source, the folder (ending in /)
 *   that holds micropython.mjs and micropython.wasm, and pos/receipt.py when `receipt` is wanted, too
 * @returns {Promise<{price: function(Object): Object, priceText: function(string): string, cashDue: function(number, number): number,
 *   changeDue: function(number, number): number, receipt: function(Object): Object, quickCash: function(number, number[], number=): number[], version: number}>}
 * Rejects when a file cannot be fetched; its functions throw PriceError for input they refuse.
 */
export async function loadEngine({ engineUrl = "/till/engine.py", vendorUrl = "/static/vendor/", receiptUrl = "" } = {}) {
  const folder = new URL(vendorUrl, document.baseURI);
  const [{ loadMicroPython }, source, receipt] = await Promise.all([
    import(new URL("micropython.mjs", folder).href),
    fetchText(new URL(engineUrl, document.baseURI)),
    receiptUrl ? fetchText(new URL(receiptUrl, document.baseURI)) : "",
  ]);
  const python = await loadMicroPython({ heapsize: HEAP_BYTES, url: new URL("micropython.wasm", folder).href });
  python.runPython(source);
  python.runPython(CALLER);
  if (receipt) {
    python.globals.set("receipt_source", receipt);
    python.runPython(RECEIPT);
  }
  const priceJson = python.globals.get("price_json");
  const callJson = python.globals.get("call_json");
  const call = (name, ...values) => JSON.parse(guarded(callJson, name, wellFormed(values)));
  return {
    price: (cart) => call("price_cart", cart),
    priceText: (text) => guarded(priceJson, text),
    cashDue: (totalMinor, stepMinor) => call("cash_due", totalMinor, stepMinor),
    changeDue: (totalMinor, tenderedMinor) => call("change_due", totalMinor, tenderedMinor),
    receipt: (sale) => call("receipt_document", sale),
    quickCash: (totalMinor, denominations, limit = 6) => call("quick_cash", totalMinor, denominations, limit),
    version: python.globals.get("ENGINE_VERSION"),
  };
}

async function fetchText(url) {
  const answer = await fetch(url);
  if (!answer.ok) {
    throw new Error(`The price engine could not be loaded: ${answer.status} for ${url.pathname}`);
  }
  return answer.text();
}

/** Python's ValueError, whose traceback ends in the complaint, as a PriceError. */
function guarded(pythonFunction, ...values) {
  try {
    return pythonFunction(...values);
  } catch (error) {
    const complaint = /^ValueError: (.*)$/ms.exec(error.message ?? "");
    throw complaint ? new PriceError(complaint[1].trim()) : error;
  }
}

/** JSON without half surrogate pairs (a cut emoji in a note), which Python could not write back. */
function wellFormed(value) {
  const text = JSON.stringify(value);
  if (!/\\ud[89a-f]/i.test(text)) {
    return text;
  }
  return JSON.stringify(value, (key, one) => (typeof one === "string" ? one.toWellFormed() : one));
}
