/**
 * The store's own card machine, which is not connected: the associate types the amount on it, and says here that it was
 * approved. Works with no server. Of the card nothing is kept but, where somebody types them, its last four figures.
 */

import { byId, complain, write } from "../dom.js";
import { fill, gettext } from "../words.js";

/** @param {{most: () => number|null, take: (work: () => void) => any, onPaid: () => any}} pay `most`: what remains, null
 *   while that is worked out */
export function cardMachine(till, { most, take, onPaid }) {
  const [field, digits] = [byId("machine-amount"), byId("machine-last4")];
  const keys = byId("machine-panel").querySelector("[data-keypad]");

  for (const one of [field, digits]) {
    one.addEventListener("input", () => {
      if (one === digits) digits.value = digits.value.replace(/\D/g, "");
      complain(byId("machine-error"), "", one);
      drawTake();
    });
    one.addEventListener("focus", () => {
      keys.dataset.keypad = one.id; // the keys on the screen type where one is
    });
  }
  byId("machine-form").addEventListener("submit", (event) => {
    event.preventDefault();
    take(confirm);
  });

  /** An empty field is all of it. */
  function amount() {
    return field.value.trim() ? till.money.parse(field.value) : most();
  }

  function confirm() {
    const charged = amount();
    if (most() <= 0) return onPaid(); // pressed twice, or once more after the disk had refused
    if (!charged || charged > most()) {
      return complain(byId("machine-error"), fill(gettext("Write an amount up to %(most)s."), { most: till.money.format(most()) }), field);
    }
    if (digits.value && digits.value.length !== 4) {
      return complain(byId("machine-error"), gettext("Write the last four figures of the card, or leave it empty."), digits);
    }
    const card = digits.value ? { card: { last4: digits.value } } : {};
    till.cart.pay({ type: "external_terminal", amount: charged, ...card });
    return onPaid();
  }

  function draw() {
    field.value = digits.value = "";
    keys.dataset.keypad = field.id;
    complain(byId("machine-error"), "", field);
    digits.removeAttribute("aria-invalid");
    drawTake();
  }

  function drawTake() {
    const [left, charged] = [most(), amount()];
    field.placeholder = left === null ? "" : till.money.format(left);
    const fits = charged && left !== null && charged <= left;
    const text = fits ? fill(gettext("Type %(amount)s on the card machine. When it says approved, confirm it here."), { amount: till.money.format(charged) }) : "";
    write(byId("machine-text"), text);
    write(byId("machine-take-label"), fits ? fill(gettext("Approved %(amount)s"), { amount: till.money.format(charged) }) : gettext("Approved"));
  }

  return { draw, drawTake, focus: () => byId("machine-take").focus(), field };
}
