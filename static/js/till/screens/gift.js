/**
 * Gift cards and store credit: the server holds what a card has for this sale, and the sale takes it. A till with no server
 * can hold nothing, and says so. A gift card is named by its number, store credit by its customer's e-mail.
 */

import { Unreachable } from "../api.js";
import { busy, byId, complain, toast, write } from "../dom.js";
import { fill, gettext } from "../words.js";

/** @param {{most: () => number|null, take: (work: () => void) => any, onPaid: () => any}} pay `most`: what remains, null
 *   while that is worked out */
export function giftCards(till, { most, take, onPaid }) {
  const field = byId("gift-code");

  field.addEventListener("input", () => complain(byId("gift-error"), "", field));
  byId("gift-form").addEventListener("submit", (event) => {
    event.preventDefault();
    take(() => hold(field.value.trim()));
  });

  /** Hold what there is, up to what remains. @param {string} typed */
  async function hold(typed) {
    if (most() <= 0) return onPaid(); // pressed twice
    if (!typed) return complain(byId("gift-error"), gettext("Scan the gift card, or type its number."), field);
    return busy(byId("gift-take"), async () => {
      const named = typed.includes("@") ? { email: typed } : { code: typed };
      const body = { sale: till.cart.uid, amount_minor: most(), currency: till.money.currency, ...named };
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
    if (till.cart.tenders.some((tender) => tender.hold === id)) {
      return complain(byId("gift-error"), gettext("This card pays for this sale already."), field);
    }
    till.cart.pay({ type, amount, hold: id, card });
    field.value = "";
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

  function draw() {
    field.value = "";
    complain(byId("gift-error"), till.connection.state === "offline" ? offline() : "", field);
    write(byId("gift-text"), gettext("What the card has is held for this sale until it is paid. What is missing is paid by other means."));
  }

  function scan(text) {
    field.value = text;
    take(() => hold(text));
    return true;
  }

  return { draw, release, scan, focus: () => field.focus(), field };
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
