/* What can be known of a card while it is typed: its brand, its grouping, and whether it can be right. */

const BRANDS = [
  { name: "amex", start: /^3[47]/, lengths: [15], groups: [4, 6, 5], cvc: 4 },
  { name: "diners", start: /^3(0[0-5]|[689])/, lengths: [14, 16], groups: [4, 6, 4], cvc: 3 },
  { name: "jcb", start: /^35/, lengths: [16], groups: [4, 4, 4, 4], cvc: 3 },
  { name: "visa", start: /^4/, lengths: [16], groups: [4, 4, 4, 4], cvc: 3 },
  { name: "mastercard", start: /^(5[1-5]|2[2-7])/, lengths: [16], groups: [4, 4, 4, 4], cvc: 3 },
  { name: "discover", start: /^6(011|5|4[4-9])/, lengths: [16], groups: [4, 4, 4, 4], cvc: 3 },
  { name: "unionpay", start: /^62/, lengths: [16, 19], groups: [4, 4, 4, 4, 3], cvc: 3 },
];
const UNKNOWN = { name: "card", lengths: [16], groups: [4, 4, 4, 4], cvc: 3 };

export const digitsOf = (text) => text.replace(/\D/g, "");
export const brandOf = (digits) => BRANDS.find((brand) => brand.start.test(digits)) || UNKNOWN;

/* "4242424242424242" to "4242 4242 4242 4242", by the brand's grouping. */
export function grouped(digits) {
  const brand = brandOf(digits);
  const longest = Math.max(...brand.lengths);
  const parts = [];
  let at = 0;
  for (const size of brand.groups) {
    if (at >= Math.min(digits.length, longest)) break;
    parts.push(digits.slice(at, Math.min(at + size, longest)));
    at += size;
  }
  return parts.join(" ");
}

/* "1" stays, "5" becomes "05 / ", "1228" becomes "12 / 28". */
export function asExpiry(text, deleting) {
  let digits = digitsOf(text);
  if (/^\s*\d\s*\/\s*\d/.test(text) && digits.length < 4) digits = `0${digits}`;
  if (digits.length === 1 && Number(digits) > 1) digits = `0${digits}`;
  if (digits.length === 6 && digits.slice(2, 4) === "20") digits = digits.slice(0, 2) + digits.slice(4);
  digits = digits.slice(0, 4);
  if (digits.length < 2 || (digits.length === 2 && deleting)) return digits;
  return `${digits.slice(0, 2)} / ${digits.slice(2)}`;
}

function passesLuhn(digits) {
  let sum = 0;
  [...digits].reverse().forEach((digit, at) => {
    const value = Number(digit) * (at % 2 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}

/* Each check returns the word key of what is wrong, or "". */
export function wrongNumber(digits) {
  const { lengths } = brandOf(digits);
  if (digits.length < Math.min(...lengths)) return "incomplete_number";
  return lengths.includes(digits.length) && passesLuhn(digits) ? "" : "invalid_number";
}

export function wrongExpiry(text, today = new Date()) {
  const digits = digitsOf(text);
  if (digits.length < 4) return "incomplete_expiry";
  const month = Number(digits.slice(0, 2));
  const year = 2000 + Number(digits.slice(2));
  if (month < 1 || month > 12) return "invalid_expiry_month";
  const now = today.getFullYear() * 12 + today.getMonth();
  if (year * 12 + month - 1 < now) return "invalid_expiry_year_past";
  return year > today.getFullYear() + 50 ? "invalid_expiry_year" : "";
}

export function wrongCvc(digits, brand) {
  return digits.length === brand.cvc ? "" : "incomplete_cvc";
}

const POSTAL = { US: /^\d{5}(-?\d{4})?$/, CA: /^[a-z]\d[a-z] ?\d[a-z]\d$/i, GB: /^[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}$/i };
export const asksPostal = (country) => country in POSTAL;
export function wrongPostal(text, country) {
  return !asksPostal(country) || POSTAL[country].test(text.trim()) ? "" : "incomplete_zip";
}
