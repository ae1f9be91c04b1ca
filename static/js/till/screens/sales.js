/** The sales of this till: what has not been sent and why, and copies of receipts. */

import { byId, busy, fromTemplate, part, show, write } from "../dom.js";
import { warningWords } from "../warnings.js";
import { age, dayTime, fill, gettext, ngettext } from "../words.js";

const MOST_MARKS = 500;

export function salesScreen(till) {
  let wanted = "";
  let cameBack = {}; // {pieces, all} by receipt number

  byId("sales-back").addEventListener("click", () => till.go("sell"));
  byId("send-now").addEventListener("click", (event) => busy(event.currentTarget, () => till.outbox.retry()));
  byId("sales").addEventListener("click", (event) => {
    const row = event.target.closest("[data-part=copy]")?.closest("[data-sale]");
    if (row) busy(event.target.closest("[data-part=copy]"), () => till.printCopy(row.dataset.sale));
    const back = event.target.closest("[data-part=return]")?.closest("[data-sale]");
    if (back && !till.cart.isPaying) till.go("returns", { text: back.dataset.number });
  });
  till.outbox.addEventListener("change", () => till.screen === "sales" && draw());

  async function draw() {
    const rows = await till.outbox.recent();
    const order = { refused: 0, queued: 1, sent: 2 };
    rows.sort((one, other) => order[one.state] - order[other.state] || other.at - one.at);
    byId("sales").replaceChildren(...rows.map(saleRow));
    show(byId("sales-empty"), rows.length === 0);
    const { count, oldest } = till.outbox;
    const unsent = ngettext("%(count)s sale is not sent yet, the oldest made %(age)s ago.", "%(count)s sales are not sent yet, the oldest made %(age)s ago.", count);
    write(byId("sales-text"), count ? fill(unsent, { age: age(oldest) }) : gettext("All sales have arrived at the server."));
    show(byId("send-now"), count > 0);
    const found = wanted && byId("sales").querySelector(`[data-number="${CSS.escape(wanted)}"]`);
    if (found) {
      found.classList.add("changed");
      found.scrollIntoView({ block: "center" });
      part(found, "copy").focus();
    }
    wanted = "";
    for (const row of byId("sales").children) mark(row);
  }

  /** The server knows what came back of these sales, at whatever till; with no server the list goes without. */
  async function askWhatCameBack() {
    if (!till.session.may("return.accept")) return;
    const receipts = (await till.outbox.recent()).filter(({ state }) => state === "sent").map(({ envelope }) => envelope.receipt_number);
    if (!receipts.length) return;
    const answer = await till.api.post("/till/api/returns/marks", { receipts: receipts.slice(0, MOST_MARKS) }).catch(() => null);
    if (!answer || till.screen !== "sales") return;
    cameBack = answer.came_back;
    for (const row of byId("sales").children) mark(row);
  }

  function mark(row) {
    const back = cameBack[row.dataset.number];
    show(part(row, "back"), Boolean(back));
    if (!back) return;
    write(part(row, "back"), back.all ? gettext("All came back") : ngettext("%(count)s item came back", "%(count)s items came back", back.pieces));
    if (back.all) show(part(row, "return"), false);
  }

  function saleRow(sale) {
    const row = fromTemplate("sale");
    const { envelope } = sale;
    row.dataset.sale = sale.id;
    row.dataset.number = envelope.receipt_number;
    const units = envelope.lines.reduce((sum, line) => sum + (line.scale ? 1 : line.quantity), 0);
    write(part(row, "title"), envelope.receipt_number);
    const facts = [
      ...(sale.answer?.number ? [fill(gettext("Order %(number)s"), { number: sale.answer.number })] : []),
      dayTime(sale.at, till.session.state.location.time_zone), 
      ngettext("%(count)s item", "%(count)s items", units),
      sale.receipt?.cashier ?? envelope.cashier,
    ];
    if (sale.copies) facts.push(ngettext("%(count)s copy", "%(count)s copies", sale.copies));
    write(part(row, "text"), facts.join(" · "));
    const [text, tone] = {
      sent: [gettext("Sent"), "chip chip--positive"],
      queued: [gettext("Waits to be sent"), "chip chip--warning"],
      refused: [gettext("Not taken by the server"), "chip chip--danger"],
    }[sale.state];
    part(row, "chip").className = tone;
    write(part(row, "chip"), text);
    const refused = sale.state === "refused";
    const reason = refused ? fill(gettext("%(reason)s It is kept here and was put before the back office."), { reason: sale.reason }) : warningWords(sale.answer?.warnings);
    show(part(row, "reason"), Boolean(reason));
    part(row, "reason").classList.toggle("sale__reason--note", !refused);
    write(part(row, "reason"), reason);
    write(part(row, "amount"), till.money.format(envelope.tenders.reduce((sum, tender) => sum + tender.amount.amount, 0)));
    part(row, "copy").disabled = !sale.receipt;
    part(row, "return").setAttribute("aria-label", fill(gettext("Return something of %(receipt)s"), { receipt: envelope.receipt_number }));
    show(part(row, "return"), sale.state === "sent" && till.session.may("return.accept"));
    return row;
  }

  return {
    enter({ number = "" } = {}) {
      wanted = number;
      draw();
      askWhatCameBack();
      byId("sales-title").focus();
    },
    onScan(scan) {
      if (scan.kind !== "receipt") return false;
      wanted = scan.text;
      draw();
      return true;
    },
  };
}
