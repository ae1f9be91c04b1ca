/** The strip at the foot: where, who, since when, and whether all is well. Drawn anew when any of it changes. */

import { byId, part, show, write } from "../dom.js";
import { age, dayTime, fill, gettext, ngettext } from "../words.js";

export function statusStrip(till) {
  const { session, connection, outbox, printing } = till;
  const strip = byId("status");
  byId("status-person").addEventListener("click", () => till.lock());
  byId("status-shift").addEventListener("click", () => till.go("shift"));
  byId("status-unsent").addEventListener("click", () => till.go("sales"));
  byId("status-sales").addEventListener("click", () => till.go("sales"));
  byId("status-printer").addEventListener("click", () => till.go("settings"));
  byId("status-returns").addEventListener("click", () => !till.cart.isPaying && till.go("returns"));
  byId("status-settings").addEventListener("click", () => till.go("settings"));
  byId("status-tasks").addEventListener("click", () => till.go("tasks"));

  function draw() {
    const { state, person } = session;
    const working = Boolean(person && state?.shift && till.writes);
    write(part(byId("status-place"), "store"), state?.location.name ?? gettext("Till"));
    write(part(byId("status-place"), "register"), state?.register.name ?? "");
    show(byId("status-person"), Boolean(person));
    write(part(byId("status-person"), "text"), person?.name ?? "");
    byId("status-person").setAttribute("aria-label", fill(gettext("Lock the till. %(person)s is at it."), { person: person?.name ?? "" }));
    show(byId("status-shift"), working);
    if (working) write(part(byId("status-shift"), "text"), fill(gettext("Shift since %(time)s"), { time: dayTime(state.shift.opened_at, state.location.time_zone) }));
    drawConnection();
    drawUnsent();
    drawPrinter(Boolean(state));
    drawReader(working && state.register.has_reader);
    show(byId("status-tasks"), Boolean(person && till.writes)); // shelves are counted before the shift, too
    write(part(byId("status-tasks"), "count"), till.tasks.length ? String(till.tasks.length) : "");
    show(part(byId("status-tasks"), "count"), till.tasks.length > 0); // an empty one would leave a gap
    write(part(byId("status-tasks"), "text"), till.tasks.length ? ngettext("task", "tasks", till.tasks.length) : gettext("Tasks"));
    tone(byId("status-tasks"), till.tasks.some((task) => task.state !== "ready") ? "accent" : "");
    show(byId("status-sales"), working);
    show(byId("status-returns"), working && session.may("return.accept"));
    byId("status-returns").disabled = till.cart.isPaying;
    show(byId("status-settings"), Boolean(person && till.writes));
    byId("status-settings").disabled = till.screen === "pay" && till.cart.isPaying;
    fit();
  }

  /** Say less until everything has a place: 0 all words, 1 no words for what is well, 2 none for what is known anyway. */
  function fit() {
    for (const level of ["0", "1", "2"]) {
      strip.dataset.short = level;
      if (strip.scrollWidth <= strip.clientWidth) return;
    }
  }

  function drawConnection() {
    const box = byId("status-connection");
    const off = connection.state === "offline";
    show(part(box, "on"), !off);
    show(part(box, "off"), off);
    const words = {
      online: gettext("Online"),
      connecting: gettext("Connecting"),
      offline: fill(gettext("Offline for %(age)s"), { age: age(connection.since) }),
    };
    write(part(box, "text"), words[connection.state]);
    tone(box, { online: "positive", offline: "warning" }[connection.state] ?? "");
  }

  function drawUnsent() {
    const box = byId("status-unsent");
    const { count, oldest } = outbox;
    show(box, count > 0 && Boolean(session.state));
    if (!count) return;
    const facts = { age: age(oldest) };
    const words = connection.state === "offline" // how long stands beside it then
      ? ngettext("%(count)s sale not sent", "%(count)s sales not sent", count)
      : fill(ngettext("%(count)s sale not sent, %(age)s old", "%(count)s sales not sent, the oldest %(age)s old", count), facts);
    write(part(box, "text"), words);
    tone(box, outbox.refused.length ? "danger" : "warning");
  }

  function drawPrinter(paired) {
    const box = byId("status-printer");
    show(box, paired && Boolean(session.person));
    const printer = printing.printer;
    const good = printer?.state === "ready";
    const words = !printing.ready
      ? gettext("No printer")
      : !printer
        ? gettext("No printer set up")
        : { ready: printer.paper_low ? gettext("Paper is low") : gettext("Printer ready"), off: gettext("Printer is off"), paper_out: gettext("Paper is out"), cover_open: gettext("Printer cover is open") }[printer.state] ?? gettext("Printer needs a look");
    write(part(box, "text"), words);
    tone(box, good && !printer.paper_low ? "positive" : "warning");
  }

  function drawReader(shown) {
    const box = byId("status-reader");
    show(box, shown);
    const ready = connection.state !== "offline";
    write(part(box, "text"), ready ? gettext("Reader") : gettext("No cards"));
    tone(box, ready ? "positive" : "warning");
  }

  for (const source of [session]) for (const name of ["state", "person"]) source.addEventListener(name, draw);
  for (const source of [connection, outbox, printing]) source.addEventListener("change", draw);
  till.addEventListener("tasks", draw);
  till.addEventListener("screen", draw);
  new ResizeObserver(fit).observe(strip);
  setInterval(draw, 20_000); // ages grow
  return { draw };
}

function tone(box, name) {
  for (const one of ["positive", "warning", "danger", "accent"]) box.classList.toggle(`status-strip__item--${one}`, one === name);
}
