/** The sell screen: what is scanned, pressed or typed goes into the sale. */

import { announce, byId, clearToasts, isTyping, show, toast } from "../dom.js";
import { nameOf } from "../receipts.js";
import { amountText, smallest } from "../units.js";
import { fill, gettext } from "../words.js";
import { lacking } from "../numbers.js";
import { amountPad, tooFine } from "./amount.js";
import { coupons } from "./coupons.js";
import { isLacking, priceProblem, saleLines } from "./lines.js";
import { numbersPanel } from "./numbers.js";
import { openPricePad } from "./open_price.js";
import { picker } from "./picker.js";
import { reducePanel } from "./reduce.js";
import { tiles } from "./tiles.js";

export function sellScreen(till) {
  const { cart } = till;
  const search = byId("search");
  const products = tiles(till, pickProduct);
  const choices = picker(till, (variant) => choose(variant));
  const amounts = amountPad(till);
  const openPrices = openPricePad(till);
  const panel = numbersPanel(till);
  const reduce = reducePanel(till);
  const codes = coupons(till);
  const lines = saleLines(till, (id) => askNumbers(id), (line) => askAmount(line), (id) => askReduction(id));

  search.addEventListener("input", find);
  byId("search-clear").addEventListener("click", clearSearch);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") enterSearch(event);
    if (event.key === "Escape" && search.value) clearSearch();
    if (event.key === "ArrowDown") products.focusFirst();
  });
  byId("undo").addEventListener("click", () => cart.undo());
  byId("empty-sale").addEventListener("click", empty);
  byId("reduce-open").addEventListener("click", () => askReduction(""));
  byId("pay").addEventListener("click", () => !cart.isEmpty && !isLacking(till) && !cart.problem && till.go("pay"));
  till.catalog.addEventListener("change", () => till.screen !== "loading" && products.renew());
  addEventListener("toast:action", ({ detail }) => detail === "undo" && cart.undo());

  function pickProduct(product, variants) {
    if (variants.length === 1) choose(variants[0]);
    else choices.open(product);
  }

  function askNumbers(id) {
    choices.close();
    panel.open(id);
  }

  function askReduction(id) {
    closePanels();
    reduce.open(id);
  }

  function closePanels() {
    choices.close();
    amounts.close();
    openPrices.close();
    panel.close();
    reduce.close();
  }

  function askAmount(line) {
    if (cart.isPaying) return;
    reduce.close();
    choices.close();
    panel.close();
    amounts.open(line, (quantity) => till.changeQuantity(line.id, quantity), line.quantity);
  }

  /**
   * Pieces and packs go straight into the sale; how much of what is measured was typed before, or is asked.
   * @param {import("../catalog.js").Variant} variant @param {string} [number] of the unit that was scanned
   * @param {string} [before] what stood in the search field
   */
  function choose(variant, number = "", before = "") {
    amounts.close();
    openPrices.close();
    if (variant.open) {
      panel.close();
      reduce.close();
      return openPrices.open(variant, (said) => add(variant, "", variant.scale, said));
    }
    if (variant.perScan > 1) {
      add(variant, number, variant.perScan);
      const count = amountText(variant.perScan, variant.measure, variant.scale);
      return toast(fill(gettext("%(count)s × %(name)s"), { count, name: nameOf(variant) }));
    }
    if (variant.measure === "each") return add(variant, number);
    const quantity = smallest(before, variant.scale);
    if (quantity) return add(variant, "", quantity);
    panel.close();
    amounts.open(variant, (measured) => add(variant, "", measured));
    if (/^[\d.,]+$/.test(before)) toast(tooFine(variant), { tone: "warning" });
    return undefined;
  }

  /** @param {number} [quantity] of smallest amounts */
  function add(variant, number = "", quantity = 1, said = null) {
    const known = cart.lines.find((one) => one.sku === variant.sku);
    if (number && known?.serials?.includes(number)) return till.refuseScan(fill(gettext("%(number)s is in this sale already. Each piece has a number of its own."), { number }));
    const isWaiting = Boolean(number && known && lacking(known, till.numbers) > 0);
    const line = isWaiting ? known : cart.add(variant, quantity, said);
    if (number) cart.setSerials(line.id, [...(line.serials ?? []), number]);
    if (lacking(line, till.numbers) > 0) askNumbers(line.id);
    else panel.close();
    const problem = variant.open ? "" : till.stock.problem(variant.sku, cart.unitsOf(variant.sku));
    till.tones.play(problem ? "warning" : "added");
    found("is-found");
    clearToasts();
    cart.ready().then(() => say(line), () => announce(priceProblem(cart.problem), { urgent: true }));
  }

  function say(line) {
    const priced = cart.priced?.lines.find((one) => one.id === line.id);
    if (!priced) return; // it was taken out again
    const amounts = { amount: till.money.format(priced.gross), total: till.money.format(cart.total) };
    announce(fill(gettext("%(name)s, %(amount)s. Total %(total)s"), { name: nameOf(line), ...amounts }));
  }

  function enterSearch(event) {
    const text = search.value.trim();
    if (!text) return;
    event.preventDefault();
    const variant = till.catalog.byCode(text);
    const only = products.only;
    if (variant) choose(variant);
    else if (only) pickProduct(only.product, only.variants);
    else if (byId("tiles-empty").hidden) return products.focusFirst();
    else codes.tryCode(text).then((isCoupon) => isCoupon && search.value.trim() === text && clearSearch());
    if (variant || only) clearSearch();
  }

  function find() {
    products.search(search.value);
    show(byId("search-clear"), search.value !== "");
  }

  function clearSearch() {
    search.value = "";
    find();
  }

  function empty() {
    cart.empty();
    toast(gettext("The sale was emptied."), { action: gettext("Undo"), name: "undo" });
  }

  /** The search field answers a scan within a frame. */
  function found(word) {
    const box = byId("scan-box");
    box.classList.remove("is-found", "is-unknown");
    void box.offsetWidth;
    box.classList.add(word);
  }

  async function unknown(text) {
    if (await codes.tryCode(text)) return;
    till.tones.play("unknown");
    found("is-unknown");
    const message = fill(gettext("No product has the code %(code)s. Look it up by name, or ask the back office to add the code."), { code: text });
    toast(message, { tone: "warning" });
    announce(message, { urgent: true });
  }

  function move(step) {
    const at = cart.lines.findIndex((line) => line.id === cart.current);
    const next = cart.lines[Math.min(cart.lines.length - 1, Math.max(0, at + step))];
    if (next) cart.select(next.id);
  }

  function onKey(event) {
    if (panel.isOpen && event.key !== "Escape" && event.target.closest?.("#numbers")) return false;
    if (amounts.isOpen || openPrices.isOpen || reduce.isOpen) return false;
    if (choices.isOpen && choices.onKey(event)) return true;
    if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === "z" && cart.undo();
    if (event.altKey || isTyping(event.target)) return false;
    const line = cart.line(cart.current);
    const inLines = event.target === document.body || event.target.closest?.(".till__sale");
    const step = line?.scale ?? 1;
    if (line && event.key === "+") till.changeQuantity(line.id, line.quantity + step);
    else if (line && event.key === "-" && line.quantity >= step) till.changeQuantity(line.id, line.quantity - step);
    else if (line && (event.key === "Delete" || event.key === "Backspace")) till.changeQuantity(line.id, 0);
    else if (inLines && event.key === "ArrowDown") move(1);
    else if (inLines && event.key === "ArrowUp") move(-1);
    else if (event.key === "/" || (/^\p{L}$/u.test(event.key) && event.target === document.body)) return typeInto(event.key);
    else return false;
    return true;
  }

  /** The search field is always listening: a letter that nobody takes begins a search. */
  function typeInto(key) {
    search.focus();
    if (key !== "/") {
      search.value += key;
      find();
    }
    return true;
  }

  return {
    enter() {
      lines.draw();
      if (!byId("tiles").children.length) products.renew();
    },
    leave: closePanels,
    onKey,
    onScan(scan) {
      if (panel.onScan(scan) || openPrices.onScan(scan)) return true;
      if (scan.kind === "unknown") {
        unknown(scan.text);
        return true;
      }
      if (scan.kind !== "product") return false;
      choices.close();
      reduce.close();
      const before = search.value.trim();
      if (search.value) clearSearch();
      choose(scan.variant, scan.number, before);
      return true;
    },
    renew: () => products.renew(),
  };
}
