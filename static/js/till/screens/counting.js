/** Counting a drawer: one field per coin and note with a live sum, or the sum alone. */

import { fromTemplate, part, write } from "../dom.js";

/**
 * @param {HTMLElement} box where the denominations go @param {HTMLInputElement} total the field with the sum
 */
export function counting(box, total) {
  let money = null;
  let values = [];
  let typed = false; // somebody wrote the sum itself

  box.addEventListener("input", (event) => {
    if (event.target.matches("[data-part=count]")) event.target.value = event.target.value.replace(/\D/g, "");
    typed = false;
    draw();
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const fields = [...box.querySelectorAll("input")];
    fields[fields.indexOf(event.target) + step]?.focus();
    event.preventDefault();
  });
  total.addEventListener("input", () => {
    typed = true;
    for (const field of box.querySelectorAll("input")) field.value = "";
    for (const sum of box.querySelectorAll("[data-part=sum]")) write(sum, "");
  });

  function rowOf(value, place) {
    const row = fromTemplate("denomination");
    const [label, field] = [part(row, "label"), part(row, "count")];
    field.id = `${total.id}-${place}`;
    label.htmlFor = field.id;
    row.dataset.value = value;
    write(label, money.formatShort(value));
    return row;
  }

  function draw() {
    let sum = 0;
    for (const row of box.querySelectorAll("[data-value]")) {
      const amount = Number(part(row, "count").value || 0) * Number(row.dataset.value);
      write(part(row, "sum"), amount ? money.format(amount) : "");
      sum += amount;
    }
    if (!typed) total.value = sum ? money.format(sum) : "";
  }

  return {
    /** Begin a count in this currency. @param {import("../money.js").Money} format @param {number[]} coins @param {number[]} notes */
    begin(format, coins, notes) {
      money = format;
      values = [...notes].reverse().concat([...coins].reverse());
      typed = false;
      total.value = "";
      box.replaceChildren(...values.map(rowOf));
      draw();
      box.querySelector("input")?.focus();
    },
    /** The sum in minor units, null when it is no amount. An empty count is nothing. */
    value() {
      return total.value.trim() === "" ? (typed ? null : 0) : money.parse(total.value);
    },
  };
}
