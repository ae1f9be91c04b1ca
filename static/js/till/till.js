/**
 * The till as a whole: its parts, which screen is shown, and what leads from one to the next. The parts know each other only
 * through here. Nothing in it waits for the server before a customer can be served.
 */

import { announce, byId, clearToasts, toast } from "./dom.js";
import { Money } from "./money.js";
import { receiptOf } from "./receipts.js";
import { meaning } from "./scan.js";
import { showBalance } from "./screens/gift.js";
import { envelopeOf } from "./selling.js";
import { gettext, locale } from "./words.js";
import { latest } from "../ui/latest.js";

const IDLE_SCREENS = new Set(["sell", "done", "shift", "tasks", "sales", "returns", "settings", "open"]); // these lock by themselves
const TASKS_PAUSE_MS = 250;

export class Till extends EventTarget {
  screen = "loading";
  writes = false; // this tab holds the lock
  /** @type {Object[]} */
  tasks = [];
  money = null;
  settings = {};
  screens = {};
  #back = "sell";
  #completing = false;

  /** @param {Object} parts */
  constructor(parts) {
    super();
    Object.assign(this, parts);
    this.loadTasks = latest(() => this.#loadTasks(), TASKS_PAUSE_MS);
    this.session.addEventListener("state", () => this.#adopt());
  }

  #adopt() {
    const { state } = this.session;
    if (!state) return;
    const { currency, digits } = state.market;
    if (this.money?.currency !== currency) this.money = new Money({ currency, digits, locale });
    this.outbox.raiseReceipt(state.receipt.prefix, state.receipt.last);
    if (this.writes) this.live.open(state.stream);
  }

  /** Show a screen. */
  go(name, params = {}) {
    if (!this.screens[name]) return;
    this.screens[this.screen]?.leave?.();
    clearToasts();
    this.screen = name;
    byId("till").dataset.screen = name;
    for (const element of document.querySelectorAll(".till > main")) {
      const shown = element.dataset.screen === name || (name === "sell" && element.classList.contains("till__stage"));
      element.hidden = !shown;
      if (shown) element.id = "main";
      else if (element.id === "main") element.removeAttribute("id");
    }
    this.dispatchEvent(new Event("screen"));
    document.activeElement?.blur?.();
    this.screens[name].enter?.(params);
  }

  /** Where one is when nothing special goes on. */
  home() {
    const { device, person, state } = this.session;
    if (!device) return this.go("pair");
    if (!this.writes) return this.go("second");
    if (!person) return this.go("pin");
    if (!state.shift) return this.go("open");
    if (this.screens.returns.isPending && !this.cart.isPaying) return this.go("returns");
    return this.go(this.cart.isPaying ? "pay" : "sell");
  }

  /** The person is known: back to where the till was locked. */
  async unlocked() {
    this.syncAll().catch(() => undefined);
    const back = this.#back;
    this.#back = "sell";
    if (this.session.state.shift && this.screens[back] && !this.cart.isPaying && back !== "sell") this.go(back);
    else this.home();
  }

  /** Lock; the sale on the screen is kept. A card payment under way goes on at the reader and is asked for later. */
  lock() {
    if (!this.session.person) return;
    this.#back = ["tasks", "sales", "returns", "settings"].includes(this.screen) ? this.screen : "sell";
    this.session.lock();
    this.home();
  }

  /** Called now and then: nobody has done anything for a while. */
  lockWhenIdle() {
    if (IDLE_SCREENS.has(this.screen) || (this.screen === "pay" && !this.cart.attempt)) this.lock();
  }

  /** One scan, whatever screen it meets. */
  onScan(scan) {
    this.session.touch();
    clearToasts(); // what is said of this scan stands alone
    return this.scanned(meaning(scan, this.catalog, this.numbers));
  }

  scanned(found) {
    if (this.screen === "pin" && this.screens.pin.onFigures(found.text)) return true;
    if (!this.session.person || !this.writes || this.screen === "open") {
      return this.refuseScan(this.session.person ? gettext("Open the shift first.") : gettext("Unlock the till first."));
    }
    if (this.screens[this.screen]?.onScan?.(found)) return true;
    if (found.kind === "gift") return showBalance(this, found.text);
    if (found.kind === "pickup" && !this.cart.isPaying) this.go("tasks", { pickup: found.text });
    else if (found.kind === "receipt" && !this.cart.isPaying) return this.#showReceipt(found.text);
    else if (found.kind === "product" && !this.cart.isPaying) {
      this.go("sell");
      return this.screens.sell.onScan(found);
    } else if (found.kind === "unknown" && this.screen !== "sell") return this.refuseScan(gettext("This code is not known here."));
    return true;
  }

  async #showReceipt(number) {
    const known = (await this.outbox.recent()).some((row) => row.envelope.receipt_number === number);
    if (known) return this.go("sales", { number });
    if (this.session.may("return.accept")) return this.go("returns", { text: number }); // of another till, or long ago
    return this.refuseScan(gettext("This receipt is not from this till, or too old for it. The back office finds it under Orders."));
  }

