/**
 * A card on the reader. What became of it is the card network's word, asked for until it is final: approved, declined or
 * canceled. While nobody knows, the sale waits in that state and says so; it is never assumed.
 */

import { Unreachable } from "../api.js";
import { byId, busy, show, write } from "../dom.js";
import { newUid } from "../ids.js";
import { fill, gettext } from "../words.js";

const POLL_MS = 700;
const SILENT_POLLS = 4; // so many questions without an answer, then it is called unknown
const AT_THE_READER = { customer_canceled: "turned_away", terminal_reader_timeout: "no_card" }; // no bank was asked
const OVER = ["declined", "turned_away", "no_card", "canceled", "failed"];

/** @param {{onPaid: (attempt: Object) => void, onOver: () => void}} ends */
export function cardReader(till, { onPaid, onOver }) {
  let timer = 0;
  let silent = 0;
  let amount = 0;

  byId("reader-check").addEventListener("click", (event) => busy(event.currentTarget, check));
  byId("reader-cancel").addEventListener("click", (event) => busy(event.currentTarget, cancel));
  byId("reader-again").addEventListener("click", () => start(amount));
  byId("reader-other").addEventListener("click", () => over());

  /** Ask for a card over so much. */
  async function start(minor) {
    amount = minor;
    const attempt = { uid: newUid(), amount: minor };
    await till.cart.setAttempt(attempt); // on the disk before anybody is asked for a card
    draw("starting");
    const counted = till.cart.tenders.map((tender) => tender.attempt).filter(Boolean);
    const body = { id: attempt.uid, sale: till.cart.uid, amount_minor: minor, currency: till.money.currency, counted };
    try {
      hear(await till.api.post("/till/api/card-attempts", body, { timeout: 25_000 }));
    } catch (error) {
      if (error instanceof Unreachable) return draw("unknown");
      if (error.code === "pin_needed") return undefined;
      if (error.code === "card_paid_already") return adopt(error.problem);
      await release(attempt.uid, error.message);
    }
    return undefined;
  }

  /** A payment that was under way when the page was left, or its computer died: go on exactly there. */
  function resume() {
    amount = till.cart.attempt.amount;
    silent = SILENT_POLLS; // with no answer now, it is unknown at once
    draw("asking");
    check();
  }

  /** A card has paid for this sale and this page has not heard of it: that payment counts, and no other is asked for. */
  async function adopt({ attempt, amount_minor: minor }) {
    amount = minor;
    await till.cart.setAttempt({ uid: attempt, amount: minor });
    draw("asking");
    return check();
  }

  /** It was refused before a card was asked for, as it seems; make sure that nothing is charged later. */
  async function release(uid, reason) {
    const path = `/till/api/card-attempts/${uid}/cancellation`;
    const answer = await till.api.post(path, {}, { timeout: 20_000 }).catch((error) => (error.code === "not_found" ? { id: uid, state: "canceled" } : null));
    if (answer && ["canceled", "declined"].includes(answer.state)) {
      await till.cart.setAttempt(null);
      return draw("failed", reason);
    }
    if (answer) return hear(answer);
    draw("unknown");
    timer = setTimeout(check, POLL_MS);
    return undefined;
  }

  async function check() {
    clearTimeout(timer);
    const { attempt } = till.cart;
    if (!attempt) return;
    try {
      const answer = await till.api.get(`/till/api/card-attempts/${attempt.uid}`, { timeout: 8_000 });
      silent = 0;
      hear(answer);
    } catch (error) {
      if (error.code === "not_found") return hear({ id: attempt.uid, state: "canceled" }); // it never got to the server
      silent += 1;
      if (silent >= SILENT_POLLS || byId("reader").dataset.state === "unknown") draw("unknown");
      timer = setTimeout(check, POLL_MS * Math.min(8, silent + 1));
    }
    return undefined;
  }

  async function cancel() {
    clearTimeout(timer);
    const { attempt } = till.cart;
    if (!attempt) return over();
    try {
      hear(await till.api.post(`/till/api/card-attempts/${attempt.uid}/cancellation`, {}, { timeout: 20_000 }));
    } catch {
      draw("unknown");
      timer = setTimeout(check, POLL_MS);
    }
    return undefined;
  }

  function hear(answer) {
    const { attempt } = till.cart;
    if (!attempt || answer.id !== attempt.uid || till.screen !== "pay") return; // a locked till asks again when it is back
    clearTimeout(timer);
    if (answer.state === "approved") {
      till.cart.pay({ type: "card_present", amount: attempt.amount, attempt: attempt.uid, card: answer.card });
      draw("approved");
      onPaid(answer);
    } else if (answer.state === "declined") {
      till.cart.setAttempt(null);
      draw(AT_THE_READER[answer.failure_code] ?? "declined", answer.failure);
    } else if (answer.state === "canceled") {
      till.cart.setAttempt(null);
      draw("canceled");
    } else {
      draw("waiting");
      timer = setTimeout(check, POLL_MS);
    }
  }

  function over() {
    show(byId("reader"), false);
    onOver();
  }

  function draw(state, detail = "") {
    const [title, text] = words(state, detail, till.money.format(amount));
    const box = byId("reader");
    box.dataset.state = state;
    write(byId("reader-title"), title);
    write(byId("reader-text"), text);
    show(byId("reader-bar"), ["asking", "starting", "waiting", "unknown"].includes(state));
    show(byId("reader-check"), state === "unknown");
    show(byId("reader-cancel"), ["waiting", "unknown"].includes(state));
    show(byId("reader-again"), OVER.includes(state));
    show(byId("reader-other"), OVER.includes(state));
    show(box, state !== "approved");
    byId("pay-back").disabled = till.cart.isPaying;
    till.tones.play(["declined", "failed"].includes(state) ? "unknown" : till.tones.last);
    if (OVER.includes(state)) byId("reader-again").focus();
  }

  return { start, resume, stop: () => clearTimeout(timer) };
}

function words(state, detail, amount) {
  return {
    asking: [gettext("Asking what became of the card"), amount],
    starting: [gettext("Waking up the reader"), amount],
    waiting: [gettext("Waiting for the card"), fill(gettext("The reader asks for %(amount)s."), { amount })],
    approved: [gettext("Approved"), amount],
    declined: [gettext("The card was declined"), `${detail} ${gettext("The card was not charged. Try another card, or take cash.")}`.trim()],
    turned_away: [gettext("The customer canceled at the reader"), gettext("The card was not charged. Ask, then try again or take cash.")],
    no_card: [gettext("No card came in time"), gettext("The card was not charged. Try again when the customer is ready, or take cash.")],
    canceled: [gettext("The card payment was canceled"), gettext("The card was not charged. Try again or take cash.")],
    failed: [gettext("The reader cannot take this payment"), `${detail} ${gettext("The card was not charged.")}`.trim()],
    unknown: [
      gettext("Not known yet whether the card was charged"),
      gettext("The answer was lost on the way. It is asked for again by itself; do not charge the card a second time. The sale waits here, and on this computer."),
    ],
  }[state];
}
