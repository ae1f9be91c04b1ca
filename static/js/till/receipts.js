/**
 * A sale as paper: pos/receipt.py lays it out, in MicroPython, from words and amounts that Intl writes. What is printed with
 * the line cut is what the server would print.
 */

import { feesOf, feeWords, lineFigures, orderReductions } from "./reductions.js";
import { amountText, piecesIn, symbol } from "./units.js";
import { fill, gettext, locale, ngettext } from "./words.js";

/**
 * @param {{receipt: (sale: Object) => Promise<Object>}} engine
 * @param {Object} sale what `factsOf` kept @param {import("./money.js").Money} money
 * @param {{copy?: number}} [options] 0: the original
 * @returns {Promise<Object>}
 */
export function receiptOf(engine, sale, money, { copy = 0 } = {}) {
  const { priced, state } = sale;
  const measures = sale.measures ?? [];
  const units = priced.lines.reduce((sum, line, place) => sum + piecesIn(line.quantity, measures[place]), 0);
  return engine.receipt({
    kind: "receipt",
    locale,
    currency: priced.currency,
    copy,
    copy_label: copy ? fill(gettext("COPY %(number)s"), { number: copy }) : "",
    shop: { ...state.shop, address: state.address, thanks: "" },
    heading: [
      [writtenAt(sale.soldAt, state.time_zone), state.register],
      [fill(gettext("Receipt %(number)s"), { number: sale.number }), sale.cashier],
    ],
    lines: priced.lines.map((line, place) => ({
      name: sale.names[place],
      detail: detailOf(line, measures[place], money),
      amount: money.format(line.gross),
      serials: (sale.serials?.[place] ?? []).map((serial) => fill(gettext("No. %(serial)s"), { serial })),
      notes: notesOf(line, sale.overrides?.[place], money),
    })),
    sums: sums(priced, sale.rounding, money),
    total: { label: gettext("Total"), amount: money.format(priced.total + sale.rounding) },
    tenders: sale.tenders.flatMap((tender) => tenderRows(tender, money)),
    taxes: priced.taxes.length ? taxTable(priced.taxes, money) : null,
    items: ngettext("%(count)s item", "%(count)s items", units),
    code: sale.number,
    link: "",
  });
}

/** What a receipt needs of a sale and of the place, kept with the sale so that a copy next week says the same. */
export function factsOf({ cart, state, person, soldAt, rounding }) {
  return {
    priced: cart.priced,
    names: cart.priced.lines.map((line) => nameOf(cart.line(line.id))),
    measures: cart.priced.lines.map((line) => cart.line(line.id).measure ?? "each"),
    overrides: cart.priced.lines.map((line) => cart.line(line.id).override ?? null),
    serials: cart.priced.lines.map((line) => cart.line(line.id).serials ?? []),
    tenders: cart.tenders,
    rounding,
    soldAt,
    cashier: person.name.split(" ")[0],
    state: {
      shop: state.shop,
      address: state.location.address,
      time_zone: state.location.time_zone,
      register: state.register.name,
    },
  };
}

/** Product and options in one line, as documents keep it. */
export function nameOf(line) {
  return line.title ? `${line.product} – ${line.title}` : line.product;
}

/** "3 × $12.00", "0.35 m × $12.00/m"; nothing for one piece, whose price stands beside it. */
export function detailOf({ quantity, scale = 1, unit }, measure = "each", money) {
  if (measure === "each") return quantity > 1 ? `${quantity} × ${money.format(unit)}` : "";
  return `${amountText(quantity, measure, scale)} × ${money.format(unit)}/${symbol(measure)}`;
}

/** What reduced a line, below it; a price set by hand with the one it had. */
function notesOf(line, override, money) {
  const changed = override ? [{ text: fill(gettext("Price was %(price)s: %(reason)s"), { price: money.format(override.original), reason: override.reason }), amount: "" }] : [];
  const off = lineFigures(line).own.map((row) => ({ text: row.label || gettext("Discount"), amount: money.format(-row.amount) }));
  return [...changed, ...off];
}

function writtenAt(at, timeZone) {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date(at));
}

function sums(priced, rounding, money) {
  const own = priced.lines.reduce((sum, line) => sum + line.gross - lineFigures(line).net, 0);
  const rows = [{ label: gettext("Subtotal"), amount: money.format(priced.subtotal - own) }];
  for (const row of orderReductions(priced)) rows.push({ label: row.label || gettext("Discount"), amount: money.format(-row.amount) });
  for (const fee of feesOf(priced)) rows.push({ label: feeWords(fee, money), amount: money.format(fee.unit * fee.quantity) });
  if (!priced.tax_included) rows.push({ label: gettext("Tax"), amount: money.format(priced.tax_total) });
  if (rounding) rows.push({ label: gettext("Cash rounding"), amount: money.format(rounding) });
  return rows;
}

/** "Cash", "Card Visa ··4242", and the change under it. */
export function tenderRows(tender, money) {
  const given = tender.tendered ?? tender.amount;
  const rows = [{ label: tenderLabel(tender), amount: money.format(given) }];
  if (given > tender.amount) {
    rows.push({ label: gettext("Change"), amount: money.format(given - tender.amount), is_change: true });
  }
  return rows;
}

export function tenderLabel(tender) {
  if (tender.type === "cash") return gettext("Cash");
  const { brand = "", last4 = "", name = "" } = tender.card ?? {};
  if (tender.type === "store_credit") return [gettext("Store credit"), name].filter(Boolean).join(" ");
  if (tender.type === "gift_card") return `${gettext("Gift card")} ··${last4}`;
  const means = tender.type === "external_terminal" ? gettext("Card machine") : gettext("Card");
  return [means, brand && brand.charAt(0).toUpperCase() + brand.slice(1), last4 && `··${last4}`].filter(Boolean).join(" ");
}

function taxTable(taxes, money) {
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 3 });
  return {
    header: [gettext("Tax"), gettext("Rate"), gettext("Net"), gettext("Amount")],
    rows: taxes.map((tax) => [
      tax.name,
      percent.format(tax.rate_ppm / 1_000_000),
      money.format(tax.base),
      money.format(tax.amount),
    ]),
  };
}
