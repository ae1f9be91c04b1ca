/** The sale is made: the change in the largest type there is, the paper, and the way to the next one. */

import { byId, busy, part, show, toast, write, writeLarge } from "../dom.js";
import { receiptOf, tenderLabel } from "../receipts.js";
import { warningWords } from "../warnings.js";
import { fill, gettext } from "../words.js";
import { drawPrintState } from "./print_state.js";

const TELL_AGAIN_MS = 60_000;

export function doneScreen(till) {
  let sale = null;
  let picture = "";
  const told = new Set(); // ten sales sent at once that have the same to say, say it once

  byId("new-sale").addEventListener("click", () => till.go("sell"));
  byId("reprint").addEventListener("click", (event) => busy(event.currentTarget, reprint));
  till.printing.addEventListener("change", () => till.screen === "done" && drawPrint());
  till.outbox.addEventListener("change", ({ detail }) => {
    if (till.screen === "done" && detail.row?.id === sale?.id) drawAnswer(detail.row);
  });

  till.outbox.addEventListener("answered", ({ detail }) => {
    if (till.session.person && (till.screen !== "done" || detail.row.id !== sale?.id)) tellLate(detail.row);
  });

  async function paper(isCash) {
    if (isCash) till.printing.kick(`kick-${sale.id}`, "cash_sale");
    const { number } = sale.receipt;
    const laidOut = receiptOf(till.engine, sale.receipt, till.money);
    till.printing.print(laidOut, `receipt-${sale.id}`);
    drawPrint();
    const document = await laidOut.catch(() => null); // printing says so
    if (!document || !isShown(number)) return;
    drawLines(document);
    const drawn = await till.printing.picture(document);
    if (drawn && isShown(number)) drawPicture(drawn, document);
  }

  function isShown(number) {
    return till.screen === "done" && sale.receipt.number === number;
  }

  async function reprint() {
    const { job } = till.printing;
    const failed = job?.job_id === `receipt-${sale.id}` && ["failed", "blocked"].includes(job.state);
    if (failed) return till.printing.print(receiptOf(till.engine, sale.receipt, till.money), job.job_id);
    return till.printCopy(sale.id);
  }

  function drawPicture(blob, document) {
    URL.revokeObjectURL(picture);
    picture = URL.createObjectURL(blob);
    const image = byId("receipt-picture");
    image.src = picture;
    image.alt = textOf(document).join("\n");
    show(image);
    show(byId("receipt-lines"), false);
  }

  /** Until the picture is there, and where nothing can draw one. */
  function drawLines(document) {
    const lines = byId("receipt-lines");
    lines.replaceChildren(...textOf(document).map((text) => Object.assign(window.document.createElement("p"), { textContent: text })));
    show(lines);
  }

  function drawPrint() {
    const words = { done: gettext("Receipt printed"), busy: gettext("Printing the receipt") };
    const state = drawPrintState(byId("print-state"), till.printing.job, words);
    write(part(byId("reprint"), "text"), ["failed", "blocked"].includes(state) ? gettext("Reprint") : gettext("Print a copy"));
  }

  /** What an earlier sale was answered, while the next one is on the screen; under Sales it stays to be read again. */
  function tellLate(row) {
    const text = warningWords(row.answer?.warnings);
    if (!text || told.has(text)) return;
    told.add(text);
    setTimeout(() => told.delete(text), TELL_AGAIN_MS);
    toast(fill(gettext("Receipt %(number)s: %(text)s"), { number: row.envelope.receipt_number, text }));
  }

  function drawAnswer(row) {
    const text = row.state === "refused"
      ? fill(gettext("The server did not take this sale: %(reason)s It is kept under Sales, and the back office was told."), { reason: row.reason })
      : warningWords(row.answer?.warnings);
    show(byId("done-warning"), Boolean(text));
    write(part(byId("done-warning"), "text"), text);
  }

  return {
    /** @param {{row: Object, change: number}} made */
    enter({ row, change }) {
      sale = row;
      sale.receipt.number = row.envelope.receipt_number;
      const total = sale.receipt.priced.total + sale.receipt.rounding;
      write(byId("done-label"), change ? gettext("Change due") : gettext("Paid"));
      writeLarge(byId("done-change"), till.money.format(change || total));
      const how = sale.receipt.tenders.map((tender) => `${tenderLabel(tender)} ${till.money.format(tender.tendered ?? tender.amount)}`);
      write(byId("done-facts"), [fill(gettext("Receipt %(number)s"), { number: row.envelope.receipt_number }), ...how].join(" · "));
      drawAnswer(row);
      for (const id of ["receipt-picture", "receipt-lines"]) show(byId(id), false);
      till.tones.play("paid");
      paper(sale.receipt.tenders.some((tender) => tender.type === "cash"));
      byId("new-sale").focus();
    },
    /** The next customer's first item begins the next sale. */
    onScan(scan) {
      if (scan.kind !== "product") return false;
      till.go("sell");
      return till.scanned(scan);
    },
  };
}

/** A receipt as lines of text, for those who do not see the picture. */
function textOf(document) {
  return document.blocks.flatMap((block) => {
    if (block.type === "text") return block.text.split("\n");
    if (block.type === "line_item") return [[block.name, block.detail, block.amount], ...(block.notes ?? []).map((note) => [note.text, note.amount])].map((cells) => cells.filter(Boolean).join(" "));
    if (block.type === "total") return [`${block.label} ${block.amount}`];
    if (block.type === "columns") return [block.cells.map((cell) => cell.text).join(" ")];
    if (block.type === "table") return block.rows.map((row) => row.join(" "));
    return [];
  });
}
