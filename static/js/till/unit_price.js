/** What a kilogram, a liter or a piece of it costs: the table of commerce/pricing/unit_prices.py, in whole numbers. */

import { symbol } from "./units.js";
import { fill, gettext } from "./words.js";

const SMALL = 250_000_000n; // 250 g or ml, in millionths
const SIZES = { g: [1000n, "g"], kg: [1_000_000n, "g"], ml: [1000n, "ml"], cl: [10_000n, "ml"], l: [1_000_000n, "ml"], cm: [1000n, "cm"], m: [100_000n, "cm"], m2: [1000n, "m2"], piece: [1000n, "piece"] };
const LARGE_PACK = { g: [1_000_000n, 1, "kg"], ml: [1_000_000n, 1, "l"], cm: [100_000n, 1, "m"], m2: [1000n, 1, "m2"], piece: [1000n, 1, "piece"] };
const SMALL_PACK = { g: [100_000n, 100, "g"], ml: [100_000n, 100, "ml"] };

/** @param {number} minor @param {[number, string]|null} held thousandths of a unit @returns {[number, number, string]|null} minor units, for how many of which unit */
export function unitPrice(minor, held) {
  const [thousandths, unit] = held ?? [0, ""];
  if (thousandths <= 0 || !SIZES[unit] || (unit === "piece" && thousandths <= 1000)) return null;
  const [size, kind] = SIZES[unit];
  const all = BigInt(thousandths) * size;
  const [base, per, name] = (kind in SMALL_PACK && all <= SMALL ? SMALL_PACK : LARGE_PACK)[kind];
  const above = BigInt(minor) * base * 1000n;
  return [Number((2n * above + all) / (2n * all)), per, name];
}

/** "$12.40 / L", "$3.99 / 100 g"; nothing where there is none. @param {import("./money.js").Money} money */
export function unitPriceText(minor, held, money) {
  const found = unitPrice(minor, held);
  if (!found) return "";
  const [amount, per, unit] = found;
  const name = unit === "piece" ? gettext("piece") : symbol(unit);
  return fill(gettext("%(price)s / %(unit)s"), { price: money.format(amount), unit: per === 1 ? name : `${per} ${name}` });
}

/** What all of these hold; nothing where they differ. @param {{held: [number, string]|null}[]} variants */
export function sharedHeld(variants) {
  const first = variants[0]?.held ?? null;
  return first && variants.every(({ held }) => held?.[0] === first[0] && held[1] === first[1]) ? first : null;
}
