/** The sale: its lines, the newest on top, and what they come to. */

import { byId, fromTemplate, part, show, write, writeLarge } from "../dom.js";
import { detailOf } from "../receipts.js";
import { lineFigures } from "../reductions.js";
import { unitPriceText } from "../unit_price.js";
import { amountText, typed } from "../units.js";
import { lacking } from "../numbers.js";
import { fill, gettext, ngettext } from "../words.js";
import { wordsOf } from "./numbers.js";
import { saleSums } from "./sums.js";

const FRAME_MS = 16; // a price is here within that; what takes longer is said to be on its way
const ON_ITS_WAY = "…";

/**
 * @param {(id: string) => void} askNumbers of a line @param {(line: Object) => void} askAmount of a line
 * @param {(id: string) => void} askReduction of a line
 */
export function saleLines(till, askNumbers, askAmount, askReduction) {
  const { cart } = till;
  const list = byId("lines");
  const sums = saleSums(till);
  const rows = new Map(); // line id → element
  let newest = null; // to be flashed
  let waiting = 0;

  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-line]");
    if (!row) return;
    const line = cart.line(row.dataset.line);
    const what = event.target.closest("[data-do]")?.dataset.do;
    if (what === "less") till.changeQuantity(line.id, line.quantity - 1);
    else if (what === "more") till.changeQuantity(line.id, line.quantity + 1);
    else if (what === "remove") till.changeQuantity(line.id, 0);
    else if (what === "numbers") askNumbers(line.id);
    else if (what === "reduce") askReduction(line.id);
    else if (isMeasured(line) && event.target.matches("[data-part=input]")) askAmount(line);
    else if (event.target.closest("[data-part=press]")) cart.select(line.id);
  });
  list.addEventListener("change", (event) => {
    const row = event.target.closest("[data-line]");
    const wanted = Number(event.target.value);
    if (/^\d+$/.test(event.target.value)) till.changeQuantity(row.dataset.line, wanted);
    else draw();
  });
  list.addEventListener("focusin", (event) => event.target.matches("[data-part=input]") && event.target.select());
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-part=input]")) return;
    const line = cart.line(event.target.closest("[data-line]").dataset.line);
    if (!isMeasured(line)) return event.target.blur();
    event.preventDefault();
    return askAmount(line);
  });

  for (const over of ["animationend", "animationcancel"]) {
    list.addEventListener(over, (event) => event.target.classList.remove("is-newest")); // or it flashes again whenever it comes into sight
  }

  /** Lines and what they come to are drawn together: at once when the price is here, or with what is known after a frame. Keys
   * follow the lines themselves, as fingers are faster than frames. */
  function drawSoon(line = null) {
    newest = line ?? newest;
    drawKeys();
    if (cart.isPriced || cart.problem) draw();
    else waiting ||= setTimeout(draw, FRAME_MS);
  }

  function draw() {
    if (!till.money) return; // not paired yet
    clearTimeout(waiting);
    waiting = 0;
    for (const [id, row] of rows) {
      if (cart.line(id)) continue;
      row.remove();
      rows.delete(id);
    }
    cart.lines.forEach((line, place) => {
      let row = rows.get(line.id);
      if (!row) {
        row = fromTemplate("line");
        row.dataset.line = line.id;
        rows.set(line.id, row);
      }
      if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
      fillRow(row, line);
    });
    if (newest && rows.has(newest.id)) flash(rows.get(newest.id));
    newest = null;
    drawSums();
  }

  function fillRow(row, line) {
    const priced = cart.priced?.lines.find((one) => one.id === line.id);
    const isCurrent = line.id === cart.current;
    if (isCurrent) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    write(part(row, "quantity"), typed(line.quantity, line.scale));
    write(part(row, "name"), line.product);
    const base = priced && line.held ? unitPriceText(priced.unit, line.held, till.money) : "";
    write(part(row, "options"), [line.title, base].filter(Boolean).join(" · "));
    fillAmounts(row, line, priced && (cart.isPriced || priced.quantity === line.quantity) ? priced : null);
    part(row, "press").setAttribute("aria-label", fill(gettext("Mark %(name)s"), { name: line.product }));
    fillNumbers(row, line);
    const problem = problemText(till, line);
    show(part(row, "problem"), Boolean(problem));
    write(part(row, "problem"), problem);
    show(part(row, "tools"), isCurrent);
    const field = part(row, "input");
    field.readOnly = isMeasured(line);
    for (const key of row.querySelectorAll(".quantity__key")) show(key, !isMeasured(line));
    row.querySelector(".quantity").classList.toggle("quantity--measured", isMeasured(line));
    if (document.activeElement !== field || field.readOnly) field.value = isMeasured(line) ? amountText(line.quantity, line.measure, line.scale) : String(line.quantity);
    field.setAttribute("aria-label", fill(gettext("Quantity of %(name)s"), { name: line.product }));
  }

  /** What a line costs, what it would have cost, and what reduced it. */
  function fillAmounts(row, line, priced) {
    const { own, net, before } = priced ? lineFigures(priced) : { own: [], net: 0, before: null };
    write(part(row, "amount"), priced ? till.money.format(net) : ON_ITS_WAY);
    write(part(row, "before"), before === null ? "" : till.money.format(before));
    show(part(row, "before").parentElement, before !== null);
    const each = priced && (isMeasured(line) ? detailOf(priced, line.measure, till.money) : fill(gettext("%(price)s each"), { price: till.money.format(priced.unit) }));
    show(part(row, "unit"), Boolean(each) && (line.quantity > 1 || isMeasured(line)));
    write(part(row, "unit"), each || "");
    const said = own.map(({ label, amount }) => [label || gettext("Discount"), till.money.format(-amount)]);
    if (line.override) said.unshift([fill(gettext("Price changed: %(reason)s"), line.override), ""]);
    const rows = said.map(([label, amount]) => {
      const rule = fromTemplate("rule");
      write(part(rule, "label"), label);
      write(part(rule, "amount"), amount);
      return rule;
    });
    part(row, "rules").replaceChildren(...rows);
  }

  /** The serial numbers of a line, and the key that asks for those that are missing. */
  function fillNumbers(row, line) {
    const serials = line.serials ?? [];
    const missing = lacking(line, till.numbers);
    const key = part(row, "ask");
    show(part(row, "numbers"), serials.length > 0);
    write(part(row, "numbers"), serials.join(", "));
    show(key, missing !== 0 || (serials.length > 0 && line.id === cart.current));
    write(part(row, "ask-text"), wordsOf(missing) || gettext("Change the serial numbers"));
    key.classList.toggle("button--danger", missing !== 0);
  }

  function flash(row) {
    row.classList.remove("is-newest");
    void row.offsetWidth; // begin the movement anew
    row.classList.add("is-newest");
    row.scrollIntoView({ block: "nearest" });
  }

  function drawSums() {
    const { priced } = cart;
    const money = (minor) => (cart.isPriced ? till.money.format(minor) : ON_ITS_WAY);
    show(byId("lines-empty"), cart.isEmpty);
    show(byId("totals").parentElement, true);
    write(byId("sale-count"), cart.isEmpty ? gettext("No items yet") : ngettext("%(count)s item", "%(count)s items", cart.units));
    write(byId("subtotal"), money(priced?.lines.reduce((sum, line) => sum + lineFigures(line).net, 0) ?? 0));
    write(byId("tax-label"), taxLabel(priced));
    write(byId("tax"), money(priced?.tax_total ?? 0));
    sums.draw();
    writeLarge(byId("total"), money(cart.total));
    write(byId("till-switch-total"), money(cart.total));
    drawKeys();
    const warning = priceProblem(cart.problem) || saleWarning(till);
    show(byId("sale-warning"), Boolean(warning));
    write(byId("sale-warning-text"), warning);
    show(byId("price-again"), Boolean(cart.problem));
  }

  function drawKeys() {
    byId("pay").disabled = cart.isEmpty || isLacking(till) || Boolean(cart.problem);
    byId("undo").disabled = !cart.canUndo;
    byId("reduce-open").disabled = cart.isEmpty || cart.isPaying;
    byId("empty-sale").disabled = cart.isEmpty || cart.isPaying;
  }

  cart.addEventListener("change", ({ detail }) => drawSoon(detail.line));
  cart.addEventListener("priced", () => drawSoon());
  for (const part of [till.stock, till.numbers, till.outbox]) part.addEventListener("change", () => drawSoon());
  byId("price-again").addEventListener("click", () => cart.priceAgain());
  return { draw };
}

