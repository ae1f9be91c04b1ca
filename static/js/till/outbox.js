/**
 * The journal of sales and the queue to the server, which are the same rows. A sale is written to this computer's disk
 * before anything else happens to it, and leaves the queue only when the server has it.
 *
 * A row: {id, state, envelope, receipt, at, tries, reason, answer}. States: queued; sent; refused (the server will not
 * have it as it is: kept here with its reason, and as a case there). One that is refused holds up none behind it.
 */

import { fromUnits } from "./units.js";

const BATCH = 20;
const KEEP_SENT = 200;
const LONGEST_PAUSE = 30_000;
const COPY_MS = 1_000; // so long a customer may wait for the second copy
export const LOCK = "till-outbox";

export class Outbox extends EventTarget {
  /** @type {Map<string, Object>} the sales that the server has not got */
  unsent = new Map();
  #pause = 1_000;
  #timer = 0;

  /**
   * @param {import("./store.js").Store} store @param {import("./api.js").Api} api
   * @param {import("./bridge.js").Bridge} bridge its disk holds the second copy
   */
  constructor(store, api, bridge) {
    super();
    this.store = store;
    this.api = api;
    this.bridge = bridge;
  }

  /** Read what is left from before. */
  async load() {
    const rows = await this.store.all("sales");
    this.unsent = new Map(rows.filter((row) => row.state !== "sent").map((row) => [row.id, row]));
    this.#tell();
  }

  get count() {
    return this.unsent.size;
  }

  get queued() {
    return [...this.unsent.values()].filter((row) => row.state === "queued");
  }

  get refused() {
    return [...this.unsent.values()].filter((row) => row.state === "refused");
  }

  /** When the oldest unsent sale was made, or null. */
  get oldest() {
    return this.count ? Math.min(...[...this.unsent.values()].map((row) => row.at)) : null;
  }

  /** In smallest amounts. */
  unsentUnits(sku) {
    let units = 0;
    for (const row of this.unsent.values()) {
      for (const line of row.envelope.lines) if (line.sku === sku) units += fromUnits(line.quantity, line.scale);
    }
    return units;
  }

  /**
   * Write a sale down, with the next receipt number of this register: on this disk, and on the bridge's as well where
   * one answers soon (`reconcile` brings what it lacks). Resolves when it can be sold; nothing may be printed before.
   * @param {Object} envelope without its receipt_number @param {string} prefix of the register's receipt numbers
   */
  async record(envelope, prefix, extra = {}) {
    const row = await this.store.write(["meta", "sales"], async (stores) => {
      const key = `receipt:${prefix}`;
      const counted = await new Promise((resolve, reject) => {
        const asked = stores.meta.get(key);
        asked.onsuccess = () => resolve(asked.result ?? 0);
        asked.onerror = () => reject(asked.error);
      });
      const number = `${prefix}-${String(counted + 1).padStart(6, "0")}`;
      const made = {
        id: envelope.id,
        state: "queued",
        envelope: { ...envelope, receipt_number: number },
        at: Date.now(),
        tries: 0,
        copies: 0,
        reason: "",
        answer: null,
        ...extra,
      };
      stores.meta.put(counted + 1, key);
      stores.sales.put(made);
      stores.meta.delete("draft");
      return made;
    });
    this.unsent.set(row.id, row);
    this.#tell();
    await this.#copy(row);
    return row;
  }

  /** The series has got this far elsewhere: never give out a lower number. */
  async raiseReceipt(prefix, value) {
    const known = (await this.store.get("meta", `receipt:${prefix}`)) ?? 0;
    if (value > known) await this.store.put("meta", `receipt:${prefix}`, value);
  }

