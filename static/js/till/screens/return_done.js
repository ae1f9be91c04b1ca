/** What became of a return: cash to hand over in the largest type, what is on its way to a card, the paper. */

import { byId, busy, fromTemplate, part, show, write, writeLarge } from "../dom.js";
import { newUid } from "../ids.js";
import { fill, gettext, ngettext } from "../words.js";
import { drawPrintState } from "./print_state.js";
import { moneyOf } from "./returns.js";

const ASK_MS = 2_500;
const MOST_ASKS = 12;

/** @param {{onFinish: () => void}} ends */
export function returnDone(till, { onFinish }) {
  let record = null;
  let picture = "";
  let timer = 0;
  let asks = 0;
  let copies = 0;

  byId("return-finish").addEventListener("click", onFinish);
  byId("return-reprint").addEventListener("click", (event) => busy(event.currentTarget, printCopy));
  till.printing.addEventListener("change", () => record && isShown() && drawPrint());

  function isShown() {
    return till.screen === "returns" && !byId("return-done").hidden;
  }

  function begin(answer) {
    record = answer;
    asks = copies = 0;
    draw();
    show(byId("return-picture"), false);
    const cash = record.refunds.some((one) => one.is_cash);
    if (cash) till.printing.kick(`kick-return-${record.id}`, "refund");
    till.tones.play("paid");
    paper();
    byId("return-finish").focus();
    askAgain();
  }

  function draw() {
    const money = moneyOf(record.currency, till);
    const cash = record.refunds.filter((one) => one.is_cash).reduce((sum, one) => sum + one.amount_minor, 0);
    const isOpen = record.refunds.some((one) => one.by === "network" && one.state !== "succeeded");
    const label = cash ? gettext("Hand over") : isOpen ? gettext("On its way back") : gettext("Given back");
    write(byId("return-done-label"), label);
    writeLarge(byId("return-amount"), money.format(cash || record.total_minor));
    byId("return-amount").classList.toggle("money--positive", !record.refunds.some((one) => one.state === "failed"));
    const facts = { number: record.number, order: record.order };
    write(byId("return-done-facts"), `${fill(gettext("Return %(number)s of order %(order)s"), facts)} · ${ngettext("%(count)s item", "%(count)s items", record.pieces)}`);
    byId("return-outcome").replaceChildren(...record.refunds.map((one) => backPart(one, money, outcomeWords(one))));
  }

  /** A card refund that was not answered yet: the screen says so until it is. */
  function askAgain() {
    clearTimeout(timer);
    if (!record.refunds.some((one) => one.state === "pending") || asks >= MOST_ASKS) return;
    timer = setTimeout(async () => {
      asks += 1;
      const answer = await till.api.get(`/till/api/returns/${record.id}`, { timeout: 15_000 }).catch(() => null);
      if (!isShown() || (answer && answer.id !== record.id)) return;
      if (answer) record = { ...answer, document: record.document };
      draw();
      askAgain();
    }, ASK_MS);
  }

  /** The store's copy, to be signed where cash is given, comes out first: it is laid before the customer with the money. */
  async function paper() {
    const { document, id, store_copy: toSign } = record;
    if (toSign) till.printing.print(toSign, `return-${id}-store`);
    till.printing.print(document, `return-${id}`);
    drawPrint();
    const drawn = await till.printing.picture(document);
    if (!drawn || record.id !== id || !isShown()) return;
    URL.revokeObjectURL(picture);
    picture = URL.createObjectURL(drawn);
    byId("return-picture").src = picture;
    byId("return-picture").alt = fill(gettext("The paper of return %(number)s"), { number: record.number });
    show(byId("return-picture"));
  }

  function drawPrint() {
    drawPrintState(byId("return-print"), till.printing.job, { done: gettext("Receipt printed"), busy: gettext("Printing the receipt") });
  }

  /** The same paper again says which copy it is. */
  function printCopy() {
    copies += 1;
    const copy = { ...record.document, copy: copies, copy_label: fill(gettext("COPY %(number)s"), { number: copies }) };
    return till.printing.print(copy, `return-${record.id}-${newUid()}`);
  }

  return { show: begin, leave: () => clearTimeout(timer) };
}

/** "$24.00 back to Visa ending in 4242", planned or done. */
export function backPart(one, money, text) {
  const row = fromTemplate("back-part");
  const failed = one.state === "failed";
  show(part(row, "icon-bad"), failed);
  show(part(row, "icon-cash"), !failed && one.tender === "cash");
  show(part(row, "icon-card"), !failed && one.tender !== "cash");
  row.classList.toggle("return__part--bad", failed);
  write(part(row, "label"), one.label);
  write(part(row, "text"), text);
  write(part(row, "amount"), money.format(one.amount_minor));
  return row;
}

function outcomeWords(one) {
  if (one.state === "failed") return fill(gettext("It could not be given back: %(why)s It is still owed, and the back office was told."), { why: one.failure });
  if (one.is_cash) return gettext("Out of the drawer.");
  if (one.tender === "external_terminal") return gettext("Given back on the card machine.");
  if (one.card_number) return fill(gettext("A new gift card: %(number)s. It stands on the paper and is not shown again."), { number: one.card_number });
  if (one.by === "transfer") return gettext("The back office asks for the account and sends it.");
  if (one.by === "wallet") return gettext("Given back: it can be spent at once.");
  if (one.state === "pending") return gettext("On its way. The card network has not answered yet; it is asked for again by itself.");
  if (one.state === "sent") return gettext("On its way: the card network has it. The bank shows it within 5 to 10 days.");
  return gettext("Given back. The bank shows it within 5 to 10 days.");
}
