// The screen at the shelf. Scans are taken at once and sent one after the other, so that a fast scanner never waits for
// the network and no scan is lost to it: what is not sent yet stays in this browser, under an id that counts once.
import { Tones } from "../till/tones.js";
import { WedgeScanner } from "../till/wedge.js";

const main = document.querySelector("[data-count-main]");
const INTERACTIVE = "a, button, input, select, textarea, label, summary";
const AGAIN_MS = 3000;
const ASKS_MS = 4000;
const FINAL = new Set([403, 404, 409, 413, 422]); // said no, and would say so again

const uid = () =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16),
  );

class Outbox {
  #key;
  #scans = [];
  #draining = false;

  constructor(key) {
    this.#key = key;
    try {
      this.#scans = JSON.parse(localStorage.getItem(key)) ?? [];
    } catch {
      this.#scans = []; // storage is off, or holds something else: this page's memory will do
    }
  }

  get length() {
    return this.#scans.length;
  }

  add(scan) {
    this.#scans.push(scan);
    this.#keep();
    this.drain();
  }

  async drain() {
    if (this.#draining) return;
    this.#draining = true;
    while (this.#scans.length) {
      const wait = await this.#send(this.#scans[0]);
      if (wait) {
        setTimeout(() => this.drain(), wait);
        break;
      }
      this.#scans.shift();
      this.#keep();
    }
    this.#draining = false;
    tell();
  }

  /** 0 when the server has decided about the scan; else how long to wait before it is sent again. */
  async #send(scan) {
    let answer, text;
    try {
      const headers = { "HX-Request": "true", "X-CSRFToken": main.elements.csrfmiddlewaretoken.value };
      answer = await fetch(main.action, { method: "POST", headers, body: new URLSearchParams(scan), credentials: "same-origin" });
      text = await answer.text();
    } catch {
      tell();
      return AGAIN_MS;
    }
    if (answer.redirected || (!text.includes('id="count-scans"') && !FINAL.has(answer.status))) {
      tell(answer.redirected ? main.dataset.loggedOut : "");
      return AGAIN_MS;
    }
    show(text);
    return 0;
  }

  #keep() {
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.#scans));
    } catch {
      return; // kept in memory alone
    }
  }
}

const tones = new Tones();
let outbox;
let rises = false; // not when a row of a list was pressed: the list stays where it is

const tell = (text = "") => {
  const line = document.getElementById("count-waiting");
  line.hidden = !text && !outbox.length;
  line.textContent = text || `${main.dataset.waiting} ${outbox.length}`;
};

const show = (text) => {
  const fragment = new DOMParser().parseFromString(text, "text/html").getElementById("count-scans");
  const old = document.getElementById("count-scans");
  if (!fragment) return;
  const typing = document.activeElement?.id === "count-more" && document.activeElement.value;
  old.replaceWith(fragment);
  window.htmx?.process(fragment);
  if (typing) {
    const field = document.getElementById("count-more");
    if (field) {
      field.value = typing;
      field.focus();
    }
  }
  if (rises) scrollTo({ top: 0 }); // what was just scanned is told above the lists
  tones.play(fragment.dataset.tone === "added" ? "added" : fragment.dataset.tone === "warning" ? "warning" : "unknown");
  if (fragment.dataset.tone === "unknown") navigator.vibrate?.([80, 60, 80]);
  ready();
};

const code = () => main.elements.code;
const ready = () => {
  const active = document.activeElement;
  if (!active || active === document.body || !active.matches(INTERACTIVE)) code().focus({ preventScroll: true });
};

/** Count what is in the big field, or what a scanner typed, whatever had the focus. */
const count = (text) => {
  if (!text.trim()) return;
  rises = true;
  outbox.add({ uid: uid(), code: text.trim(), quantity: main.elements.quantity.value });
  main.elements.code.value = main.elements.quantity.value = "";
  code().focus({ preventScroll: true });
};

/** "None" beside an item writes the item off, and is easily hit by a thumb: the button asks before it is one. */
const asked = (form) => {
  const button = form.querySelector("button");
  if (button.classList.contains("is-asking")) return true;
  const { textContent: word, ariaLabel: label } = button;
  button.classList.add("is-asking");
  button.textContent = form.dataset.sure;
  button.ariaLabel = `${form.dataset.sure} ${label}`;
  setTimeout(() => {
    button.classList.remove("is-asking");
    button.textContent = word;
    button.ariaLabel = label;
  }, ASKS_MS);
  return false;
};

const submit = (event) => {
  const form = event.target.closest("[data-count-form]");
  if (!form) return;
  event.preventDefault();
  if (form === main) {
    count(code().value);
    return;
  }
  if ("countMints" in form.dataset && !asked(form)) return;
  const scan = Object.fromEntries(new FormData(form));
  delete scan.csrfmiddlewaretoken;
  if ("countMints" in form.dataset) scan.uid = uid(); // many rows share the page's own
  form.querySelector("button").disabled = true;
  rises = false;
  outbox.add(scan);
  code().focus({ preventScroll: true });
};

// A phone with a scanner in its grip needs no keyboard on its screen; one without does.
const keyboard = () => {
  const button = document.querySelector("[data-count-keys]");
  if (!button || !matchMedia("(pointer: coarse)").matches) return;
  const put = (shown) => {
    code().inputMode = shown ? "text" : "none";
    button.setAttribute("aria-pressed", String(shown));
  };
  button.hidden = false;
  put(localStorage.getItem("count-keys") !== "off");
  button.addEventListener("click", () => {
    const shown = button.getAttribute("aria-pressed") !== "true";
    put(shown);
    localStorage.setItem("count-keys", shown ? "on" : "off");
    code().blur();
    code().focus({ preventScroll: true });
  });
};

if (main) {
  outbox = new Outbox(`count:${main.dataset.count}`);
  document.addEventListener("submit", submit);
  document.addEventListener("click", (event) => {
    if (!event.target.closest(INTERACTIVE)) code().focus({ preventScroll: true });
  });
  new WedgeScanner({ onScan: ({ text }) => count(text) }).start();
  // What a person types at no field belongs to the big one.
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    const elsewhere = at === document.body || !at.matches?.("input, select, textarea");
    if (elsewhere && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (event.key !== " " || at === document.body) code().focus({ preventScroll: true });
    }
  });
  document.addEventListener("visibilitychange", () => document.hidden || ready());
  addEventListener("online", () => outbox.drain());
  addEventListener("beforeunload", (event) => outbox.length && event.preventDefault());
  keyboard();
  code().focus({ preventScroll: true });
  outbox.drain();
  main.dataset.ready = ""; // until now the form has worked by itself
}
