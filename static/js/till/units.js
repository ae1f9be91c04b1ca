/**
 * Amounts of goods, as commerce/catalog/units.py has them: inside the till a quantity is a whole number of the smallest amount
 * that is sold; people and the server read it in units.
 */

import { locale } from "./words.js";

const SYMBOLS = { each: "", m2: "m²", l: "L" };
const writer = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
const decimalSign = writer.formatToParts(1.5).find((part) => part.type === "decimal")?.value ?? ".";

/** What stands behind a number: "m", "m²", nothing for pieces. @param {string} unit */
export function symbol(unit = "each") {
  return SYMBOLS[unit] ?? unit;
}

/** "0.35 m", "12". @param {number} quantity of smallest amounts */
export function amountText(quantity, unit = "each", scale = 1) {
  const number = writer.format(quantity / scale);
  return symbol(unit) ? `${number} ${symbol(unit)}` : number;
}

/** As the server takes it: a whole number of pieces, else "0.35". */
export function inUnits(quantity, scale = 1) {
  if (scale === 1) return quantity;
  const digits = String(scale).length - 1;
  const text = String(quantity).padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, "");
}

/** The same back. @param {number|string} written @returns {number} */
export function fromUnits(written, scale = 1) {
  return typeof written === "number" ? written * scale : (smallest(written, scale) ?? 0);
}

/**
 * What somebody typed, in smallest amounts; null when it is no amount, or finer than the goods are sold. Either sign parts the
 * decimals. @param {string} text @returns {number|null}
 */
export function smallest(text, scale = 1) {
  const found = /^(\d{0,7})(?:[.,](\d*))?$/.exec(text.trim());
  const part = (found?.[2] ?? "").replace(/0+$/, "");
  const digits = String(scale).length - 1;
  if (!found || (found[1] === "" && !found[2]) || part.length > digits) return null;
  return Number(found[1] || 0) * scale + Number(part.padEnd(digits, "0") || 0);
}

/** A number as it is typed here: "0,35" where people write it so. */
export function typed(quantity, scale = 1) {
  return String(inUnits(quantity, scale)).replace(".", decimalSign);
}

/** How many things the customer carries: a cut of ribbon is one. */
export function piecesIn(quantity, unit = "each") {
  return unit === "each" ? quantity : 1;
}
