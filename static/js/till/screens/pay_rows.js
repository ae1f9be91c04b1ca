/** What the pay screen draws many of: keys for amounts, and what has been paid so far. */

import { fromTemplate, part, show, write } from "../dom.js";
import { tenderLabel } from "../receipts.js";

/** A key that takes an amount. */
export function quickKey(amount, label, key, text) {
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

/** A part that was paid; what went through at the reader cannot be taken out again. */
export function tenderRow(tender, place, money) {
  const row = fromTemplate("tender");
  row.dataset.place = place;
  show(part(row, "icon-cash"), tender.type === "cash");
  show(part(row, "icon-card"), tender.type !== "cash" && !tender.hold);
  show(part(row, "icon-gift"), Boolean(tender.hold));
  write(part(row, "label"), tenderLabel(tender));
  write(part(row, "amount"), money.format(tender.amount));
  show(part(row, "remove"), tender.type !== "card_present");
  return row;
}
