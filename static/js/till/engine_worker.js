/**
 * A thread of its own for the price engine and the receipt's layout: commerce/pricing/engine.py and pos/receipt.py of the server,
 * run unchanged by MicroPython. A long sale is priced while the till goes on drawing and listening.
 *
 * Served below /till/ by its hash (pos/shell.py), because a service worker steers only the threads within its own scope: so it
 * starts with no server, too. It imports nothing by name for the same reason. Needs 'wasm-unsafe-eval'.
 *
 * In:  {vendor} and {engine, receipt}, once each: the folder of MicroPython, ending in /, and the two sources ("" for no receipt);
 *      then {id, name, values}: a function of theirs and what it is called with. Answered in the order they came.
 * Out: {version} when it is ready, {id, answer}, {id, refused} for a ValueError, and {id?, broken} when it cannot go on.
 */

const HEAP_BYTES = 8 * 1024 * 1024; // where MicroPython starts; it grows when it must
// JSON's order of keys is of no matter here, so MicroPython's own writer serves; it takes half the time of `price_json`.
const CALLER = `
import json
def call_json(name, text):
    return json.dumps(globals()[name](*json.loads(text)), separators=(",", ":"))
kept = {}
def keep_rules(rules):
    kept["rules"] = prepare(rules)
def price_basket(basket):
    answer = price(basket, kept["rules"])
    answer["rules"] = kept["rules"]["version"]
    return answer
def pick_prices(context, wanted):
    stood = standing(context, kept["rules"])
    return [pick_price(rows, quantity, stood, kept["rules"]) for rows, quantity in wanted]
def cash_keys(total_minor, step_minor, denominations, limit):
    due = cash_due(total_minor, step_minor)
    return {"due": due, "quick": quick_cash(due, denominations, limit)}
`;

// The receipt's layout has names of its own, so it gets a space of its own.
const RECEIPT = `
receipt_space = {}
exec(receipt_source, receipt_space)
def receipt_document(sale):
    return receipt_space["receipt_document"](sale)
`;

let loading = null;
let python = null;

self.onmessage = ({ data }) => {
  if (data.vendor) loading = load(data.vendor);
  else if (data.id === undefined) start(data);
  else answer(data);
};

async function load(vendor) {
  const { loadMicroPython } = await import(`${vendor}micropython.mjs`);
  return loadMicroPython({ heapsize: HEAP_BYTES, url: `${vendor}micropython.wasm` });
}

async function start({ engine, receipt }) {
  try {
    const started = await loading;
    started.runPython(engine);
    started.runPython(CALLER);
    if (receipt) {
      started.globals.set("receipt_source", receipt);
      started.runPython(RECEIPT);
    }
    python = { text: started.globals.get("price_json"), call: started.globals.get("call_json") };
    self.postMessage({ version: started.globals.get("ENGINE_VERSION") });
  } catch (error) {
    self.postMessage({ broken: String(error?.message ?? error) });
  }
}

function answer({ id, name, values }) {
  try {
    const found = name === "price_json" ? python.text(...values) : JSON.parse(python.call(name, wellFormed(values)));
    self.postMessage({ id, answer: found });
  } catch (error) {
    const complaint = /^(?:ValueError|NoPrice): (.*)$/ms.exec(error?.message ?? ""); // a traceback ends in it
    if (complaint) self.postMessage({ id, refused: complaint[1].trim() });
    else self.postMessage({ id, broken: String(error?.message ?? error) });
  }
}

/** JSON without half surrogate pairs (a cut emoji in a note), which Python could not write back. */
function wellFormed(value) {
  const text = JSON.stringify(value);
  if (!/\\ud[89a-f]/i.test(text)) return text;
  return JSON.stringify(value, (key, one) => (typeof one === "string" ? one.toWellFormed() : one));
}
