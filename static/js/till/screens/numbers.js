/** Asks for the serial numbers of a line: scanned, typed, or picked from those that stand here. */

import { byId, announce, complain, fromTemplate, part, show, write } from "../dom.js";
import { lacking, normalizeNumber } from "../numbers.js";
import { nameOf } from "../receipts.js";
import { fill, gettext, ngettext } from "../words.js";

const LONGEST = 80;
const MOST_SHOWN = 60;

export function numbersPanel(till) {
  const { cart, numbers } = till;
  const box = byId("numbers");
  const field = byId("number");
  let lineId = "";
  let doubtful = ""; // a number that the books do not have here: taken when somebody says so

  byId("numbers-close").addEventListener("click", close);
  byId("number-form").addEventListener("submit", (event) => {
    event.preventDefault();
    take(field.value);
  });
  field.addEventListener("input", () => {
    doubt("");
    draw(); // only those that what was typed is part of
  });
  byId("number-anyway").addEventListener("click", () => add(doubtful));
  byId("numbers-here").addEventListener("click", (event) => {
    const key = event.target.closest("[data-number]");
    if (key) add(key.dataset.number);
  });
  byId("numbers-chosen").addEventListener("click", (event) => {
    const key = event.target.closest("[data-number]");
    if (key) put(serials().filter((number) => number !== key.dataset.number));
  });
  cart.addEventListener("change", () => !box.hidden && draw());
  numbers.addEventListener("change", () => !box.hidden && draw());

  const line = () => cart.line(lineId);
  const serials = () => line()?.serials ?? [];

  /** @param {string} id of the line */
  function open(id) {
    lineId = id;
    field.value = "";
    doubt("");
    complain(byId("number-error"), "", field);
    show(box);
    draw();
    document.querySelector("[data-till-view=items]").click();
    box.scrollIntoView?.({ block: "nearest" });
    field.focus();
  }

  function close() {
    if (box.hidden) return;
    show(box, false);
    lineId = "";
  }

  /** A number that was scanned or typed; scans of it come here, too. */
  function take(text) {
    const number = normalizeNumber(text);
    const problem = problemOf(number);
    complain(byId("number-error"), problem, field);
    doubt("");
    if (problem) return refuse(problem);
    if (numbers.isHere(line().sku, number)) return add(number);
    field.value = number;
    return doubt(number);
  }

  function problemOf(number) {
    if (!number) return gettext("Scan the label, or type its number.");
    if (number.length > LONGEST) return fill(gettext("A serial number has at most %(most)s letters and figures."), { most: LONGEST });
    const inSale = cart.lines.some((one) => one.sku === line().sku && (one.serials ?? []).includes(number));
    if (inSale) return fill(gettext("%(number)s is in this sale already. Each piece has a number of its own."), { number });
    if (lacking(line(), numbers) <= 0) return gettext("All pieces have their numbers.");
    return "";
  }

  function refuse(problem) {
    till.tones.play("unknown");
    announce(problem, { urgent: true });
    field.select();
  }

  /** Warn of a number that is not in stock here; with a server, say why. */
  function doubt(number) {
    doubtful = number;
    show(byId("number-warning"), Boolean(number));
    if (!number) return;
    till.tones.play("warning");
    warn(fill(gettext("%(number)s is not in stock here. Check the label."), { number }));
    explain(number, line().sku).catch(() => undefined);
  }

  async function explain(number, sku) {
    const found = await till.api.get(`/till/api/serials/${encodeURIComponent(sku)}?number=${encodeURIComponent(number)}`);
    if (doubtful !== number) return;
    const texts = {
      unknown: gettext("Nobody has received %(number)s. Check the label."),
      sold: gettext("%(number)s is sold already: order %(order)s. Check the label."),
      in_stock: gettext("The books have %(number)s at %(location)s. Check the label."),
      in_transit: gettext("%(number)s is on its way between two stores. Check the label."),
      damaged: gettext("%(number)s is marked as damaged. Check whether it may be sold."),
      gone: gettext("%(number)s was written off. Check the label."),
    };
    if (found.state === "in_stock" && found.is_here) return add(number);
    const plain = found.state === "sold" && !found.order ? gettext("%(number)s is sold already. Check the label.") : texts[found.state];
    warn(fill(plain ?? texts.unknown, { number, ...found }));
  }

  function warn(text) {
    write(byId("number-warning-text"), text);
    announce(text, { urgent: true });
  }

  function add(number) {
    if (!number || problemOf(number)) return undefined;
    put([...serials(), number]);
    till.tones.play("added");
    const left = line() ? lacking(line(), numbers) : 0;
    if (left === 0) return close();
    field.value = "";
    doubt("");
    draw();
    return field.focus();
  }

  function put(list) {
    cart.setSerials(lineId, list);
  }

  function draw() {
    const of = line();
    if (!of || !numbers.tracks(of.sku)) return close();
    const missing = lacking(of, numbers);
    write(byId("numbers-title"), nameOf(of));
    write(byId("numbers-text"), wordsOf(missing));
    byId("numbers-chosen").replaceChildren(...serials().map(chosenRow));
    const free = numbers.inStock(of.sku).filter((number) => !serials().includes(number));
    const typed = normalizeNumber(field.value);
    const like = free.filter((number) => number.includes(typed));
    byId("numbers-here").replaceChildren(...(missing > 0 ? (like.length ? like : free).slice(0, MOST_SHOWN) : []).map(pick));
    show(byId("numbers-here-title"), missing > 0 && free.length > 0);
    write(byId("numbers-here-title"), ngettext("%(count)s in stock here", "%(count)s in stock here", free.length));
    show(byId("number-form"), missing > 0);
  }

  return {
    open,
    close,
    get isOpen() {
      return !box.hidden;
    },
    /** A scan while the panel is open: true when it was for it. */
    onScan(scan) {
      if (box.hidden || scan.kind === "product") return false;
      if (lacking(line(), numbers) > 0) take(scan.text);
      else refuse(gettext("All pieces have their numbers."));
      return true;
    },
  };
}

/** What a line still needs, in words; empty when all is well. */
export function wordsOf(missing) {
  if (missing > 0) return ngettext("%(count)s serial number is missing", "%(count)s serial numbers are missing", missing);
  if (missing < 0) return ngettext("%(count)s serial number too many: take out the one that stays here", "%(count)s serial numbers too many: take out those that stay here", -missing);
  return "";
}

function chosenRow(number) {
  const row = fromTemplate("number");
  const key = part(row, "remove");
  write(part(row, "number"), number);
  key.dataset.number = number;
  key.setAttribute("aria-label", fill(gettext("Take out %(number)s"), { number }));
  return row;
}

function pick(number) {
  const key = fromTemplate("number-pick");
  key.dataset.number = number;
  write(key, number);
  return key;
}
