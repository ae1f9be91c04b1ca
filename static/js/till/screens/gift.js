/**
 * Gift cards and store credit: the server holds what a card has for this sale, and the sale takes it. A till with no server
 * can hold nothing, and says so. A gift card is named by its number, store credit by its customer's e-mail. Of each all that
 * is needed is taken, or the amount that somebody says; a card that is scanned again gives more of what it has.
 */

import { Unreachable } from "../api.js";
import { busy, byId, complain, toast, write } from "../dom.js";
import { fill, gettext } from "../words.js";
import { quickKey } from "./pay_rows.js";

const MOST_KEYS = 4;

/** @param {{most: () => number|null, take: (work: () => void) => any, onPaid: () => any}} pay `most`: what remains, null
 *   while that is worked out */
export function giftCards(till, { most, take, onPaid }) {
  const [field, part] = [byId("gift-code"), byId("gift-amount")];

  field.addEventListener("input", () => complain(byId("gift-error"), "", field));
  part.addEventListener("input", () => {
    complain(byId("gift-amount-error"), "", part);
    drawTake();
  });
  byId("gift-parts").addEventListener("click", (event) => {
    const key = event.target.closest("[data-minor]");
    if (!key) return;
    part.value = Number(key.dataset.minor) === most() ? "" : till.money.plain(Number(key.dataset.minor));
    complain(byId("gift-amount-error"), "", part);
    drawTake();
    field.focus();
  });
  byId("gift-form").addEventListener("submit", (event) => {
    event.preventDefault();
    take(() => hold(field.value.trim()));
  });

  /** What this means may pay: all that remains, but gift cards do not pay for gift cards that are sold. */
  function payable(isCredit) {
    if (isCredit) return most();
    const { lines, tenders, total } = till.cart;
    const sold = lines.reduce((sum, line) => sum + (line.open?.gift_card ? line.open.amount * line.quantity : 0), 0);
    const paid = tenders.reduce((sum, tender) => sum + (tender.type === "gift_card" ? tender.amount : 0), 0);
    return Math.min(most(), Math.max(0, total - sold - paid));
  }

  /** An empty field is all of it; null for what is no amount that can be taken. */
  function wanted(limit) {
    const amount = part.value.trim() ? till.money.parse(part.value) : limit;
    return amount && amount <= limit ? amount : null;
  }

  /** Hold what there is, up to what was asked for. @param {string} typed */
  async function hold(typed) {
    if (most() <= 0) return onPaid(); // pressed twice
    if (!typed) return complain(byId("gift-error"), gettext("Scan the gift card, or type its number."), field);
    const named = typed.includes("@") ? { email: typed } : { code: typed };
    const limit = payable("email" in named);
    if (limit <= 0) return complain(byId("gift-error"), gettext("Gift cards do not pay for gift cards. Take cash or a card for them."), field);
    const amount = wanted(limit);
    if (amount === null) {
      return complain(byId("gift-amount-error"), fill(gettext("Write an amount up to %(most)s."), { most: till.money.format(limit) }), part);
    }
    return busy(byId("gift-take"), async () => {
      const known = till.cart.tenders.flatMap((tender) => (tender.hold ? [tender.hold] : []));
      const body = { sale: till.cart.uid, amount_minor: amount, currency: till.money.currency, known, ...named };
      try {
        const held = await till.api.post("/till/api/wallet-holds", body);
        return await put(held);
      } catch (error) {
        if (error.code !== "pin_needed") complain(byId("gift-error"), wordsFor(error), field);
        return undefined;
      }
    });
  }

  function put(held) {
    const { id, type, amount_minor: amount, card, left } = held;
    const earlier = till.cart.tenders.findIndex((tender) => tender.hold === id);
    if (earlier >= 0 && till.cart.tenders[earlier].amount === amount) {
      return complain(byId("gift-error"), gettext("This card pays for this sale already, with all that it has."), field);
    }
    if (earlier >= 0) till.cart.unpay(earlier); // of the same card more is held now
    till.cart.pay({ type, amount, hold: id, card });
    field.value = part.value = "";
    toast(fill(gettext("%(amount)s taken; %(left)s stay on it."), { amount: till.money.format(amount), left }), { name: "wallet" });
    return onPaid();
  }

  /** Let go of what was held, when the associate takes it off the sale. One that is not heard runs out by itself. */
  function release(tender) {
    if (!tender?.hold) return;
    till.api.post(`/till/api/wallet-holds/${tender.hold}/release`, { sale: till.cart.uid }).catch(() => undefined);
  }

  function wordsFor(error) {
    return error instanceof Unreachable ? offline() : error.message;
  }

  function drawTake() {
    const amount = part.value.trim() && most() !== null ? wanted(most()) : null;
    write(byId("gift-take-label"), amount ? fill(gettext("Take %(amount)s"), { amount: till.money.format(amount) }) : gettext("Pay with it"));
  }

  /** Round amounts below what remains, as far as there are notes of them. */
  function drawParts() {
    const left = most();
    if (!left) return byId("gift-parts").replaceChildren();
    const notes = till.session.state.market.quick_cash.filter((note) => note < left).sort((one, other) => one - other).slice(-MOST_KEYS);
    part.placeholder = till.money.format(left);
    return byId("gift-parts").replaceChildren(
      quickKey(left, gettext("All of it"), "", till.money.format(left)),
      ...notes.map((note) => quickKey(note, "", "", till.money.formatShort(note))),
    );
  }

  function draw() {
    field.value = part.value = "";
    complain(byId("gift-amount-error"), "", part);
    complain(byId("gift-error"), till.connection.state === "offline" ? offline() : "", field);
    write(byId("gift-text"), gettext("It is held for this sale until that is paid; what is missing is paid by other means."));
  }

  function scan(text) {
    field.value = text;
    take(() => hold(text));
    return true;
  }

  return { draw, drawParts, drawTake, release, scan, focus: () => field.focus(), field };
}

function offline() {
  return gettext("Gift cards and store credit need the server, which does not answer. Take cash or the card machine.");
}

/** A gift card that is scanned while nothing is being paid: what it has. */
export async function showBalance(till, code) {
  try {
    const { balance, last4 } = await till.api.post("/till/api/gift-cards/search", { code });
    toast(fill(gettext("Gift card ··%(last4)s: %(balance)s"), { last4, balance }), { name: "wallet" });
  } catch (error) {
    toast(error instanceof Unreachable ? offline() : error.message, { tone: "warning", name: "wallet" });
  }
  return true;
}
