/** One order at the return screen: what comes back of it, why, where it goes, and how its money goes back. */

import { Unreachable } from "../api.js";
import { lookupKeys } from "../barcodes.js";
import { byId, clearToasts, complain, fromTemplate, part, show, write } from "../dom.js";
import { newUid } from "../ids.js";
import { amountText, typed } from "../units.js";
import { dayTime, fill, gettext } from "../words.js";
import { backPart } from "./return_done.js";
import { moneyOf, orderFacts } from "./returns.js";

const PAUSE_MS = 120;
const BROKEN = new Set(["damaged", "faulty"]); // goods for these reasons are not for the shelf

/** @param {{onTake: (body: Object) => Promise<void>}} ends */
export function returnOrder(till, { onTake }) {
  let order = null;
  let money = null;
  let uid = ""; // of the return: one for each that is begun
  let wanted = new Map(); // line → {quantity, reason, disposition, serials}
  let tender = "";
  let quote = null; // of what is wanted now; null while it is worked out
  let isWaiting = false;
  let asked = 0;
  let timer = 0;
  let lastReason = "unwanted";

  byId("return-lines").addEventListener("click", (event) => {
    const row = event.target.closest("[data-line]");
    const line = order?.lines.find((one) => String(one.id) === row?.dataset.line);
    if (!line || isWaiting) return;
    const key = event.target.closest("button");
    if (key?.matches(".check__key")) toggle(line);
    else if (key?.dataset.do) step(line, key.dataset.do === "more" ? 1 : -1);
    else if (key?.dataset.where) change(line, { disposition: key.dataset.where });
    else if (key?.dataset.serial) pick(line, key.dataset.serial);
  });
  byId("return-lines").addEventListener("change", (event) => {
    const row = event.target.closest("[data-line]");
    const line = order?.lines.find((one) => String(one.id) === row?.dataset.line);
    if (!line) return;
    lastReason = event.target.value;
    change(line, { reason: lastReason, disposition: BROKEN.has(lastReason) ? "damaged" : "restock" });
  });
  byId("return-tenders").addEventListener("click", (event) => {
    const key = event.target.closest("[data-tender]");
    if (!key || isWaiting) return;
    tender = key.dataset.tender;
    ask();
  });
  byId("return-shipping").addEventListener("change", () => ask());
  byId("return-take").addEventListener("click", () => take());

  function open(body) {
    clearToasts();
    order = body;
    money = moneyOf(body.currency, till);
    uid = newUid();
    [tender, lastReason] = ["", "unwanted"];
    wanted = new Map();
    byId("return-shipping").checked = false;
    wait(false);
    write(byId("return-name"), order.customer || fill(gettext("Order %(number)s"), { number: order.number }));
    const facts = orderFacts(order, till).slice(order.customer ? 0 : 1); // its number stands above
    write(byId("return-facts"), [...facts, ...order.paid.map((row) => `${row.label} ${money.format(row.amount_minor)}`)].join(" · "));
    write(byId("return-status"), order.status);
    byId("return-lines").replaceChildren(...order.lines.map(lineRow));
    byId("return-before").replaceChildren(...order.returns.map(beforeRow));
    show(byId("return-shipping-box"), order.charges_minor > 0);
    const none = order.lines.every((line) => !line.left);
    write(byId("return-hint"), none ? gettext("Nothing of this order can come back now.") : gettext("Scan each item that comes back, or press it."));
    ask();
    (byId("return-lines").querySelector("button:not(:disabled)") ?? byId("return-name")).focus();
  }

  function close() {
    order = quote = null;
    asked += 1;
    clearTimeout(timer);
  }

  function lineRow(line) {
    const row = fromTemplate("return-line");
    row.dataset.line = line.id;
    const picture = till.catalog.bySku(line.sku)?.picture;
    show(part(row, "picture"), Boolean(picture));
    if (picture) part(row, "picture").src = till.mediaUrl + picture;
    write(part(row, "name"), line.name);
    write(part(row, "sku"), line.sku);
    write(part(row, "why"), line.why);
    show(part(row, "why"), Boolean(line.why));
    row.querySelector(".check__key").disabled = !line.left;
    row.classList.toggle("is-gone", !line.left);
    part(row, "serials").replaceChildren(...line.serials.map(serialKey));
    draw(line, row);
    return row;
  }

  function beforeRow(record) {
    const row = document.createElement("li");
    const facts = { number: record.number, at: dayTime(record.at, till.session.state.location.time_zone), place: record.place, amount: money.format(record.total_minor) };
    row.textContent = fill(gettext("Return %(number)s, %(at)s, %(place)s: %(amount)s"), facts);
    return row;
  }

  function draw(line, row = byId("return-lines").querySelector(`[data-line="${line.id}"]`)) {
    const mine = wanted.get(line.id);
    row.querySelector(".check__key").setAttribute("aria-pressed", String(Boolean(mine)));
    const counts = { back: typed(mine?.quantity ?? 0, line.scale), all: amountText(line.left, line.unit, line.scale) };
    write(part(row, "count"), line.left ? fill(gettext("%(back)s of %(all)s"), counts) : gettext("None"));
    show(part(row, "tools"), Boolean(mine));
    show(part(row, "stepper"), line.unit === "each" && line.left > 1);
    show(part(row, "numbers"), Boolean(mine) && line.needs_serials);
    if (!mine) return;
    write(part(row, "quantity"), typed(mine.quantity, line.scale));
    part(row, "reason").value = mine.reason;
    for (const key of row.querySelectorAll("[data-where]")) key.setAttribute("aria-pressed", String(key.dataset.where === mine.disposition));
    for (const key of row.querySelectorAll("[data-serial]")) key.setAttribute("aria-pressed", String(mine.serials.includes(key.dataset.serial)));
    write(part(row, "numbers-label"), fill(gettext("Which of them? %(chosen)s of %(count)s chosen"), { chosen: mine.serials.length, count: mine.quantity }));
  }

  function toggle(line) {
    if (wanted.delete(line.id)) draw(line);
    else begin(line, line.unit === "each" ? Math.max(1, line.left === 1 ? 1 : line.left) : line.left);
    ask();
  }

  function begin(line, quantity) {
    const serials = line.needs_serials && line.serials.length === quantity ? [...line.serials] : [];
    wanted.set(line.id, { quantity, reason: lastReason, disposition: BROKEN.has(lastReason) ? "damaged" : "restock", serials });
    draw(line);
  }

  function change(line, changes) {
    Object.assign(wanted.get(line.id), changes);
    draw(line);
    ask();
  }

  function step(line, by) {
    const { quantity, serials } = wanted.get(line.id);
    const next = Math.min(line.left, quantity + by);
    if (next < 1) {
      wanted.delete(line.id);
      draw(line);
      byId("return-lines").querySelector(`[data-line="${line.id}"] .check__key`).focus();
    } else Object.assign(wanted.get(line.id), { quantity: next, serials: serials.slice(0, next) });
    draw(line);
    ask();
  }

  function pick(line, serial) {
    const mine = wanted.get(line.id);
    const has = mine.serials.includes(serial);
    if (!has && mine.serials.length >= mine.quantity) mine.serials.shift();
    mine.serials = has ? mine.serials.filter((one) => one !== serial) : [...mine.serials, serial];
    draw(line);
    ask();
  }

  function body() {
    return {
      order: order.id,
      lines: [...wanted].map(([line, one]) => ({ line, ...one })),
      tender,
      with_shipping: byId("return-shipping").checked,
    };
  }

  /** Work out what it comes to. The server does, behind the last change; nothing is shown that is not of these lines. */
  function ask() {
    const mine = (asked += 1);
    quote = null;
    clearTimeout(timer);
    complain(byId("return-problem"), "");
    drawMoney();
    if (wanted.size) timer = setTimeout(() => work(mine), PAUSE_MS);
  }

  async function work(mine) {
    try {
      const answer = await till.api.post("/till/api/returns/quote", body());
      if (mine === asked && order) quote = answer;
    } catch (error) {
      if (mine !== asked || !order || error.code === "pin_needed") return;
      const text = error instanceof Unreachable ? gettext("The server does not answer, so nothing can be taken back now.") : error.message;
      complain(byId("return-problem"), text);
    }
    drawMoney();
  }

  function drawMoney() {
    write(byId("return-due"), wanted.size === 0 ? money.format(0) : quote ? money.format(quote.total_minor) : "…");
    const rows = quote ? [
      [gettext("Goods, with tax"), quote.goods_minor],
      ...(quote.charges_minor ? [[gettext("Shipping and fees"), quote.charges_minor]] : []),
      ...(quote.rounding_minor ? [[gettext("Cash rounding"), quote.rounding_minor]] : []),
    ] : [];
    byId("return-sums").replaceChildren(...(rows.length > 1 ? rows : []).map(([label, minor]) => sumRow(label, money.format(minor))));
    byId("return-parts").replaceChildren(...(quote?.parts ?? []).map((one) => backPart(one, money, planWords(one, till))));
    show(byId("return-how"), wanted.size > 0);
    const others = order.ways.filter((way) => order.paid.some((one) => one.tender !== way.tender));
    const keys = others.length ? [{ tender: "", label: gettext("As it was paid") }, ...others].map((way) => tenderKey(way, tender)) : [];
    const focused = document.activeElement?.dataset.tender;
    byId("return-tenders").replaceChildren(...keys);
    if (focused !== undefined) keys.find((key) => key.dataset.tender === focused)?.focus();
    const ready = Boolean(quote) && !isWaiting && lacking() === 0;
    byId("return-take").disabled = !ready;
    write(byId("return-take-label"), isWaiting ? gettext("Taking it back") : takeLabel());
  }

  function takeLabel() {
    const missing = lacking();
    if (missing) return gettext("Choose the serial numbers");
    return quote ? fill(gettext("Give back %(amount)s"), { amount: money.format(quote.total_minor) }) : gettext("Give back");
  }

  /** How many serial numbers are still to be chosen: pieces that nobody ever named need none. */
  function lacking() {
    return (order?.lines ?? []).reduce((sum, line) => {
      const mine = wanted.get(line.id);
      if (!mine || !line.needs_serials) return sum;
      const nameless = line.left - line.serials.length;
      return sum + Math.max(0, mine.quantity - nameless - mine.serials.length);
    }, 0);
  }

  async function take() {
    if (!quote || isWaiting || lacking()) return;
    const shown = { ...body(), id: uid, shift: till.session.state.shift.id, due_minor: quote.total_minor };
    if (quote.is_elsewhere && !till.session.may("refund.elsewhere")) {
      const approval = await approved();
      if (!approval || !order || uid !== shown.id) return;
      shown.approval = approval;
    }
    await onTake(shown);
  }

  /** A colleague who may lets the money go back another way; the server gives a proof for this return alone. */
  function approved() {
    const subject = uid;
    const way = order.ways.find((one) => one.tender === tender)?.label ?? "";
    return till.approval.ask(
      fill(gettext("%(amount)s is to go back by %(way)s, not as it was paid. Somebody who may decide that enters their PIN."), { amount: money.format(quote.total_minor), way }),
      (limit) => limit.refund_elsewhere,
      {
        nameOf: (person) => person.name,
        prove: async (username, pin) => (await till.api.post("/till/api/approvals", { username, pin, subject })).approval,
        over: document.querySelector("main.returns"),
      },
    );
  }

  function wait(waiting) {
    isWaiting = waiting;
    show(byId("return-unknown"), false);
    for (const id of ["return-another", "return-shipping"]) byId(id).disabled = waiting;
    if (order) drawMoney();
  }

  return {
    open,
    close,
    wait,
    get isOpen() {
      return Boolean(order);
    },
    /** It was sent, and nobody knows what became of it. */
    unknown() {
      wait(true);
      show(byId("return-unknown"));
      byId("return-take").disabled = true;
      write(byId("return-take-label"), gettext("Asking what became of it"));
    },
    refused(error) {
      till.tones.play("unknown");
      uid = newUid();
      complain(byId("return-problem"), fill(gettext("%(reason)s Nothing was taken back."), { reason: error.message }));
      byId("return-take").focus();
    },
    onScan(scan) {
      const keys = new Set(lookupKeys(scan.text));
      const numbered = order.lines.find((one) => one.serials.some((serial) => serial === (scan.number ?? scan.text.toUpperCase())));
      const line = numbered ?? order.lines.find((one) => one.sku === scan.variant?.sku || one.barcodes.some((code) => lookupKeys(code).some((key) => keys.has(key))));
      if (!line) return till.refuseScan(gettext("This is not in this order."));
      if (!line.left) return till.refuseScan(line.why || gettext("None of these can come back."));
      const mine = wanted.get(line.id);
      if (mine && mine.quantity >= line.left && !numbered) return till.refuseScan(gettext("No more of these can come back."));
      if (!mine) begin(line, line.unit === "each" ? 1 : line.left);
      else if (!numbered || mine.serials.length >= mine.quantity) mine.quantity = Math.min(line.left, mine.quantity + 1);
      const serial = numbered && line.serials.find((one) => one === (scan.number ?? scan.text.toUpperCase()));
      if (serial && !wanted.get(line.id).serials.includes(serial)) pick(line, serial);
      till.tones.play("added");
      draw(line);
      byId("return-lines").querySelector(`[data-line="${line.id}"]`).scrollIntoView({ block: "nearest" });
      ask();
      return true;
    },
  };
}

/** What has to be done for a part, or what will happen. */
function planWords(one, till) {
  if (one.by === "network") return gettext("The card has it within 5 to 10 days.");
  if (one.by === "transfer") return gettext("The back office asks for the account and sends it.");
  if (one.tender === "cash") return fill(gettext("Out of the drawer of %(register)s."), { register: till.session.state.register.name });
  if (one.tender === "external_terminal") return gettext("Give it back on the card machine first.");
  return "";
}

function sumRow(label, amount) {
  const row = fromTemplate("sum");
  write(part(row, "label"), label);
  write(part(row, "amount"), amount);
  return row;
}

function serialKey(serial) {
  const key = Object.assign(document.createElement("button"), { type: "button", className: "chip chip--filter", textContent: serial });
  key.dataset.serial = serial;
  return key;
}

function tenderKey({ tender, label }, chosen) {
  const key = Object.assign(document.createElement("button"), { type: "button", className: "chip chip--filter", textContent: label });
  key.dataset.tender = tender;
  key.setAttribute("aria-pressed", String(tender === chosen));
  return key;
}
