/** Paying: what is left in the largest type, means below; cash that comes last is rounded to the coins there are. */

import { byId, busy, complain, fromTemplate, isTyping, part, show, write, writeLarge } from "../dom.js";
import { tenderLabel } from "../receipts.js";
import { fill, gettext, ngettext } from "../words.js";
import { cardReader } from "./card.js";
import { saleWarning } from "./lines.js";

export function payScreen(till) {
  const { cart } = till;
  const [given, charged] = [byId("cash-given"), byId("card-amount")];
  const reader = cardReader(till, { onPaid: settle, onOver: otherWay });
  let means = "cash";

  byId("pay-back").addEventListener("click", () => !cart.isPaying && till.go("sell"));
  byId("tender-cash").addEventListener("click", () => choose("cash"));
  byId("tender-card").addEventListener("click", () => choose("card"));
  byId("quick-cash").addEventListener("click", (event) => {
    const key = event.target.closest("[data-minor]");
    if (key) takeCash(Number(key.dataset.minor));
  });
  byId("card-parts").addEventListener("click", (event) => {
    const key = event.target.closest("[data-minor]");
    if (key) chargePart(Number(key.dataset.minor));
  });
  byId("tenders").addEventListener("click", (event) => {
    const row = event.target.closest("[data-part=remove]")?.closest("[data-place]");
    if (!row) return;
    cart.unpay(Number(row.dataset.place));
    draw();
  });
  given.addEventListener("input", () => {
    complain(byId("cash-error"), "", given);
    drawTake();
  });
  byId("cash-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const amount = given.value.trim() ? till.money.parse(given.value) : cashDue();
    if (!amount) return complain(byId("cash-error"), gettext("Write what the customer gives, such as 20."), given);
    return takeCash(amount);
  });
  charged.addEventListener("input", () => {
    complain(byId("card-error"), "", charged);
    drawCharge();
  });
  byId("card-form").addEventListener("submit", (event) => {
    event.preventDefault();
    charge();
  });
  till.connection.addEventListener("change", () => till.screen === "pay" && drawMeans());

  /** What is to be paid in cash: the rest, to the smallest coin. */
  function cashDue() {
    return till.engine.cashDue(cart.remaining, till.session.state.market.cash_step_minor ?? 1);
  }

  function takeCash(amount) {
    if (cart.remaining <= 0) return complete(); // pressed twice, or once more after the disk had refused
    const due = cashDue();
    if (amount >= due) {
      cart.pay({ type: "cash", amount: due, tendered: amount, rounding: due - cart.remaining });
      return complete();
    }
    cart.pay({ type: "cash", amount, tendered: amount });
    return draw();
  }

  /** An empty field is all of it. */
  function chargedAmount() {
    return charged.value.trim() ? till.money.parse(charged.value) : cart.remaining;
  }

  function chargePart(amount) {
    charged.value = amount === cart.remaining ? "" : till.money.plain(amount);
    complain(byId("card-error"), "", charged);
    drawCharge();
    byId("card-start").focus();
  }

  function charge() {
    const amount = chargedAmount();
    if (!amount || amount > cart.remaining) {
      return complain(byId("card-error"), fill(gettext("Write an amount up to %(most)s."), { most: till.money.format(cart.remaining) }), charged);
    }
    show(byId("pay-means"), false);
    return busy(byId("card-start"), () => reader.start(amount));
  }

  function settle() {
    if (cart.remaining <= 0) return complete();
    return draw();
  }

  function complete() {
    reader.stop();
    return till.complete();
  }

  function otherWay() {
    draw();
    choose("cash");
  }

  function choose(next) {
    means = next;
    drawMeans();
    if (means === "card") return byId("card-start").focus();
    given.focus();
    return given.select();
  }

  function draw() {
    const paying = Boolean(cart.attempt);
    writeLarge(byId("pay-remaining"), till.money.format(cart.remaining));
    write(byId("pay-label"), cart.tenders.length ? gettext("Still to pay") : gettext("To pay"));
    show(byId("pay-of"), cart.tenders.length > 0);
    write(byId("pay-of"), fill(gettext("of %(total)s"), { total: till.money.format(cart.total) }));
    write(byId("pay-units"), ngettext("%(count)s item", "%(count)s items", cart.units));
    byId("pay-back").disabled = cart.isPaying;
    byId("tenders").replaceChildren(...cart.tenders.map((tender, place) => tenderRow(tender, place, till.money)));
    show(byId("pay-means"), !paying);
    const warning = saleWarning(till);
    show(byId("pay-warning"), Boolean(warning));
    write(part(byId("pay-warning"), "text"), warning);
    given.value = charged.value = "";
    given.placeholder = till.money.format(cashDue());
    charged.placeholder = till.money.format(cart.remaining);
    complain(byId("cash-error"), "", given);
    complain(byId("card-error"), "", charged);
    drawQuick();
    drawMeans();
    drawTake();
    drawCharge();
  }

  function drawMeans() {
    const why = !till.session.state.register.has_reader
      ? gettext("No card reader is set up for this register.")
      : till.connection.state === "offline" ? gettext("Cards need the server, which does not answer. Cash goes on.") : "";
    byId("tender-card").disabled = Boolean(why);
    write(byId("card-why"), why);
    show(byId("card-why"), Boolean(why));
    if (why) means = "cash";
    byId("tender-cash").setAttribute("aria-pressed", String(means === "cash"));
    byId("tender-card").setAttribute("aria-pressed", String(means === "card"));
    for (const id of ["cash-panel", "quick-cash"]) show(byId(id), means === "cash");
    for (const id of ["card-panel", "card-parts"]) show(byId(id), means === "card");
  }

  function drawQuick() {
    const due = cashDue();
    const amounts = till.engine.quickCash(due, till.session.state.market.quick_cash, 5).filter((amount) => amount !== due);
    byId("quick-cash").replaceChildren(
      quickKey(due, gettext("Exact"), "E", till.money.format(due)),
      ...amounts.map((amount) => quickKey(amount, "", "", till.money.formatShort(amount))),
    );
    const shares = { 1: gettext("All of it"), 2: gettext("Half"), 3: gettext("A third") };
    byId("card-parts").replaceChildren(...Object.entries(shares).map(([share, word]) => {
      const amount = Math.ceil(cart.remaining / Number(share));
      return quickKey(amount, word, "", till.money.format(amount));
    }));
  }

  function drawCharge() {
    const amount = chargedAmount();
    const fits = amount && amount <= cart.remaining;
    write(byId("card-start-label"), fits ? fill(gettext("Charge %(amount)s"), { amount: till.money.format(amount) }) : gettext("Ask for the card"));
  }

  function drawTake() {
    const amount = given.value.trim() ? till.money.parse(given.value) : null;
    const change = amount === null ? 0 : amount - cashDue();
    const label = change > 0
      ? fill(gettext("Change %(amount)s"), { amount: till.money.format(change) })
      : change < 0 ? gettext("Take a part") : gettext("Exact cash");
    write(byId("cash-take-label"), label);
  }

  return {
    enter() {
      means = "cash";
      draw();
      if (cart.attempt) reader.resume();
      else show(byId("reader"), false);
      if (!cart.attempt && cart.tenders.length && cart.remaining <= 0) settle();
      byId("tender-cash").focus({ preventScroll: true });
    },
    leave: () => reader.stop(),
    onKey(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || byId("pay-means").hidden || isTyping(event.target)) return false;
      if (!/^[\d.,]$/.test(event.key) || /^[12]$/.test(event.key)) return false; // 1 and 2 are means
      const field = means === "cash" ? given : charged;
      field.focus();
      field.value += event.key;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      return true;
    },
    /** The sale takes no more lines once money has moved. */
    onScan(scan) {
      if (scan.kind !== "product") return false;
      if (cart.isPaying) return till.refuseScan(gettext("This sale is being paid. Finish it, then scan the next one."));
      till.go("sell");
      return till.scanned(scan);
    },
  };
}

function quickKey(amount, label, key, text) {
  const element = fromTemplate("quick");
  element.dataset.minor = amount;
  write(part(element, "label"), label);
  show(part(element, "label"), Boolean(label));
  write(part(element, "amount"), text);
  show(part(element, "key"), Boolean(key));
  write(part(element, "key"), key);
  if (key) element.dataset.shortcut = key;
  return element;
}

function tenderRow(tender, place, money) {
  const row = fromTemplate("tender");
  row.dataset.place = place;
  show(part(row, "icon-cash"), tender.type === "cash");
  show(part(row, "icon-card"), tender.type !== "cash");
  write(part(row, "label"), tenderLabel(tender));
  write(part(row, "amount"), money.format(tender.amount));
  show(part(row, "remove"), tender.type === "cash");
  return row;
}
