/**
 * Barcodes in the till: the keys of commerce/catalog/barcodes.py and skus.py, reckoned in the browser so that a scan is looked
 * up without the server. A test feeds both thousands of codes; change them together.
 */

const MAX_LENGTH = 64;
const BLANK = "\\t\\n\\v\\f\\r \\x85\\u1680\\u2028\\u2029";
const BLANKS = new RegExp(`[${BLANK}]+`, "g");
const BLANK_ENDS = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, "g");
const FRAMING_ENDS = new RegExp(`^[\\x00-\\x1f\\x7f${BLANK}]+|[\\x00-\\x1f\\x7f${BLANK}]+$`, "g");
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;
const GROUP_SEPARATOR = "\x1d";
const GS1_SYMBOLOGIES = ["]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1"];
const DIGITAL_LINK = /^https?:\/\/[^\s?#]*?\/01\/([0-9]{8}|[0-9]{12,14})(?=[/?#]|$)/i;
const ROUNDED_NUMBER = /^[0-9][.,][0-9]+E\+[0-9]{1,2}$/;
const FORMULA_ERROR = /^#(N\/A|NAME\?|REF!|VALUE!|DIV\/0!|NUM!|NULL!|SPILL!|CALC!)$/;

/**
 * What a scanned or typed text is, and the key it is stored by.
 * @param {string} text
 * @returns {{kind: "gtin"|"internal"|"invalid_gtin"|"invalid", value: string, expected: string, problem: string}}
 */
export function normalizeBarcode(text) {
  const [symbology, bare] = withoutWrapping(text);
  const link = DIGITAL_LINK.exec(bare);
  if (link) {
    return fromDigits(link[1], "");
  }
  const code = bare.replace(FRAMING_ENDS, "");
  if (GS1_SYMBOLOGIES.includes(symbology) || bare.startsWith(GROUP_SEPARATOR) || bare.startsWith("(01)")) {
    const gtin = productNumber(code);
    return gtin ? fromDigits(gtin, symbology) : normalized("invalid", "", { problem: "no_product" });
  }
  let digits = digitsOf(code);
  if (/^0+$/.test(digits)) {
    return normalized("invalid", "", { problem: "placeholder" });
  }
  if (symbology === "]E3" && [15, 18].includes(digits.length)) {
    digits = digits.slice(0, 13);
  }
  return [8, 12, 13, 14].includes(digits.length) ? fromDigits(digits, symbology) : internal(code);
}

/** The keys to look a scan up by, best first; take the first that is known. */
export function lookupKeys(text) {
  const plain = internal(withoutWrapping(text)[1].replace(FRAMING_ENDS, "")).value;
  const digits = digitsOf(plain);
  const significant = digits.replace(/^0+/, "");
  if (digits && !significant) {
    return [];
  }
  const keys = [normalizeBarcode(text).value, plain, digits];
  if (digits.length === 8) {
    keys.push(...[upcA(digits), digits].filter((one) => one && fits(one)).map((one) => one.padStart(14, "0")));
  }
  if (digits.length > 8 && digits.length < 12 && fits(digits)) {
    keys.push(digits.padStart(14, "0"));
  }
  if (digits.length >= 16 && digits.startsWith("01") && fits(digits.slice(2, 16))) {
    keys.push(digits.slice(2, 16));
  }
  if (significant.length > 5) {
    keys.push(significant);
  }
  return [...new Set(keys)].filter(Boolean);
}

/** A stored key as people know it: a GTIN without its filling zeros, other codes as they are. */
export function displayBarcode(value) {
  if (!/^[0-9]{14}$/.test(value) || !fits(value)) {
    return value;
  }
  return value.slice(-[8, 12, 13, 14].find((length) => /^0*$/.test(value.slice(0, -length))));
}

/** The key of a SKU and what is wrong with it: {value, problems}. */
export function normalizeSku(text) {
  let value = text.normalize("NFKC").replace(/\p{Cf}/gu, "").replace(BLANKS, " ");
  value = unguarded(value.replace(BLANK_ENDS, ""));
  value = value.toLowerCase().toUpperCase().normalize("NFKC");
  if (!value) {
    return { value: "", problems: ["empty"] };
  }
  if ([...value].length > MAX_LENGTH) {
    return { value: "", problems: ["too_long"] };
  }
  if (UNPRINTABLE.test(value)) {
    return { value: "", problems: ["unprintable"] };
  }
  const problem = ROUNDED_NUMBER.test(value) ? "rounded_number" : FORMULA_ERROR.test(value) ? "formula_error" : "";
  return { value, problems: problem ? [problem] : [] };
}

function normalized(kind, value, { expected = "", problem = "" } = {}) {
  return { kind, value, expected, problem };
}

function withoutWrapping(text) {
  const seen = unguarded(text.normalize("NFKC").replace(/\p{Cf}/gu, "").replace(BLANK_ENDS, ""));
  return /^\][A-Za-z][0-9A-Za-z]/.test(seen) ? [seen.slice(0, 3), seen.slice(3).split("|]")[0]] : ["", seen];
}

