/**
 * A scanner that types ("keyboard wedge"): tells its bursts from people typing, whatever has the focus, and hands every scan
 * over once and in order.
 *
 * A burst is a run of keys no more than `gapMs` apart. It is a scan when it ends in Enter or Tab, or, from scanners that send
 * no suffix, when it is a valid GTIN. Its characters never stay in a quantity or an amount: in a text field the first one is
 * taken back and the others are held; elsewhere all are held. When a burst turns out to be quick fingers, what was held is
 * typed after all. Times are those of the events, so a busy page splits no scan.
 *
 * A field that wants scans typed into it (a product's barcode in a form) says so with `data-scans="typed"`.
 */

import { lookupKeys, normalizeBarcode } from "./barcodes.js";

const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock"]);
const TEXT_INPUTS = new Set(["text", "search", "tel", "url", "email", "password", "number", ""]);
const PUNCTUATION = { Minus: "-", Slash: "/", Period: ".", Space: " ", NumpadSubtract: "-", NumpadDecimal: "." };
const SUFFIXES = new Set(["Enter", "Tab"]);
const GROUP_SEPARATOR = "\x1d";
const LATE_SUFFIX_MS = 500;

export class WedgeScanner {
  #keys = []; // of the burst so far: {typed, physical}
  #held = []; // events of the burst that the page has not seen
  #lastAt = -Infinity;
  #bareScanAt = -Infinity; // when a scan ended without a suffix: a suffix that comes late is not the page's business
  #before = null; // the text field as it was before the burst: {field, value, start, end}
  #timer = 0;
  #replaying = false;
  #queue = [];
  #draining = null;

  /**
   * @param {{onScan: function({text: string, code: Object, keys: string[], at: number}): (void|Promise<void>),
   *   onError?: function(Error, Object): void, target?: EventTarget, gapMs?: number, minLength?: number}} options
   *   `onScan` gets the text, what it is (normalizeBarcode), the keys to look it up by, and its time; the next scan waits until
   *   its promise settles. `onError` hears what it throws; the scans behind it go on.
   */
  constructor({ onScan, onError = (error) => console.error(error), target = document, gapMs = 60, minLength = 4 }) {
    Object.assign(this, { onScan, onError, target, gapMs, minLength });
    this.onKeyDown = this.onKeyDown.bind(this);
  }

  start() {
    this.target.addEventListener("keydown", this.onKeyDown, { capture: true });
    return this;
  }

  stop() {
    this.target.removeEventListener("keydown", this.onKeyDown, { capture: true });
    this.#release();
    this.#keys = [];
  }

  /** Scans handed over or waiting, not yet settled. */
  get pending() {
    return this.#queue.length;
  }

  /** Resolves when every scan so far is settled. */
  async idle() {
    while (this.#draining) {
      await this.#draining;
    }
  }

  /** Queue a scan that came another way: a camera, the bridge, a number typed by hand. */
  submit(text, at = performance.now()) {
    this.#queue.push({ text, at, code: normalizeBarcode(text), keys: lookupKeys(text) });
    this.#draining ??= this.#drain();
  }

  onKeyDown(event) {
    if (this.#replaying || MODIFIERS.has(event.key) || event.target?.dataset?.scans === "typed") {
      return;
    }
    const inBurst = event.timeStamp - this.#lastAt <= this.gapMs && this.#keys.length > 0;
    const key = event.repeat ? null : readKey(event);
    if (SUFFIXES.has(event.key)) {
      this.#endOfLine(event, inBurst);
    } else if (key === null) {
      this.#abandon();
    } else {
      this.#collect(event, key, inBurst);
    }
  }

  #collect(event, key, inBurst) {
    if (!inBurst) {
      this.#abandon();
      this.#before = textField(event.target);
    }
    this.#keys.push(key);
    this.#lastAt = event.timeStamp;
    if (inBurst || !(this.#before || key.typed === " ")) {
      swallow(event);
      this.#held.push(event);
      this.#wait();
    }
  }

