/** The shift: how it stands, the blind count, and what came of it. */

import { byId, busy, clearToasts, complain, fromTemplate, part, show, toast, write } from "../dom.js";
import { newUid } from "../ids.js";
import { dayTime, fill, gettext, ngettext } from "../words.js";
import { counting } from "./counting.js";
import { shiftReports } from "./shift_reports.js";

const MACHINE = "external_terminal";
const VIEWS = ["shift-now", "close-form", "closed"];

export function shiftScreen(till) {
  const count = counting(document.querySelector('[data-denominations="close"]'), byId("close-total"));
  const reports = shiftReports(till);

  byId("shift-back").addEventListener("click", () => till.go("sell"));
  byId("shift-close").addEventListener("click", (event) => busy(event.currentTarget, beginCount));
  byId("close-cancel").addEventListener("click", () => view("shift-now"));
  byId("closed-done").addEventListener("click", () => till.go(till.session.person ? "open" : "pin"));
  byId("no-sale").addEventListener("click", openDrawer);
  byId("close-form").addEventListener("submit", (event) => {
    event.preventDefault();
    busy(byId("close-submit"), close);
  });
  till.session.addEventListener("state", () => till.screen === "shift" && draw());
  till.outbox.addEventListener("change", () => till.screen === "shift" && draw());

  function view(name) {
    for (const one of VIEWS) show(byId(one), one === name);
  }

  function draw() {
    const { shift } = till.session.state;
    if (!shift) return;
    const money = (minor) => till.money.format(minor);
    const since = { time: dayTime(shift.opened_at, till.session.state.location.time_zone), person: shift.opened_by };
    write(byId("shift-since"), fill(gettext("Open since %(time)s, begun by %(person)s"), since));
    const seen = till.session.may("drawer.no_sale"); // who counts blind is not told before
    byId("shift-figures").replaceChildren(
      row("figure", gettext("Sales"), String(shift.sales)),
      ...taken(shift).map(({ label, minor }) => row("figure", label, money(minor))),
      row("figure", gettext("Expected in the drawer"), seen ? money(shift.expected_minor) : gettext("shown after the count")),
    );
    show(byId("close-slip-field"), shift.means.some(({ type }) => type === MACHINE));
    show(byId("print-last-z"), Boolean(till.session.state.last_shift));
    byId("print-x").disabled = byId("print-last-z").disabled = !till.connection.online;
    show(byId("no-sale"), till.session.may("drawer.no_sale") && till.printing.ready);
    const unsent = till.outbox.count;
    show(byId("shift-unsent"), unsent > 0);
    write(part(byId("shift-unsent"), "title"), ngettext("%(count)s sale has not been sent", "%(count)s sales have not been sent", unsent));
    byId("shift-close").disabled = unsent > 0 || !till.connection.online;
    const offline = till.connection.state === "offline" ? gettext("Closing needs the server, which does not answer.") : "";
    write(byId("shift-note"), till.cart.isEmpty ? offline : gettext("There is a sale on the screen. Finish or empty it before you close."));
    if (!till.cart.isEmpty) byId("shift-close").disabled = true;
  }

  function beginCount() {
    const { coins, notes } = till.session.state.market;
    complain(byId("close-error"), "", byId("close-total"));
    byId("close-note").value = byId("close-slip").value = "";
    clearToasts();
    view("close-form");
    count.begin(till.money, coins, notes);
    if (till.printing.ready) till.printing.kick(`count-${newUid()}`, "count");
  }

  async function close() {
    const counted = count.value();
    if (counted === null) {
      return complain(byId("close-error"), gettext("Write what you counted as an amount, such as 312.40."), byId("close-total"));
    }
    const slip = slipTotal();
    if (slip === null) {
      return complain(byId("close-error"), gettext("Write what the slip says as an amount, such as 312.40, or leave it empty."), byId("close-slip"));
    }
    try {
      await till.outbox.flush();
      const body = { counted_minor: counted, slip_minor: slip, note: byId("close-note").value };
      const shift = await till.api.post(`/till/api/shifts/${till.session.state.shift.id}/closing`, body);
      await till.session.setShift(shift);
      result(shift);
    } catch (error) {
      complain(byId("close-error"), error.message);
      if (error.code === "shift_closed") await till.session.refresh().catch(() => undefined);
    }
    return undefined;
  }

  /** What was typed of the card machine's slip: undefined for nothing, null for no amount, below zero after more refunds than sales. */
  function slipTotal() {
    const text = byId("close-slip").value.trim();
    if (byId("close-slip-field").hidden || text === "") return undefined;
    const minor = till.money.parse(text);
    return minor !== null && /^[-−]/.test(text) ? -minor : minor;
  }

  function drawSlip(slip) {
    show(byId("closed-slip"), Boolean(slip));
    if (!slip) return;
    const over = slip.batch_minor - slip.recorded_minor;
    const difference = row("sum", over > 0 ? gettext("The card machine is over") : over < 0 ? gettext("The card machine is short") : gettext("The card machine is right"), till.money.format(Math.abs(over)));
    part(difference, "amount").classList.toggle("money--negative", over !== 0);
    byId("closed-slip").replaceChildren(
      row("sum", gettext("The card machine’s slip"), till.money.format(slip.batch_minor)),
      row("sum", gettext("Recorded by the till"), till.money.format(slip.recorded_minor)),
      difference,
    );
  }

  function result(shift) {
    const over = shift.counted_minor - shift.expected_minor;
    write(byId("closed-title"), over === 0 ? gettext("The drawer is right") : over > 0 ? gettext("The drawer is over") : gettext("The drawer is short"));
    write(byId("closed-text"), gettext("The shift is closed."));
    write(byId("closed-difference"), till.money.format(Math.abs(over)));
    byId("closed-difference").classList.toggle("money--positive", over === 0);
    byId("closed-difference").classList.toggle("money--negative", over !== 0);
    write(byId("closed-counted"), till.money.format(shift.counted_minor));
    write(byId("closed-expected"), till.money.format(shift.expected_minor));
    write(byId("closed-sales"), String(shift.sales));
    byId("closed-means").replaceChildren(...taken(shift).map(({ label, minor }) => row("sum", label, till.money.format(minor))));
    drawSlip(shift.slip);
    view("closed");
    reports.close(shift);
    byId("closed-done").focus();
  }

  async function openDrawer() {
    const job = await till.printing.kick(`no-sale-${newUid()}`, "no_sale");
    if (!job || job.state === "failed") toast(job?.reason ?? gettext("The drawer could not be opened. Use the key."), { tone: "warning" });
  }

  return {
    enter() {
      reports.forget();
      view("shift-now");
      draw();
      till.session.refresh().catch(() => undefined);
      byId("shift-close").focus();
    },
  };
}

/** What came in and went back by each means, cash first even when there was none. @returns {{label: string, minor: number}[]} */
function taken({ means = [] }) {
  const cash = { type: "cash", label: gettext("Cash"), taken_minor: 0 };
  const known = means.some(({ type }) => type === "cash") ? means : [cash, ...means];
  return known.flatMap(({ type, label, taken_minor: minor, given_back_minor: back = 0 }) => {
    const rows = minor || type === "cash" ? [{ label: type === "cash" ? gettext("Cash taken") : label, minor }] : [];
    const words = type === "cash" ? gettext("Given back in cash") : fill(gettext("Given back: %(means)s"), { means: label });
    return back ? [...rows, { label: words, minor: back }] : rows;
  });
}

function row(template, label, amount) {
  const element = fromTemplate(template);
  write(part(element, "label"), label);
  write(part(element, "amount"), amount);
  return element;
}
