/**
 * Goods come back: find the order by whatever the customer has, say what comes back, give the money back. All of it needs the
 * server, as only the server knows what can still come back. What was sent and not answered is kept on this computer's disk
 * and asked for again, so that a press, however often it is sent, is one return.
 */

import { Unreachable } from "../api.js";
import { byId, busy, complain, fromTemplate, isTyping, part, show, write } from "../dom.js";
import { Money } from "../money.js";
import { dayTime, fill, gettext, locale, ngettext } from "../words.js";
import { arrows } from "./pin.js";
import { returnDone } from "./return_done.js";
import { returnOrder } from "./return_order.js";

const AGAIN_MS = 3_000;
const VIEWS = ["return-find", "return-order", "return-done"];

export function returnsScreen(till) {
  let found = [];
  let asked = 0; // searches: an old answer is of no interest
  let pending = null; // what was sent and not answered
  let timer = 0;
  let early = null; // what was scanned while the order was looked for: it is of that order
  const order = returnOrder(till, { onTake: take });
  const done = returnDone(till, { onFinish: () => till.go("sell") });

  byId("returns-back").addEventListener("click", () => till.home());
  byId("return-another").addEventListener("click", () => !pending && list());
  byId("return-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = byId("return-text").value.trim();
    if (!text) return byId("return-text").focus();
    return busy(byId("return-search"), () => find({ text }, byId("return-text")));
  });
  byId("return-card-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const [last4, day] = [byId("return-last4").value.trim(), byId("return-day").value];
    if (!/^\d{4}$/.test(last4)) return complain(byId("return-error"), gettext("Write the last four figures of the card."), byId("return-last4"));
    return busy(byId("return-card-search"), () => find({ last4, day }, byId("return-last4")));
  });
  byId("return-found").addEventListener("click", (event) => {
    const key = event.target.closest("[data-order]");
    if (key) open(key.dataset.order);
  });
  till.connection.addEventListener("change", () => till.screen === "returns" && drawLine());

  function view(name) {
    for (const one of VIEWS) show(byId(one), one === name);
  }

  function list({ keep = false } = {}) {
    till.approval.close();
    order.close();
    if (!keep) found = [];
    view("return-find");
    complain(byId("return-error"), "", byId("return-text"));
    byId("return-last4").removeAttribute("aria-invalid");
    byId("return-day").value ||= today();
    byId("return-day").max = today();
    drawLine();
    drawFound("");
    byId("return-text").select();
    byId("return-text").focus();
  }

  function drawLine() {
    const offline = till.connection.state === "offline";
    show(byId("returns-offline"), offline);
    show(byId("return-ways"), !offline);
    if (!offline && pending && order.isOpen) resume();
  }

  function today() {
    return new Intl.DateTimeFormat("en-CA", { timeZone: till.session.state.location.time_zone }).format(new Date());
  }

  async function find(body, field) {
    const mine = (asked += 1);
    complain(byId("return-error"), "", field);
    try {
      const { orders } = await till.api.post("/till/api/returns/search", body);
      if (mine !== asked) return undefined;
      found = orders;
      if (orders.length === 1) return await open(orders[0].id);
      view("return-find");
      drawFound(orders.length ? "" : gettext("No order was found. Look at the number again, or try the e-mail address or the card."));
      if (orders.length) return byId("return-found").querySelector("button").focus();
      till.tones.play("unknown");
      return field?.select();
    } catch (error) {
      if (mine === asked) refuse(error, field);
      return undefined;
    }
  }

  async function lookFor(text) {
    const mine = (early = []);
    await find({ text }, byId("return-text"));
    if (early !== mine) return;
    early = null;
    if (order.isOpen) mine.forEach((scan) => order.onScan(scan));
  }

  function refuse(error, field) {
    till.tones.play("unknown");
    view("return-find");
    const text = error instanceof Unreachable ? gettext("The server does not answer, so nothing can be taken back now.") : error.message;
    complain(byId("return-error"), text, field);
  }

  function drawFound(text) {
    byId("return-found").replaceChildren(...found.map(foundRow));
    write(byId("return-count"), found.length > 1 ? ngettext("%(count)s order, the newest first", "%(count)s orders, the newest first", found.length) : text);
  }

  function foundRow(one) {
    const row = fromTemplate("found-order");
    row.firstElementChild.dataset.order = one.id;
    write(part(row, "title"), one.customer || one.names.join(", "));
    write(part(row, "text"), orderFacts(one, till).join(" · "));
    write(part(row, "chip"), one.status);
    write(part(row, "amount"), moneyOf(one.currency, till).format(one.total_minor));
    return row;
  }

  async function open(id) {
    const mine = (asked += 1);
    try {
      const body = await till.api.get(`/till/api/returns/orders/${id}`);
      if (mine !== asked) return;
      view("return-order");
      order.open(body);
      till.tones.play("added");
    } catch (error) {
      if (mine === asked) refuse(error, byId("return-text"));
    }
  }

  /** Send what was pressed. It is on the disk before, and stays there until the server has said what it made of it. */
  async function take(body) {
    if (pending) return;
    pending = { body };
    await till.store.put("meta", "return", pending);
    await send();
  }

  async function send() {
    clearTimeout(timer);
    order.wait(true);
    try {
      await settled(await till.api.post("/till/api/returns", pending.body, { timeout: 30_000 }));
    } catch (error) {
      if (error instanceof Unreachable) return unknown();
      if (error.code === "pin_needed") return undefined; // it goes on when somebody is back
      await forget();
      order.wait(false);
      if (order.isOpen) order.refused(error);
      else {
        list();
        complain(byId("return-error"), fill(gettext("%(reason)s Nothing was taken back."), { reason: error.message }), byId("return-text"));
      }
    }
    return undefined;
  }

  function unknown() {
    order.unknown();
    timer = setTimeout(resume, AGAIN_MS);
  }

  /** A press whose answer never came: what became of it, and where nothing did, the same press again. */
  async function resume() {
    clearTimeout(timer);
    if (!pending) return;
    try {
      await settled(await till.api.get(`/till/api/returns/${pending.body.id}`, { timeout: 20_000 }));
    } catch (error) {
      if (error.code === "not_found") await send();
      else if (error.code !== "pin_needed") unknown();
    }
  }

  async function settled(answer) {
    await forget();
    order.wait(false);
    order.close();
    found = [];
    till.session.refresh().catch(() => undefined);
    if (till.screen !== "returns") return;
    view("return-done");
    done.show(answer);
  }

  async function forget() {
    pending = null;
    await till.store.remove("meta", "return");
  }

  return {
    /** Whether something was sent of which nobody knows yet what became of it. */
    get isPending() {
      return Boolean(pending);
    },
    /** What this computer's disk has of it. */
    async restore() {
      pending = (await till.store.get("meta", "return")) ?? null;
    },
    enter({ text = "" } = {}) {
      if (pending) {
        view("return-order");
        order.unknown();
        resume();
        return;
      }
      byId("return-text").value = text;
      list();
      if (text) lookFor(text);
    },
    leave() {
      clearTimeout(timer);
      asked += 1;
      early = null;
      till.approval.close();
      done.leave();
    },
    onKey: (event) => !isTyping(event.target) && arrows(event, byId(byId("return-find").hidden ? "return-lines" : "return-found")),
    onScan(scan) {
      if (pending) return till.refuseScan(gettext("Wait until it is known what became of this return."));
      if (!byId("return-done").hidden) return false;
      if (early && scan.kind === "product") {
        early.push(scan);
        return true;
      }
      if (order.isOpen && scan.kind !== "receipt") return order.onScan(scan);
      if (scan.kind === "product") return till.refuseScan(gettext("Scan the receipt first, then what comes back."));
      byId("return-text").value = scan.text;
      lookFor(scan.text);
      return true;
    },
  };
}

/** "Order 1024", "Receipt PDX-1-1-000123", when, where, how much. */
export function orderFacts(one, till) {
  const where = { web: gettext("bought on the web"), phone: gettext("ordered by phone") }[one.channel] ?? one.place;
  return [
    fill(gettext("Order %(number)s"), { number: one.number }),
    one.receipt && fill(gettext("Receipt %(number)s"), { number: one.receipt }),
    one.placed_at && dayTime(one.placed_at, till.session.state.location.time_zone),
    where,
    ngettext("%(count)s item", "%(count)s items", one.pieces),
  ].filter(Boolean);
}

/** Amounts of an order in its own currency, which may be another store's. */
export function moneyOf(currency, till) {
  if (currency === till.money.currency) return till.money;
  const digits = new Intl.NumberFormat(locale, { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  return new Money({ currency, digits, locale });
}
