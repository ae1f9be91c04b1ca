/** How much of what is weighed or measured: a number pad over the tiles; a scan closes it. */

import { byId, clearToasts, complain, show, write } from "../dom.js";
import { nameOf } from "../receipts.js";
import { amountText, smallest, symbol, typed } from "../units.js";
import { fill, gettext } from "../words.js";

/** @param {{measure: string, scale: number, product: string, title: string}} goods */
export function tooFine(goods) {
  const step = amountText(1, goods.measure, goods.scale);
  return fill(gettext("%(name)s is sold in steps of %(step)s."), { name: nameOf(goods), step });
}

export function amountPad(till) {
  const box = byId("amount");
  const field = byId("amount-field");
  let opener = null;
  let goods = null;
  let onTaken = null;

  byId("amount-close").addEventListener("click", close);
  byId("amount-form").addEventListener("submit", (event) => {
    event.preventDefault();
    take();
  });
  field.addEventListener("input", draw);
  till.prices.addEventListener("change", () => !box.hidden && draw());

  /** @param {Object} asked a variant, or the line of the sale @param {(quantity: number) => void} taken */
  function open(asked, taken, quantity = 0) {
    opener = document.activeElement;
    clearToasts();
    goods = asked;
    onTaken = taken;
    write(byId("amount-title"), nameOf(goods));
    write(byId("amount-unit"), symbol(goods.measure));
    field.value = quantity ? typed(quantity, goods.scale) : "";
    complain(byId("amount-error"), "", field);
    draw();
    show(box);
    field.focus();
    field.select();
  }

  function close() {
    if (box.hidden) return;
    show(box, false);
    if (opener?.isConnected) opener.focus();
    else field.blur();
  }

  function draw() {
    const quantity = smallest(field.value, goods.scale);
    complain(byId("amount-error"), "", field);
    byId("amount-add").disabled = field.value === "";
    const unit = goods.override?.amount ?? till.prices.of(goods)?.amount;
    write(byId("amount-text"), unit === undefined ? "" : `${till.money.format(unit)} / ${symbol(goods.measure)}`);
    write(byId("amount-sum"), quantity && unit !== undefined ? till.money.format(Math.round((unit * quantity) / goods.scale)) : "");
  }

  function take() {
    const quantity = smallest(field.value, goods.scale);
    if (quantity === null) return refuse(tooFine(goods));
    if (quantity === 0) return refuse(fill(gettext("Enter %(least)s or more."), { least: amountText(1, goods.measure, goods.scale) }));
    close();
    return onTaken(quantity);
  }

  function refuse(text) {
    complain(byId("amount-error"), text, field);
    till.tones.play("unknown");
    field.select();
  }

  return {
    open,
    close,
    get isOpen() {
      return !box.hidden;
    },
  };
}
