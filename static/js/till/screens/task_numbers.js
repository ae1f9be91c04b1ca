/** The serial numbers of a web order that is handed over: a field for each unit, filled by hand or by scanner. */

import { byId, fromTemplate, part, show, write } from "../dom.js";
import { normalizeNumber } from "../numbers.js";
import { fill, gettext } from "../words.js";

/** @param {() => void} changed called when a number was typed or scanned */
export function taskNumbers(till, changed) {
  const given = new Map(); // SKU → numbers, one place for each unit

  byId("task-lines").addEventListener("input", (event) => {
    const field = event.target.closest("[data-unit]");
    if (!field) return;
    given.get(field.dataset.of)[Number(field.dataset.unit)] = field.value;
    changed();
  });

  function begin(task) {
    given.clear();
    for (const line of task.lines) if (line.has_serials) given.set(line.sku, Array(Number(line.quantity)).fill(""));
  }

  /** Put the fields of a line under its row. */
  function fields(row, line) {
    const box = part(row, "numbers");
    const places = given.get(line.sku) ?? [];
    show(box, places.length > 0);
    box.replaceChildren(...places.map((number, place) => unitField(line, number, place, places.length)));
  }

  function numbersOf(sku) {
    return (given.get(sku) ?? []).map(normalizeNumber).filter(Boolean);
  }

  return {
    begin,
    fields,
    /** Whether every unit has a number of its own. */
    get isComplete() {
      return [...given].every(([sku, places]) => new Set(numbersOf(sku)).size === places.length);
    },
    get isAsked() {
      return given.size > 0;
    },
    /** For the server: numbers by SKU. */
    body: () => Object.fromEntries([...given.keys()].map((sku) => [sku, numbersOf(sku)])),
    /** A scanned number goes to the first unit that has none, of `sku` or of whatever line needs one. */
    take(text, sku = "") {
      const number = normalizeNumber(text);
      for (const [of, places] of given) {
        if ((sku && of !== sku) || numbersOf(of).includes(number)) continue;
        const place = places.findIndex((one) => !one.trim());
        if (place === -1) continue;
        places[place] = number;
        changed();
        return of;
      }
      return "";
    },
  };

  function unitField(line, number, place, all) {
    const element = fromTemplate("unit-number");
    const field = part(element, "field");
    const [label, id] = [part(element, "label"), `unit-${line.sku}-${place}`];
    field.id = id;
    label.htmlFor = id;
    field.dataset.of = line.sku;
    field.dataset.unit = place;
    field.value = number;
    write(label, all > 1 ? fill(gettext("Serial number %(place)s of %(all)s"), { place: place + 1, all }) : gettext("Serial number"));
    return element;
  }
}