  #endOfLine(event, inBurst) {
    if (inBurst && this.#keys.length >= this.minLength) {
      swallow(event);
      this.#finish(event.timeStamp);
    } else if (event.timeStamp - this.#bareScanAt <= LATE_SUFFIX_MS) {
      swallow(event);
      this.#bareScanAt = -Infinity;
    } else {
      this.#abandon();
    }
  }

  /** The burst was a scan: the page forgets that it happened. */
  #finish(at) {
    const text = chosenText(this.#keys);
    clearTimeout(this.#timer);
    this.#held = [];
    this.#keys = [];
    restore(this.#before);
    this.#before = null;
    this.submit(text, at);
  }

  /** The burst was a person: the page gets what was held, and the next key begins a new burst. */
  #abandon() {
    this.#release();
    this.#keys = [];
    this.#before = null;
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#afterPause(), this.gapMs);
  }

  #afterPause() {
    if (navigator.scheduling?.isInputPending?.()) {
      this.#wait();
    } else if (this.#keys.length >= 8 && normalizeBarcode(chosenText(this.#keys)).kind === "gtin") {
      this.#bareScanAt = this.#lastAt;
      this.#finish(this.#lastAt);
    } else {
      this.#release(); // the keys stay: should the burst go on after all, it is still whole
    }
  }

  #release() {
    clearTimeout(this.#timer);
    const events = this.#held;
    this.#held = [];
    this.#replaying = true;
    try {
      for (const event of events) {
        typeLate(event, this.#before?.field);
      }
    } finally {
      this.#replaying = false;
    }
  }

  async #drain() {
    while (this.#queue.length) {
      const scan = this.#queue[0];
      try {
        await this.onScan(scan);
      } catch (error) {
        this.onError(error, scan);
      }
      this.#queue.shift();
    }
    this.#draining = null;
  }
}

/** The character of a key as typed, and as its place on a US keyboard says; null for a key that types nothing. */
function readKey(event) {
  if (event.ctrlKey && event.code === "BracketRight") {
    return { typed: GROUP_SEPARATOR, physical: GROUP_SEPARATOR };
  }
  if ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph")) {
    return null;
  }
  const place = /^(?:Digit|Numpad|Key)([0-9A-Z])$/.exec(event.code);
  const physical = place ? place[1] : (PUNCTUATION[event.code] ?? "");
  const typed = [...event.key].length === 1 ? event.key : "";
  const composing = event.isComposing || event.key === "Process" || event.key === "Dead";
  return typed || (composing && physical) ? { typed, physical } : null;
}

/**
 * What the scanner sent: as typed, unless the keyboard's layout or an input method garbled it while the places of the keys
 * spell a valid number (a French layout types "&é" for 12).
 */
function chosenText(keys) {
  const typed = keys.map((key) => key.typed).join("");
  const physical = keys.map((key) => key.physical).join("");
  const garbled = keys.some((key) => !key.typed) || (!/^[0-9]+$/.test(typed) && normalizeBarcode(typed).kind !== "gtin");
  return garbled && /^[0-9]{8,14}$/.test(physical) && normalizeBarcode(physical).kind === "gtin" ? physical : typed;
}

function textField(element) {
  const takesText =
    element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && TEXT_INPUTS.has(element.type));
  if (!takesText || element.readOnly || element.disabled) {
    return null;
  }
  return { field: element, value: element.value, start: element.selectionStart, end: element.selectionEnd };
}

function restore(before) {
  if (!before || before.field.value === before.value) {
    return;
  }
  before.field.value = before.value;
  if (before.start !== null) {
    before.field.setSelectionRange(before.start, before.end);
  }
  before.field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "historyUndo" }));
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** Give the page a key that was held: as text where there is a field, else as the event it was. */
function typeLate(event, field) {
  if (field?.isConnected && field === document.activeElement) {
    document.execCommand("insertText", false, event.key);
    return;
  }
  const { key, code, location, ctrlKey, shiftKey, altKey, metaKey } = event;
  const again = { key, code, location, ctrlKey, shiftKey, altKey, metaKey, bubbles: true, cancelable: true };
  (event.target ?? document).dispatchEvent(new KeyboardEvent("keydown", again));
}