  async #copy(row) {
    if (this.bridge.state !== "ready") return;
    const copied = this.bridge.journal(row.id, row.envelope).catch(() => undefined); // the first copy is safe: the sale goes on
    await Promise.race([copied, new Promise((resolve) => setTimeout(resolve, COPY_MS))]);
  }

  /** What the bridge's disk has and this one has not (the browser was cleared): take it up, and copy what it lacks. */
  async reconcile(prefix) {
    const entries = await this.bridge.journalEntries();
    const here = new Set((await this.store.all("sales")).map((row) => row.id));
    const there = new Set(entries.map((entry) => entry.sale_uid));
    for (const { sale_uid: id, envelope } of entries) {
      if (here.has(id) || envelope.register !== prefix) continue;
      const at = new Date(envelope.sold_at).getTime() || Date.now();
      const row = { id, state: "queued", envelope, at, tries: 0, copies: 0, reason: "", answer: null };
      await this.store.put("sales", id, row);
      this.unsent.set(id, row);
      await this.raiseReceipt(prefix, Number(envelope.receipt_number?.split("-").at(-1)) || 0);
    }
    for (const row of this.unsent.values()) if (!there.has(row.id)) await this.#copy(row);
    const done = entries.filter((entry) => here.has(entry.sale_uid) && !this.unsent.has(entry.sale_uid));
    if (done.length) await this.bridge.acknowledge(done.map((entry) => entry.sale_uid));
    this.#tell();
  }

  /** Send what waits. One page at a time does it, however many ask. */
  async flush() {
    clearTimeout(this.#timer);
    await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      try {
        while (this.queued.length && (await this.#send(this.queued.slice(0, BATCH))));
        this.#pause = 1_000;
      } catch {
        // The server does not answer: the timer below tries again.
      }
    });
    if (this.queued.length) {
      this.#timer = setTimeout(() => this.flush(), this.#pause);
      this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    }
  }

  /** Try the refused ones again, too: somebody may have put right what was wrong. */
  async retry() {
    for (const row of this.refused) await this.#keep({ ...row, state: "queued" });
    this.#pause = 1_000;
    await this.flush();
  }

  /** True when something was settled, so that going on makes sense. */
  async #send(rows) {
    const sales = rows.map((row) => row.envelope);
    const { results } = await this.api.post("/api/v1/sales/batch", { sales }, { timeout: 30_000 });
    const accepted = [];
    for (const result of results) {
      const row = this.unsent.get(result.id);
      if (!row) continue;
      if (result.status < 300) {
        accepted.push(row.id);
        const sent = { ...row, state: "sent", answer: result.sale, reason: "", sentAt: Date.now() };
        await this.#keep(sent);
        this.dispatchEvent(new CustomEvent("answered", { detail: { row: sent } }));
      } else if (result.status < 500) {
        const reason = result.error.fields ? Object.values(result.error.fields).flat().join(" ") : result.error.detail;
        await this.#keep({ ...row, state: "refused", reason, tries: row.tries + 1 });
      } else {
        await this.#keep({ ...row, tries: row.tries + 1, reason: result.error.detail });
      }
    }
    if (accepted.length && this.bridge.state === "ready") await this.bridge.acknowledge(accepted).catch(() => undefined);
    if (accepted.length) await this.#prune();
    return results.some((result) => result.status < 500);
  }

  async #keep(row) {
    await this.store.put("sales", row.id, row);
    if (row.state === "sent") this.unsent.delete(row.id);
    else this.unsent.set(row.id, row);
    this.#tell(row);
  }

  /** Count a copy that was printed. */
  async countCopy(id) {
    const row = await this.store.get("sales", id);
    const copies = (row?.copies ?? 0) + 1;
    if (row) await this.#keep({ ...row, copies });
    return copies;
  }

  /** The sales of this till that its disk still holds, the newest first. */
  async recent() {
    const rows = await this.store.all("sales");
    return rows.sort((one, other) => other.at - one.at);
  }

  async #prune() {
    const sent = (await this.recent()).filter((row) => row.state === "sent").slice(KEEP_SENT);
    if (!sent.length) return;
    await this.store.write(["sales"], (stores) => {
      for (const row of sent) stores.sales.delete(row.id);
    });
  }

  #tell(row = null) {
    this.dispatchEvent(new CustomEvent("change", { detail: { row } }));
  }
}
