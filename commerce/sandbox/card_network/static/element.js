/* The payment form in its frame. It alone sees what is typed and alone sends it; the shop's page gets the outcome. */

import { asExpiry, asksPostal, brandOf, digitsOf, grouped, wrongCvc, wrongExpiry, wrongNumber, wrongPostal } from "./element_card.js";
import { applyLook, loadFonts } from "./element_look.js";
import { countriesIn, wordsFor } from "./element_words.js";

const form = document.getElementById("form");
const [number, expiry, cvc, country, postal] = ["number", "expiry", "cvc", "country", "postal"].map((id) =>
  document.getElementById(id),
);
const brandMark = document.getElementById("brand");
const FIELD_OF_CODE = {
  incorrect_number: number, invalid_number: number, expired_card: expiry, invalid_expiry_month: expiry,
  invalid_expiry_year: expiry, incorrect_cvc: cvc, invalid_cvc: cvc, incorrect_zip: postal,
};

let port, key, words, scheme;
let shown = { country: true, postal: true };
let lastChange = "";

/* ---- what is typed ---- */

const brand = () => brandOf(digitsOf(number.value));

function wrong(field) {
  if (field === number) return wrongNumber(digitsOf(number.value));
  if (field === expiry) return wrongExpiry(expiry.value);
  if (field === cvc) return wrongCvc(digitsOf(cvc.value), brand());
  if (field === postal && shown.postal) return wrongPostal(postal.value, country.value);
  return "";
}

const fields = () => [number, expiry, cvc, ...(shown.postal ? [postal] : [])];

function complain(field, code) {
  field.classList.toggle("Input--invalid", Boolean(code));
  field.setAttribute("aria-invalid", String(Boolean(code)));
  document.getElementById(`${field.id}-error`).textContent = code ? words[code] || code : "";
}

function formatNumber() {
  const before = digitsOf(number.value.slice(0, number.selectionStart ?? number.value.length)).length;
  number.value = grouped(digitsOf(number.value));
  let caret = 0;
  for (let seen = 0; caret < number.value.length && seen < before; caret += 1) {
    if (number.value[caret] !== " ") seen += 1;
  }
  if (document.activeElement === number) number.setSelectionRange(caret, caret);
  const { name, cvc: length } = brand();
  if (!brandMark.src.endsWith(`brand-${name}.svg`)) brandMark.src = `/assets/brand-${name}.svg`;
  brandMark.alt = name === "card" ? "" : name;
  cvc.maxLength = length;
}

number.addEventListener("input", () => {
  formatNumber();
  const code = wrong(number);
  if (code !== "incomplete_number") complain(number, code);
  if (!code && number.selectionStart === number.value.length) expiry.focus();
  changed();
});

expiry.addEventListener("input", (event) => {
  expiry.value = asExpiry(expiry.value, event.inputType?.startsWith("delete"));
  const code = wrong(expiry);
  if (code !== "incomplete_expiry") complain(expiry, code);
  if (!code) cvc.focus();
  changed();
});

cvc.addEventListener("input", () => {
  cvc.value = digitsOf(cvc.value).slice(0, brand().cvc);
  if (!wrong(cvc)) complain(cvc, "");
  changed();
});

postal.addEventListener("input", () => {
  if (!wrong(postal)) complain(postal, "");
  changed();
});

country.addEventListener("change", () => {
  showPostal();
  changed();
});

for (const field of [number, expiry, cvc, postal]) {
  field.addEventListener("blur", () => {
    if (field.value) complain(field, wrong(field));
  });
  field.addEventListener("keydown", (event) => {
    const previous = { expiry: number, cvc: expiry }[field.id];
    if (event.key === "Backspace" && !field.value && previous) {
      previous.focus();
      event.preventDefault();
    }
  });
}

document.addEventListener("keydown", (event) => event.key === "Escape" && say("escape"));
addEventListener("focus", () => say("focus"));
addEventListener("blur", () => say("blur"));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  port.postMessage({ event: "submit" });
});

document.getElementById("fill").addEventListener("click", () => {
  number.value = "4242424242424242";
  formatNumber();
  expiry.value = `12 / ${String(new Date().getFullYear() + 3).slice(2)}`;
  cvc.value = "123";
  if (shown.postal) postal.value = { US: "10001", CA: "K1A 0B1", GB: "SW1A 1AA" }[country.value] || "";
  fields().forEach((field) => complain(field, ""));
  changed();
});

function changed() {
  const empty = [number, expiry, cvc].every((field) => !field.value);
  const complete = fields().every((field) => !wrong(field));
  const state = JSON.stringify([empty, complete, brand().name]);
  if (state !== lastChange) {
    lastChange = state;
    say("change", { empty, complete, collapsed: false, brand: brand().name, value: { type: "card" } });
  }
}

/* ---- to and from the shop's page ---- */

function say(event, detail = {}) {
  port?.postMessage({ event, detail });
}

function sayHeight() {
  port?.postMessage({ event: "height", height: Math.ceil(document.body.getBoundingClientRect().height), scheme });
}