function unguarded(text) {
  const inner = text.length > 3 && text.startsWith('="') && text.endsWith('"') ? text.slice(2, -1) : text;
  const trimmed = inner.replace(BLANK_ENDS, "");
  return /^['’]/.test(trimmed) ? trimmed.slice(1).replace(BLANK_ENDS, "") : trimmed;
}

function digitsOf(code) {
  if (/^[0-9]+$/.test(code)) {
    return code;
  }
  const bare = code.replace(/[ -]/g, "");
  return /^[0-9]{12,14}$/.test(bare) && /^[0-9]([ -]?[0-9])+$/.test(code) ? bare : "";
}

function fromDigits(digits, symbology) {
  const expanded = symbology === "]E4" ? "" : upcA(digits);
  if (expanded && fits(expanded) && (digits[0] === "0" || !fits(digits))) {
    return normalized("gtin", expanded.padStart(14, "0"));
  }
  if (fits(digits)) {
    return normalized("gtin", digits.padStart(14, "0"));
  }
  const read = expanded && digits[0] === "0" ? expanded : digits;
  return normalized("invalid_gtin", digits, { expected: checkDigit(read.slice(0, -1)) });
}

function upcA(digits) {
  if (digits.length !== 8 || !"01".includes(digits[0])) {
    return "";
  }
  let body = digits.slice(1, 7);
  const last = body[5];
  if ("012".includes(last)) {
    body = `${body.slice(0, 2)}${last}0000${body.slice(2, 5)}`;
  } else if ("34".includes(last)) {
    body = `${body.slice(0, Number(last))}00000${body.slice(Number(last), 5)}`;
  } else {
    body = `${body.slice(0, 5)}0000${last}`;
  }
  return digits[0] + body + digits[7];
}

function checkDigit(body) {
  const sum = [...body].reverse().reduce((total, digit, place) => total + (place % 2 ? 1 : 3) * Number(digit), 0);
  return String((10 - (sum % 10)) % 10);
}

function fits(digits) {
  return checkDigit(digits.slice(0, -1)) === digits.at(-1);
}

/** Length, identifier included, of the GS1 element string that begins here, or 0 where a separator ends it. */
function fixedLength(elements) {
  const two = elements.slice(0, 2);
  const known = { "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, 20: 4, 41: 16 }[two];
  return known ?? (/^1[1-9]$/.test(two) ? 8 : /^3[1-6]$/.test(two) ? 10 : 0);
}

function productNumber(elements) {
  const bracketed = /\(01\)([0-9]{14})(?![0-9])/.exec(elements);
  if (bracketed) {
    return bracketed[1];
  }
  let rest = elements;
  while (rest) {
    if (/^01[0-9]{14}/.test(rest)) {
      return rest.slice(2, 16);
    }
    const length = fixedLength(rest);
    const end = rest.indexOf(GROUP_SEPARATOR);
    rest = length ? rest.slice(length) : end < 0 ? "" : rest.slice(end + 1);
    rest = rest.startsWith(GROUP_SEPARATOR) ? rest.slice(1) : rest;
  }
  return "";
}

function internal(code) {
  const value = code.replace(BLANKS, " ").toUpperCase();
  if (!value) {
    return normalized("invalid", "", { problem: "empty" });
  }
  if ([...value].length > MAX_LENGTH) {
    return normalized("invalid", "", { problem: "too_long" });
  }
  return UNPRINTABLE.test(value) ? normalized("invalid", "", { problem: "unprintable" }) : normalized("internal", value);
}
