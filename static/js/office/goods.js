// Packing and unpacking. Scans count at once, in this browser, and are kept here until they are booked: a reload or a dead
// battery loses nothing. A code that no line knows is asked of the server, which says what to do.
import { Tones } from "../till/tones.js";
import { WedgeScanner } from "../till/wedge.js";

const form = document.querySelector("[data-goods]");
const code = document.getElementById("goods-code");
const said = document.getElementById("goods-said");
const sum = form.querySelector("[data-sum]");
const lines = [...form.querySelectorAll("[data-line]")].map((row) => ({
  row,
  sku: row.dataset.sku,
  codes: new Map(row.dataset.codes.split("\n").map((code) => code.split("\t"))), // what scans as it → what a pack holds
  isMeasured: "measured" in row.dataset,
  most: row.dataset.most === undefined ? Infinity : Number(row.dataset.most),
  field: row.querySelector("[name^=units-]"),
  here: new Set((row.dataset.here ?? "").split("\n").filter(Boolean)), // serial numbers that may be meant
  list: row.querySelector("[name^=numbers-]"),
}));
const kept = `goods:${form.dataset.goods}:${location.pathname}`;
const tones = new Tones();
let isPassing = false;
let last = null; // the line that was counted last: where its numbers are new, the next unknown code is one of them

const units = (line) => Number.parseFloat(line.field.value) || 0;
const rounded = (number) => Number(number.toFixed(3)); // 0.1 and 0.2 are 0.3
const normalize = (text) => text.trim().toUpperCase(); // as commerce compares them: inventory/serials.py
const numbersOf = (line) => (line.list?.value ?? "").split("\n").map(normalize).filter(Boolean);

function say(text, tone) {
  said.textContent = text;
  said.classList.toggle("goods-scan__said--warning", tone !== "added");
  tones.play(tone);
}

function refresh() {
  sum.textContent = rounded(lines.reduce((total, line) => total + units(line), 0)).toLocaleString(document.documentElement.lang);
  for (const line of lines) line.row.classList.toggle("goods-line--full", units(line) > 0 && units(line) === line.most);
}

function keep() {
  const values = Object.fromEntries(new FormData(form));
  delete values.csrfmiddlewaretoken;
  delete values.code;
  try {
    localStorage.setItem(kept, JSON.stringify({ stand: form.dataset.stand, values }));
  } catch {
    // storage is off or full: this page's memory will do
  }
}

function restore() {
  let before;
  try {
    before = JSON.parse(localStorage.getItem(kept));
  } catch {
    return;
  }
  if (!before || before.stand !== form.dataset.stand || "sent" in form.dataset) return;
  let isNew = false;
  for (const [name, value] of Object.entries(before.values)) {
    const field = form.elements.namedItem(name);
    if (!field || field.value === value) continue;
    if (name !== "uid") isNew = true;
    field.value = value; // the uid, too: what was sent and never answered must not count twice
  }
  if (isNew) said.textContent = form.dataset.restored;
}

/** One scan of a line: a piece, or what a pack holds (`per`). What is measured has to be written. */
function count(line, per) {
  last = line;
  for (const other of lines) other.row.classList.toggle("goods-line--hit", other === line);
  line.row.scrollIntoView({ block: "nearest" });
  if (line.isMeasured && !per) {
    line.field.select();
    say(`${line.sku}: ${form.dataset.measure}`, "warning");
    return;
  }
  const next = rounded(units(line) + (Number(per) || 1));
  if (next > line.most) {
    say(`${line.sku}: ${units(line)}, ${form.dataset.tooMany}`, "warning");
    return;
  }
  line.field.value = String(next);
  line.field.dispatchEvent(new Event("change", { bubbles: true }));
  say(`${line.sku}: ${next}`, "added");
}

/** A piece by its serial number: it counts once. Pieces that were counted before get their numbers first. */
function countNumber(line, number) {
  const written = numbersOf(line);
  if (written.includes(number)) {
    say(`${number} ${form.dataset.twice}`, "warning");
    return;
  }
  line.list.value = [...written, number].join("\n");
  line.field.value = String(Math.max(units(line), written.length + 1));
  line.field.dispatchEvent(new Event("change", { bubbles: true }));
  last = line;
  for (const other of lines) other.row.classList.toggle("goods-line--hit", other === line);
  line.row.scrollIntoView({ block: "nearest" });
  say(`${line.sku}: ${number}`, "added");
}

async function take({ text, keys }) {
  const typed = text.trim();
  const numbered = lines.filter((each) => each.here.has(normalize(typed)));
  if (numbered.length === 1) {
    countNumber(numbered[0], normalize(typed));
    return;
  }
  const known = [...keys, typed.toUpperCase()];
  const line = lines.find((each) => known.some((key) => each.codes.has(key)));
  if (line) {
    count(line, line.codes.get(known.find((key) => line.codes.has(key))));
    return;
  }
  let meaning;
  try {
    const address = new URL(location.href);
    address.search = new URLSearchParams({ code: typed }).toString();
    meaning = await (await fetch(address, { headers: { Accept: "application/json" } })).json();
  } catch {
    say(`${typed}: ${form.dataset.offline}`, "unknown");
    return;
  }
  const meant = lines.find((each) => each.field.name === `units-${meaning.variant}`);
  if (meant) {
    count(meant, meaning.per);
  } else if (meaning.variant && "takesNew" in form.dataset) {
    code.value = typed;
    isPassing = true; // the server knows it and adds a line
    form.requestSubmit(form.querySelector("[value=add]"));
  } else if (last?.list && !last.here.size && numbersOf(last).length < units(last)) {
    countNumber(last, normalize(typed));
  } else {
    say(meaning.text, "unknown");
  }
}

const scanner = new WedgeScanner({ onScan: take }).start();

form.addEventListener("submit", (event) => {
  if ((event.submitter?.value ?? "add") !== "add" || isPassing) return;
  event.preventDefault();
  submitCode();
});

function submitCode() {
  const typed = code.value.trim();
  code.value = "";
  code.focus();
  if (typed) scanner.submit(typed);
}

form.addEventListener("input", ({ target }) => {
  const line = lines.find((each) => each.list === target);
  if (line) line.field.value = String(Math.max(units(line), numbersOf(line).length)); // each number is a piece
  refresh();
});
form.addEventListener("change", () => {
  refresh();
  keep();
});
restore();
refresh();