function validate() {
  const codes = fields().map((field) => [field, wrong(field)]);
  for (const [field, code] of codes) complain(field, code);
  const [first, code] = codes.find((pair) => pair[1]) || [];
  if (!first) return null;
  first.focus();
  return { type: "validation_error", code, message: words[code] };
}

function cardForm(prefix, billing) {
  const [month, year] = expiry.value.split("/").map((part) => part.trim());
  const pairs = { [`${prefix}[number]`]: digitsOf(number.value), [`${prefix}[exp_month]`]: month };
  pairs[`${prefix}[exp_year]`] = `20${year}`;
  pairs[`${prefix}[cvc]`] = cvc.value;
  const details = prefix.includes("[") ? `${prefix.slice(0, prefix.indexOf("["))}[billing_details]` : "billing_details";
  const address = { ...billing.address };
  if (shown.country) address.country ||= country.value;
  if (shown.postal) address.postal_code ||= postal.value.trim();
  for (const [name, value] of Object.entries({ ...billing, address: undefined })) {
    if (value) pairs[`${details}[${name}]`] = value;
  }
  for (const [name, value] of Object.entries(address)) {
    if (value) pairs[`${details}[address][${name}]`] = value;
  }
  return pairs;
}

async function send(path, pairs) {
  const wrongWith = validate();
  if (wrongWith) return { error: wrongWith };
  freeze(true);
  try {
    const headers = { Authorization: `Bearer ${key}`, "Idempotency-Key": crypto.randomUUID() };
    const response = await fetch(path, { method: "POST", headers, body: new URLSearchParams(pairs) });
    const value = await response.json();
    if (response.ok) return { value };
    freeze(false);
    const field = FIELD_OF_CODE[value.error.code];
    if (field) complain(field, value.error.code);
    return { error: value.error };
  } catch {
    return { error: { type: "api_connection_error", message: words.unreachable } };
  } finally {
    freeze(false);
  }
}

function freeze(frozen) {
  for (const field of [number, expiry, cvc, country, postal]) field.disabled = frozen;
}

const DUTIES = {
  configure: (message) => configure(message),
  submit: () => {
    const error = validate();
    return error ? { error } : { selectedPaymentMethod: "card" };
  },
  confirm: ({ path, form: given, billing }) =>
    send(path, { ...given, "payment_method_data[type]": "card", ...cardForm("payment_method_data[card]", billing) }),
  create_method: ({ billing }) => send("/v1/payment_methods", { type: "card", ...cardForm("card", billing) }),
  focus: () => number.focus(),
  blur: () => document.activeElement?.blur(),
  clear: () => {
    form.reset();
    formatNumber();
    [number, expiry, cvc, postal].forEach((field) => complain(field, ""));
    changed();
  },
};

/* ---- how it looks ---- */

function configure({ appearance, locale, options }) {
  if (appearance) scheme = applyLook(appearance);
  if (locale) speak(locale);
  if (options) arrange(options);
  sayHeight();
}

function speak(locale) {
  const { words: chosen, language } = wordsFor(locale);
  words = chosen;
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = words[node.dataset.word];
  expiry.placeholder = words.expiry_placeholder;
  cvc.placeholder = words.cvc_placeholder;
  const kept = country.value || new Intl.Locale(locale).maximize().region;
  country.replaceChildren(...countriesIn(language).map(([code, name]) => new Option(name, code)));
  country.value = kept;
  if (country.selectedIndex < 0) country.value = "US";
  showPostal();
}

function arrange(options) {
  const billing = options.fields?.billingDetails;
  const address = typeof billing === "object" ? billing.address : billing;
  const hides = (name) => address === "never" || (typeof address === "object" && address[name] === "never");
  shown = { country: !hides("country"), postal: !hides("postalCode"), postalAllowed: !hides("postalCode") };
  const given = options.defaultValues?.billingDetails?.address || {};
  if (given.country) country.value = given.country;
  if (given.postal_code && !postal.value) postal.value = given.postal_code;
  if (options.readOnly !== undefined) freeze(options.readOnly);
  showPostal();
}

function showPostal() {
  shown.postal = (shown.postalAllowed ?? true) && asksPostal(country.value);
  document.querySelector("[data-field=postal]").hidden = !shown.postal;
  document.querySelector("[data-field=country]").hidden = !shown.country;
  document.querySelector("[data-word=postal]").textContent = country.value === "US" ? words.zip : words.postal;
  form.classList.toggle("is-alone", shown.country !== shown.postal);
  complain(postal, "");
}

addEventListener("message", (event) => {
  if (event.source !== parent || event.data?.type !== "counterpart:open" || port) return;
  port = event.ports[0];
  key = event.data.key;
  loadFonts(event.data.fonts);
  configure(event.data);
  form.hidden = false;
  port.onmessage = async ({ data }) => {
    const value = await DUTIES[data.do](data);
    port.postMessage({ reply: data.id, value: value ?? null });
  };
  new ResizeObserver(sayHeight).observe(document.body);
  sayHeight();
  say("ready");
});
