/** Web orders of this store: prepare them, and hand them over to who has the code. */

import { byId, busy, complain, fromTemplate, isTyping, part, redraw, show, toast, write } from "../dom.js";
import { amountText, piecesIn, typed } from "../units.js";
import { lookupKeys } from "../barcodes.js";
import { age, fill, gettext, ngettext } from "../words.js";
import { countsList } from "./counts.js";
import { arrows } from "./pin.js";
import { taskNumbers } from "./task_numbers.js";

export function tasksScreen(till) {
  let task = null;
  let code = ""; // the shopper's, when that is how the task was opened
  let checked = new Map(); // SKU → units seen
  let opened = false;
  const numbers = taskNumbers(till, drawKeys);
  const counts = countsList(till, () => draw());

  byId("tasks-back").addEventListener("click", () => till.home());
  byId("task-back").addEventListener("click", list);
  byId("tasks").addEventListener("click", (event) => {
    const key = event.target.closest("[data-task]");
    if (key) open(till.tasks.find((one) => one.id === key.dataset.task));
  });
  byId("task-lines").addEventListener("click", (event) => {
    const row = event.target.closest(".check__key")?.closest("[data-sku]");
    if (row) tick(task.lines[Number(row.dataset.place)], { all: true });
  });
  byId("code-form").addEventListener("submit", (event) => {
    event.preventDefault();
    find(byId("pickup-code").value.trim());
  });
  byId("task-code").addEventListener("click", () => {
    list();
    byId("pickup-code").focus();
  });
  byId("task-all").addEventListener("click", () => task.lines.forEach((line) => tick(line, { all: true, keep: true })));
  byId("task-ready").addEventListener("click", (event) => busy(event.currentTarget, ready));
  byId("task-hand-over").addEventListener("click", (event) => busy(event.currentTarget, () => handOver()));
  byId("task-anyway").addEventListener("click", (event) => busy(event.currentTarget, () => handOver({ anyway: true })));

  function list() {
    task = null;
    opened = false;
    code = "";
    show(byId("task"), false);
    show(byId("task-list"), true);
    complain(byId("code-error"), "", byId("pickup-code")); // not in draw: news of other tasks would wipe it away unread
    counts.load();
    draw();
  }

  function draw() {
    if (opened) return;
    const offline = till.connection.state === "offline" && !till.tasks.length;
    const focused = document.activeElement?.dataset.task;
    byId("tasks").replaceChildren(...till.tasks.map(taskRow));
    if (focused) byId("tasks").querySelector(`[data-task="${CSS.escape(focused)}"]`)?.focus();
    show(byId("tasks-empty"), !till.tasks.length && !counts.some && !offline);
    show(byId("tasks-offline"), offline);
  }

  async function find(text) {
    try {
      const found = await till.api.post("/till/api/pickups/search", { code: text });
      byId("pickup-code").value = "";
      open(found, text);
    } catch (error) {
      list();
      till.tones.play("unknown");
      complain(byId("code-error"), error.message, byId("pickup-code"));
    }
  }

  function open(found, withCode = "") {
    if (!found) return;
    task = found;
    code = withCode;
    checked = new Map();
    opened = true;
    numbers.begin(isHanding() ? found : { lines: [] });
    show(byId("task-list"), false);
    show(byId("task"), true);
    drawTask();
    byId("task-title").focus();
  }

  /** Whether the shopper is here and the goods are ready: now their serial numbers are asked for. */
  function isHanding() {
    return task.type === "pickup" && task.state === "ready" && Boolean(code);
  }

  function drawTask() {
    write(byId("task-title"), task.customer || fill(gettext("Order %(number)s"), { number: task.order }));
    write(byId("task-for"), fill(gettext("Order %(number)s, placed on the web"), { number: task.order }));
    stateChip(byId("task-chip"), task);
    redraw(byId("task-lines"), task.lines.map(checkRow));
    drawKeys();
    complain(byId("task-error"), "");
  }

  function drawKeys() {
    const isPickup = task.type === "pickup";
    const complete = task.lines.every((line) => seen(line) >= line.quantity);
    show(byId("task-ready"), isPickup && task.state !== "ready" && task.state !== "done");
    show(byId("task-hand-over"), isHanding());
    byId("task-ready").disabled = !complete;
    byId("task-hand-over").disabled = !complete || !numbers.isComplete;
    show(byId("task-anyway"), isHanding() && numbers.isAsked && complete);
    show(byId("task-code"), isPickup && task.state === "ready" && !code);
    show(byId("task-all"), task.state !== "done" && !complete && !(isPickup && task.state === "ready" && !code));
    write(byId("task-hint"), hint(complete, isPickup));
  }

  function hint(complete, isPickup) {
    if (!isPickup) return gettext("Packed and sent from the back office, under Shipping.");
    if (task.state === "ready" && !code) return gettext("Scan the shopper’s code, or type it, to hand it over.");
    if (task.state !== "ready" && code) return gettext("Not prepared yet: take the items off the shelf, mark it ready, then hand it over.");
    if (complete && isHanding() && !numbers.isComplete) return gettext("Scan or type the serial number of each piece.");
    if (complete) return "";
    return gettext("Scan each item, or press it, to check it off.");
  }

  function seen(line) {
    return checked.get(line.sku) ?? 0;
  }

  function tick(line, { all = false, keep = false, pieces = 1 } = {}) {
    const full = seen(line) >= line.quantity;
    const step = line.unit === "each" ? pieces : line.quantity; // what is measured was cut to its length: all of it at once
    checked.set(line.sku, all ? (full && !keep ? 0 : line.quantity) : Math.min(line.quantity, seen(line) + step));
    drawTask();
  }

  async function ready() {
    await act(`/till/api/tasks/${task.id}/readiness`, {}, gettext("Ready. The shopper gets an e-mail."));
  }

  async function handOver({ anyway = false } = {}) {
    const body = { code, serials: numbers.body(), anyway };
    await act(`/till/api/pickups/${task.id}/handover`, body, gettext("Handed over. Thank the shopper for us."));
  }

  async function act(path, body, said) {
    try {
      const answer = await till.api.post(path, body);
      till.tones.play("paid");
      toast(said);
      await till.loadTasks();
      if (answer.state === "ready" && code) open(answer, code);
      else list();
    } catch (error) {
      till.tones.play("unknown");
      complain(byId("task-error"), error.message);
    }
  }

  function taskRow(one) {
    const row = fromTemplate("task");
    row.firstElementChild.dataset.task = one.id;
    const units = one.lines.reduce((sum, line) => sum + piecesIn(line.quantity, line.unit), 0);
    write(part(row, "title"), one.customer || fill(gettext("Order %(number)s"), { number: one.order }));
    const facts = [one.order, ngettext("%(count)s item", "%(count)s items", units)];
    if (one.placed_at) facts.push(fill(gettext("%(age)s ago"), { age: age(one.placed_at) }));
    write(part(row, "text"), facts.join(" · "));
    stateChip(part(row, "chip"), one);
    return row;
  }

  function checkRow(line, place) {
    const row = fromTemplate("check");
    const key = row.firstElementChild;
    const picture = till.catalog.bySku(line.sku)?.picture;
    row.dataset.sku = line.sku;
    row.dataset.place = place;
    show(part(row, "picture"), Boolean(picture));
    if (picture) part(row, "picture").src = till.mediaUrl + picture;
    write(part(row, "name"), line.name);
    write(part(row, "sku"), line.sku);
    write(part(row, "count"), fill(gettext("%(seen)s of %(all)s"), { seen: typed(seen(line), line.scale), all: amountText(line.quantity, line.unit, line.scale) }));
    key.setAttribute("aria-pressed", String(seen(line) >= line.quantity));
    numbers.fields(row, line);
    return row;
  }

  /** A scan of one unit's number counts the unit, too. True when it was one. */
  function scanNumber(scan) {
    if (scan.kind === "product" && !scan.number) return false;
    const sku = numbers.take(scan.number ?? scan.text, scan.variant?.sku);
    const line = task.lines.find((one) => one.sku === sku);
    if (!line) return false;
    tick(line);
    till.tones.play("added");
    return true;
  }

  /** A line of the open task by what was scanned. */
  function lineOf(scan) {
    const keys = new Set(lookupKeys(scan.text));
    return task.lines.find(
      (line) => line.sku === scan.variant?.sku || line.barcodes.some((barcode) => lookupKeys(barcode).some((key) => keys.has(key))),
    );
  }

  till.addEventListener("tasks", () => till.screen === "tasks" && draw());
  return {
    enter({ pickup = "" } = {}) {
      list();
      till.loadTasks().catch(() => undefined);
      if (pickup) find(pickup);
      else byId("tasks-title").focus();
    },
    /** The arrow keys walk down the list that is shown, from its title on. */
    onKey: (event) => !isTyping(event.target) && arrows(event, byId(opened ? "task-lines" : "tasks")),
    onScan(scan) {
      if (scan.kind === "pickup") {
        find(scan.text);
        return true;
      }
      if (!task) return scan.kind === "product" ? till.refuseScan(gettext("Open a task to check items off, or go back to sell.")) : false;
      if (scanNumber(scan)) return true;
      const line = scan.kind === "receipt" ? null : lineOf(scan);
      if (!line) return till.refuseScan(gettext("This is not in this order. Put it back."));
      if (seen(line) >= line.quantity) return till.refuseScan(gettext("There are enough of these already."));
      tick(line, { pieces: scan.variant?.perScan ?? 1 });
      till.tones.play("added");
      return true;
    },
  };
}

function stateChip(chip, task) {
  const [text, tone] = {
    ready: [gettext("Ready to collect"), "chip chip--positive"],
    done: [gettext("Handed over"), "chip"],
  }[task.state] ?? [task.type === "pickup" ? gettext("To prepare") : gettext("To ship"), "chip chip--warning"];
  chip.className = tone;
  write(chip, text);
}
