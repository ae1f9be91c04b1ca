/**
 * Paying: what is left in the largest type, means below; cash that comes last is rounded to the coins there are. What is to be
 * paid comes from the price engine, a moment later: until then no amount is shown, and whatever takes money waits for it.
 */

import { byId, busy, complain, isTyping, part, show, write, writeLarge } from "../dom.js";
import { fill, gettext, ngettext } from "../words.js";
import { cardReader } from "./card.js";
import { giftCards } from "./gift.js";
import { priceProblem, saleWarning } from "./lines.js";
import { cardMachine } from "./machine.js";
import { quickKey, tenderRow } from "./pay_rows.js";

export function payScreen(till) {
  const { cart } = till;
  const [given, charged] = [byId("cash-given"), byId("card-amount")];
  const reader = cardReader(till, { onPaid: settle, onOver: otherWay });
  const machine = cardMachine(till, { most: () => sum?.left ?? null, take, onPaid: settle });
  const gift = giftCards(till, { most: () => sum?.left ?? null, take, onPaid: settle });
  let means = "cash";
  /** @type {{left: number, due: number, quick: number[]}|null} what remains, and in coins; null while it is worked out */
  let sum = null;
  let drawn = Promise.resolve();
  let isTaking = false;

  byId("pay-back").addEventListener("click", () => !cart.isPaying && till.go("sell"));
  byId("tender-cash").addEventListener("click", () => choose("cash"));
  byId("tender-card").addEventListener("click", () => choose("card"));
  byId("tender-machine").addEventListener("click", () => choose("machine"));
  byId("tender-gift").addEventListener("click", () => choose("gift"));
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
    gift.release(cart.tenders[Number(row.dataset.place)]);
    cart.unpay(Number(row.dataset.place));
    draw();
  });
  given.addEventListener("input", () => {
    complain(byId("cash-error"), "", given);
    drawTake();
  });
  byId("cash-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const amount = given.value.trim() ? till.money.parse(given.value) : null;
    if (amount === null ? given.value.trim() : !amount) return complain(byId("cash-error"), gettext("Write what the customer gives, such as 20."), given);
    return takeCash(amount);
  });
  charged.addEventListener("input", () => {
    complain(byId("card-error"), "", charged);
    drawCharge();
  });
  byId("card-form").addEventListener("submit", (event) => {
    event.preventDefault();
    take(charge);
  });
  till.connection.addEventListener("change", () => till.screen === "pay" && drawMeans());
  cart.addEventListener("priced", () => till.screen === "pay" && sum && !isTrue() && draw());

  /** What remains, and what of it is to be paid in cash: the rest, to the smallest coin. Rejects with `cart.problem`. */
  async function workOut() {
    await cart.ready();
    const { cash_step_minor: step, quick_cash: notes } = till.session.state.market;
    const left = cart.remaining;
    const { due, quick } = await till.engine.cashKeys(left, step ?? 1, notes, 5);
    return { left, due, quick: quick.filter((amount) => amount !== due) };
  }

  /** Take money once the sum is known; two presses at once are one. */
  async function take(work) {
    if (isTaking) return;
    isTaking = true;
    try {
      for (let seen = null; seen !== drawn; await seen) seen = drawn;
      if (till.screen !== "pay" || !sum) return;
      if (isTrue()) work();
      else draw();
    } finally {
      isTaking = false;
    }
  }

  /** @param {number|null} amount null: exactly what is due */
  function takeCash(amount) {
    return take(() => put(amount ?? sum.due));
  }

  function put(amount) {
    if (sum.left <= 0) return complete(); // pressed twice, or once more after the disk had refused
    if (amount >= sum.due) {
      cart.pay({ type: "cash", amount: sum.due, tendered: amount, rounding: sum.due - sum.left });
      return complete();
    }
    cart.pay({ type: "cash", amount, tendered: amount });
    return draw();
  }

  /** Whether what is shown is what is to be paid: a price of midnight may be on its way. */
  function isTrue() {
    return Boolean(sum) && cart.isPriced && sum.left === cart.remaining;
  }

  /** An empty field is all of it. */
  function chargedAmount() {
    return charged.value.trim() ? till.money.parse(charged.value) : (sum?.left ?? 0);
  }

  function chargePart(amount) {
    charged.value = amount === sum.left ? "" : till.money.plain(amount);
    complain(byId("card-error"), "", charged);
    drawCharge();
    byId("card-start").focus();
  }

  function charge() {
    const amount = chargedAmount();
    if (!amount || amount > sum.left) {
      return complain(byId("card-error"), fill(gettext("Write an amount up to %(most)s."), { most: till.money.format(sum.left) }), charged);
    }
    show(byId("pay-means"), false);
    return busy(byId("card-start"), () => reader.start(amount));
  }

  async function settle() {
    await draw();
    return sum && sum.left <= 0 ? complete() : undefined;
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
    if (means === "machine") return machine.focus();
    if (means === "gift") return gift.focus();
    given.focus();
    return given.select();
  }

  /** Everything that needs no amount at once, the amounts when they are known. */
  function draw() {
    write(byId("pay-label"), cart.tenders.length ? gettext("Still to pay") : gettext("To pay"));
    write(byId("pay-units"), ngettext("%(count)s item", "%(count)s items", cart.units));
    byId("pay-back").disabled = cart.isPaying;
    byId("tenders").replaceChildren(...cart.tenders.map((tender, place) => tenderRow(tender, place, till.money)));
    show(byId("pay-means"), !cart.attempt);
    given.value = charged.value = "";
    complain(byId("cash-error"), "", given);
    complain(byId("card-error"), "", charged);
    sum = null;
    machine.draw();
    gift.draw();
    drawMeans();
    drawAmounts();
    const mine = workOut().then(
      (worked) => mine === drawn && known(worked),
      () => mine === drawn && drawWarning(),
    );
    drawn = mine;
    return drawn;
  }

  function known(worked) {
    sum = worked;
    drawAmounts();
  }

  function drawAmounts() {
    writeLarge(byId("pay-remaining"), sum ? till.money.format(sum.left) : "…");
    show(byId("pay-of"), Boolean(sum) && cart.tenders.length > 0);
    write(byId("pay-of"), sum ? fill(gettext("of %(total)s"), { total: till.money.format(cart.total) }) : "");
    given.placeholder = sum ? till.money.format(sum.due) : "";
    charged.placeholder = sum ? till.money.format(sum.left) : "";
    drawQuick();
    drawTake();
    drawCharge();
    machine.drawTake();
    gift.drawParts();
    gift.drawTake();
    drawWarning();
  }

  function drawWarning() {
    const warning = priceProblem(cart.problem) || saleWarning(till);
    show(byId("pay-warning"), Boolean(warning));
    write(part(byId("pay-warning"), "text"), warning);
  }

  function drawMeans() {
    const { tenders = ["cash", "card_present"] } = till.session.state.market;
    const takesCash = tenders.includes("cash");
    const hasMachine = tenders.includes("external_terminal");
    const why = !tenders.includes("card_present")
      ? gettext("Cards are not taken here.")
      : !till.session.state.register.has_reader
      ? gettext("No card reader is set up for this register.")
      : till.connection.state === "offline" ? gettext("Cards need the server, which does not answer. Cash goes on.") : "";
    byId("tender-card").disabled = Boolean(why);
    byId("tender-cash").disabled = !takesCash;
    show(byId("tender-machine"), hasMachine);
    show(byId("tender-card"), !hasMachine || till.session.state.register.has_reader); // a machine stands in for a reader
    write(byId("card-why"), why);
    show(byId("card-why"), Boolean(why) && !byId("tender-card").hidden);
    if (why && means === "card") means = "cash";
    if (!takesCash && means === "cash") means = why && hasMachine ? "machine" : "card";
    show(byId("tender-gift"), tenders.includes("gift_card") || tenders.includes("store_credit"));
    for (const name of ["cash", "card", "machine", "gift"]) {
      byId(`tender-${name}`).setAttribute("aria-pressed", String(means === name));
      show(byId(`${name}-panel`), means === name && !(name === "card" && why));
    }
    show(byId("quick-cash"), means === "cash");
    show(byId("machine-text"), means === "machine");
    show(byId("card-parts"), means === "card" && !why);
    show(byId("gift-parts"), means === "gift");
  }

  function drawQuick() {
    if (!sum) return [byId("quick-cash"), byId("card-parts")].forEach((keys) => keys.replaceChildren());
    byId("quick-cash").replaceChildren(
      quickKey(sum.due, gettext("Exact"), "E", till.money.format(sum.due)),
      ...sum.quick.map((amount) => quickKey(amount, "", "", till.money.formatShort(amount))),
    );
    const shares = { 1: gettext("All of it"), 2: gettext("Half"), 3: gettext("A third") };
    byId("card-parts").replaceChildren(...Object.entries(shares).map(([share, word]) => {
      const amount = Math.ceil(sum.left / Number(share));
      return quickKey(amount, word, "", till.money.format(amount));
    }));
    return undefined;
  }

  function drawCharge() {
    const amount = chargedAmount();
    const fits = sum && amount && amount <= sum.left;
    write(byId("card-start-label"), fits ? fill(gettext("Charge %(amount)s"), { amount: till.money.format(amount) }) : gettext("Ask for the card"));
  }

  function drawTake() {
    const amount = given.value.trim() ? till.money.parse(given.value) : null;
    const change = amount === null || !sum ? 0 : amount - sum.due;
    const label = change > 0
      ? fill(gettext("Change %(amount)s"), { amount: till.money.format(change) })
      : change < 0 ? gettext("Take a part") : gettext("Exact cash");
    write(byId("cash-take-label"), label);
  }

  return {
    enter() {
      means = "cash";
      if (cart.attempt || !cart.tenders.length) draw();
      else settle(); // it may be paid in full
      if (cart.attempt) reader.resume();
      else show(byId("reader"), false);
      byId("tender-cash").focus({ preventScroll: true });
    },
    leave: () => reader.stop(),
    onKey(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || byId("pay-means").hidden || isTyping(event.target)) return false;
      if (!sum && means === "cash" && event.key.toLowerCase() === "e") {
        takeCash(null); // its key is not drawn yet
        return true;
      }
      if (!/^[\d.,]$/.test(event.key) || /^[12]$/.test(event.key)) return false; // 1 and 2 are means
      const field = { cash: given, card: charged, machine: machine.field, gift: gift.field }[means];
      field.focus();
      field.value += event.key;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      return true;
    },
    /** The sale takes no more lines once money has moved. */
    onScan(scan) {
      const isOldCard = scan.kind === "unknown" && means === "gift"; // of another system, with a number of its own
      if ((scan.kind === "gift" || isOldCard) && !byId("pay-means").hidden) {
        choose("gift");
        return gift.scan(scan.text);
      }
      if (scan.kind !== "product") return false;
      if (cart.isPaying) return till.refuseScan(gettext("This sale is being paid. Finish it, then scan the next one."));
      till.go("sell");
      return till.scanned(scan);
    },
  };
}