  /** A scan that cannot be used here; nothing else happens. */
  refuseScan(text) {
    this.tones.play("unknown");
    toast(text, { tone: "warning" });
    announce(text, { urgent: true });
    return true;
  }

  changeQuantity(id, quantity) {
    if (this.cart.isPaying) return;
    const line = this.cart.setQuantity(id, quantity);
    if (quantity === 0 && line) toast(gettext("The line was removed."), { action: gettext("Undo"), name: "undo" });
  }

  focusSearch() {
    if (this.screen !== "sell") return;
    byId("search").focus();
    byId("search").select();
  }

  onKey(event) {
    return this.screens[this.screen]?.onKey?.(event) ?? false;
  }

  /** The sale is paid: write it down first, then everything else. Two presses are one sale. */
  async complete() {
    if (this.#completing) return;
    this.#completing = true;
    try {
      await this.#complete();
    } finally {
      this.#completing = false;
    }
  }

  async #complete() {
    const { cart, money, session } = this;
    await cart.ready();
    const { state, person } = session;
    const { envelope, facts } = envelopeOf({ cart, state, person, money, soldAt: new Date().toISOString() });
    const change = cart.tenders.reduce((sum, tender) => sum + (tender.tendered ?? tender.amount) - tender.amount, 0);
    let row;
    try {
      row = await this.outbox.record(envelope, state.receipt.prefix, { receipt: facts });
    } catch (error) {
      toast(gettext("This computer’s disk did not take the sale, so nothing was sold. Free some space and press the key again."), { tone: "danger" });
      throw error;
    }
    await cart.finish();
    this.go("done", { row, change });
    this.outbox.flush();
  }

  /** A copy of a receipt, marked as one. */
  async printCopy(id) {
    const row = await this.store.get("sales", id);
    if (!row?.receipt) return;
    const copy = await this.outbox.countCopy(id);
    const facts = { ...row.receipt, number: row.envelope.receipt_number };
    const job = await this.printing.print(receiptOf(this.engine, facts, this.money, { copy }), `receipt-${id}-${copy}`);
    if (this.screen !== "done") toast(job.state === "done" ? gettext("The copy was printed.") : (job.reason ?? gettext("The copy is on its way.")), { tone: job.state === "done" ? "" : "warning" });
  }

  async #loadTasks() {
    if (!this.session.device) return;
    const { tasks } = await this.api.get("/till/api/tasks");
    const known = new Set(this.tasks.map((task) => task.id));
    const fresh = tasks.filter((task) => task.state !== "ready" && !known.has(task.id));
    if (this.tasksKnown && fresh.length && this.session.person) {
      this.tones.play("arrived");
      announce(gettext("A new web order for this store"));
    }
    this.tasksKnown = true;
    this.tasks = tasks;
    this.dispatchEvent(new Event("tasks"));
  }

  /** Everything that may have changed while nobody told us. */
  async syncAll() {
    await this.session.refresh();
    this.outbox.flush();
    await Promise.all([this.rules.sync(), this.catalog.sync(), this.stock.load(), this.numbers.load(), this.loadTasks()]);
  }

  /** Change how this till behaves. */
  change(settings) {
    Object.assign(this.settings, settings);
    this.applySettings();
    return this.store.put("meta", "settings", { ...this.settings });
  }

  applySettings() {
    this.tones.muted = !this.settings.sounds;
    byId("till").dataset.hand = this.settings.left ? "left" : "right";
  }
}