/** Whether units of the sale still need their serial number, or it has one too many: then it cannot be paid. */
export function isLacking(till) {
  return till.cart.lines.some((line) => lacking(line, till.numbers) !== 0);
}

function isMeasured(line) {
  return (line.measure ?? "each") !== "each";
}

function taxLabel(priced) {
  const names = (priced?.taxes ?? []).map((tax) => tax.name);
  const name = names.length === 1 ? names[0] : gettext("Tax");
  return priced?.tax_included ? fill(gettext("including %(tax)s"), { tax: name }) : name;
}

/** What the books say against a line, in words. */
function problemText(till, line) {
  if (line.open) return ""; // work and wrapping lie on no shelf
  const problem = till.stock.problem(line.sku, till.cart.unitsOf(line.sku));
  if (problem === "promised") {
    const orders = till.stock.ordersFor(line.sku);
    if (!orders.length) return gettext("Promised to a web order");
    return fill(ngettext("Promised to web order %(orders)s", "Promised to web orders %(orders)s", orders.length), {
      orders: orders.slice(0, 3).join(", "),
    });
  }
  if (problem !== "none") return "";
  const left = Math.max(0, till.stock.sellable(line.sku));
  if (!left) return gettext("The stock says none left");
  return fill(gettext("The stock says %(count)s left"), { count: amountText(left, line.measure, line.scale) });
}

/** Why there is no price, and what is safe; empty when there is one. */
export function priceProblem(problem) {
  if (!problem) return "";
  if (problem.name === "PriceError") return fill(gettext("This sale cannot be priced (%(problem)s). Take the last line out again."), { problem: problem.message });
  return gettext("The part of the till that works out prices has stopped, and stopped again. The sale is kept. Try again, or reload the page.");
}

/** One sentence before units are taken that shoppers wait for; empty when all is well. */
export function saleWarning(till) {
  const promised = till.cart.lines.filter((line) => till.stock.problem(line.sku, till.cart.unitsOf(line.sku)) === "promised");
  if (!promised.length) return "";
  return ngettext(
    "%(count)s line takes what a web order was promised. Sell it only if there is more on the shelf.",
    "%(count)s lines take what web orders were promised. Sell them only if there is more on the shelf.",
    promised.length,
  );
}
