/** Taking something off by hand: a line or the whole sale, how much and why, within what the person may. A scan closes it. */

import { basketOf } from "../basket.js";
import { byId, clearToasts, complain, fromTemplate, part, show, toast, write } from "../dom.js";
import { newUid } from "../ids.js";
import { nameOf } from "../receipts.js";
import { learnCosts, lineFigures, setPrice, takeOff } from "../reductions.js";
import { fill, gettext } from "../words.js";

const MILLION = 1_000_000;
const COSTS_MS = 2_500;

function reasonKey(text) {
  const key = fromTemplate("reason");
  key.dataset.reason = text;
  write(part(key, "text"), text);
  return key;
}

export function reducePanel(till) {
  const { cart } = till;
  const box = byId("reduce");
  const field = byId("reduce-value");
  const { approval } = till;
  const reasons = [gettext("Damaged"), gettext("Price match"), gettext("Last one"), gettext("Goodwill"), gettext("Staff"), gettext("Other")];
  let opener = null;
  let [scope, kind, reason, lineId] = ["line", "percent", "", ""];
  let asked = 0;
  let before = null; // the sale without what this panel gave, priced

  byId("reduce-close").addEventListener("click", () => close());
  pressed("reduce-scopes", "scope", (value) => (scope = value));
  pressed("reduce-kinds", "kind", (value) => (kind = value));
  pressed("reduce-reasons", "reason", (value) => (reason = value), false);
  field.addEventListener("input", draw);
  byId("reduce-form").addEventListener("submit", (event) => {
    event.preventDefault();
    take();
  });
  byId("reduce-remove").addEventListener("click", () => {
    if (scope === "line") setPrice(cart, lineId, null);
    takeOff(cart, scope === "line" ? lineId : null, null);
    close();
  });

  function pressed(id, name, set, isForm = true) {
    byId(id).addEventListener("click", (event) => {
      const key = event.target.closest(`[data-${name}]`);
      if (!key) return;
      set(key.dataset[name]);
      if (isForm) begin();
      else chosen();
    });
  }

  /** The reason comes last: Enter takes it off. */
  function chosen() {
    draw();
    (field.value ? byId("reduce-take") : field).focus();
  }

  /** @param {string} id of a line; none: the whole sale */
  function open(id = "") {
    if (cart.isEmpty || cart.isPaying) return;
    opener = document.activeElement;
    clearToasts();
    lineId = id || cart.current;
    [scope, kind, reason] = [cart.line(lineId) ? "line" : "sale", "percent", ""];
    byId("reduce-reasons").replaceChildren(...reasons.map(reasonKey));
    show(box);
    document.querySelector("[data-till-view=items]").click(); // a phone shows one of the two
    begin();
    askCosts();
  }

  function close() {
    approval.close();
    if (box.hidden) return;
    show(box, false);
    if (opener?.isConnected) opener.focus();
    else field.blur();
  }

  /** What goods cost is known to the server alone; without it the till goes by the limits of roles. */
  async function askCosts() {
    const query = cart.lines.map((line) => `sku=${encodeURIComponent(line.sku)}`).join("&");
    const { costs } = await till.api.get(`/till/api/costs?${query}`, { timeout: COSTS_MS }).catch(() => ({ costs: {} }));
    if (box.hidden) return;
    learnCosts(cart, costs);
    draw();
  }

  async function begin() {
    if (scope === "sale" && kind === "price") kind = "percent";
    field.value = "";
    before = null;
    draw();
    field.focus();
    before = await price(null).catch(() => null);
    draw();
  }

  const line = () => (scope === "line" ? cart.line(lineId) : null);

  /** The sale with (or, null, without) what is asked for here. */
  function price(wanted) {
    const sale = structuredClone({ lines: cart.lines, discounts: cart.discounts, coupons: cart.coupons });
    const target = scope === "line" ? sale.lines.find((one) => one.id === lineId) : sale;
    target.discounts = wanted && kind !== "price" ? [discountOf(wanted)] : [];
    if (scope === "line") target.override = wanted && kind === "price" ? { amount: wanted } : null;
    return till.engine.price(basketOf(sale, till.rules.here()));
  }

  /** What was typed: parts per million or minor units; null for nothing that counts. */
  function wanted() {
    if (kind !== "percent") return till.money.parse(field.value);
    const found = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(field.value.trim());
    const ppm = found ? Number(found[1]) * 10_000 + Number((found[2] ?? "").padEnd(2, "0")) * 100 : 0;
    return ppm > 0 && ppm <= MILLION ? ppm : null;
  }

  function discountOf(value) {
    const label = kind === "percent" ? fill(gettext("%(reason)s, %(percent)s% off"), { reason: reason || gettext("Discount"), percent: value / 10_000 }) : reason || gettext("Discount");
    return { id: newUid(), kind, value, label, reason, source: "manual", approved_by: "" };
  }

  /** What it comes to before, in minor units: of the line, of one unit of it, or of the sale. */
  function base() {
    if (!before) return null;
    const row = before.lines.find((one) => one.id === lineId);
    if (scope === "sale") return before.lines.reduce((sum, one) => sum + lineFigures(one).net, 0);
    return kind === "price" ? row.unit : lineFigures(row).net;
  }

  /** The share of the price that goes, in parts per million. */
  function share(value) {
    const whole = base();
    const off = kind === "price" ? whole - value : value;
    return kind === "percent" ? value : Math.max(0, Math.floor((off * MILLION) / Math.max(1, whole)));
  }

  async function draw() {
    const goods = line();
    const round = (asked += 1);
    write(byId("reduce-title"), goods ? fill(gettext("Take something off: %(name)s"), { name: nameOf(goods) }) : gettext("Take something off the sale"));
    mark("reduce-scopes", "scope", scope);
    mark("reduce-kinds", "kind", kind);
    mark("reduce-reasons", "reason", reason);
    byId("reduce-scopes").querySelector("[data-scope=line]").disabled = !cart.line(lineId);
    byId("reduce-kinds").querySelector("[data-kind=price]").disabled = scope === "sale";
    write(byId("reduce-label"), { percent: gettext("Percent off"), amount: gettext("Amount off"), price: gettext("New price for one") }[kind]);
    write(byId("reduce-unit"), kind === "percent" ? "%" : till.money.currency);
    complain(byId("reduce-error"), "", field);
    drawText(goods);
    const { discount_ppm: most = 0 } = till.session.state.limits[till.session.person?.role] ?? {};
    write(byId("reduce-limit"), fill(gettext("You may take off up to %(percent)s%. For more, a colleague enters their PIN."), { percent: most / 10_000 }));
    write(byId("reduce-take-label"), kind === "price" ? gettext("Change the price") : gettext("Take off"));
    const given = goods ? goods.discounts?.length || goods.override : cart.discounts.length;
    show(byId("reduce-remove"), Boolean(given));
    const value = wanted();
    write(byId("reduce-preview"), "");
    if (value === null || !before) return;
    const after = await price(value).catch(() => null);
    if (round === asked && after) write(byId("reduce-preview"), fill(gettext("Total %(before)s, then %(after)s"), { before: till.money.format(before.total), after: till.money.format(after.total) }));
  }

  /** The price it has, and for those who may know it what it costs. */
  function drawText(goods) {
    const row = goods && before?.lines.find((one) => one.id === lineId);
    const texts = row ? [fill(gettext("Price %(price)s"), { price: till.money.format(row.unit) })] : [];
    if (row && goods.cost != null && till.session.may("price.override")) texts.push(fill(gettext("cost %(cost)s"), { cost: till.money.format(goods.cost) }));
    write(byId("reduce-text"), texts.join(" · "));
  }

  function mark(id, name, value) {
    for (const key of byId(id).querySelectorAll(`[data-${name}]`)) key.setAttribute("aria-pressed", String(key.dataset[name] === value));
  }

  function refuse(text) {
    complain(byId("reduce-error"), text, field);
    till.tones.play("unknown");
    field.focus();
  }

  async function take() {
    const value = wanted();
    if (value === null && kind === "percent") return refuse(gettext("Write a percentage up to 100, such as 10."));
    if (value === null || (value === 0 && kind === "amount")) return refuse(gettext("Write an amount, such as 5."));
    if (!reason) return refuse(gettext("Choose a reason."));
    if (!before) return refuse(gettext("The price is not known yet. Try again."));
    if (kind === "amount" && value > base()) return refuse(fill(gettext("At most %(most)s can be taken off."), { most: till.money.format(base()) }));
    const after = await price(value).catch(() => null);
    if (!after) return refuse(gettext("That cannot be priced."));
    const approver = await approved(share(value), isBelow(after));
    if (approver === null) return field.focus();
    apply(value, approver);
    return close();
  }

  /** Whether something that was not sold below its floor before would be then. */
  function isBelow({ trace }) {
    return trace.below_floor.some((id) => !before.trace.below_floor.includes(id));
  }

  /** "" where the person may do it alone, the user name of who approved it, or null. */
  function approved(ppm, below) {
    const { person, state } = till.session;
    const may = (limit) => limit.discount_ppm >= ppm && (!below || limit.below_cost);
    const own = state.limits[person.role];
    if (own && may(own)) return "";
    const text = fill(gettext("%(person)s may take off up to %(own)s%. This takes off %(percent)s%."), {
      person: person.name, own: (own?.discount_ppm ?? 0) / 10_000, percent: Math.round(ppm / 1_000) / 10,
    });
    return approval.ask(below ? `${text} ${gettext("It sells below cost.")}` : text, may);
  }

  function apply(value, approver) {
    if (kind === "price") setPrice(cart, lineId, { amount: value, original: base(), reason, approved_by: approver });
    else takeOff(cart, scope === "line" ? lineId : null, { ...discountOf(value), approved_by: approver });
    toast(gettext("Taken off."), { action: gettext("Undo"), name: "undo" });
  }

  return {
    open,
    close,
    get isOpen() {
      return !box.hidden;
    },
  };
}
