/** Who and where: the register this browser is paired with, what the server says of it, and the person at the till. */

import { Unreachable } from "./api.js";
import { gettext } from "./words.js";
import { Passes } from "./passes.js";
import { PRIVATE } from "./store.js";

const TAB = "till-person"; // the person survives a reload of this tab, and nothing else

export class Session extends EventTarget {
  device = null;
  state = null;
  person = null;
  #told = 0; // how often the state was set: an answer that was asked for before is old

  /** @param {import("./store.js").Store} store @param {import("./api.js").Api} api */
  constructor(store, api) {
    super();
    this.store = store;
    this.api = api;
    this.passes = new Passes(store);
  }

  /** What this computer knows from before. @param {number} lockMs a person who did nothing for so long is locked out */
  async load(lockMs) {
    this.device = (await this.store.get("meta", "device")) ?? null;
    this.state = (await this.store.get("meta", "state")) ?? null;
    this.api.token = this.device?.token ?? "";
    const kept = JSON.parse(sessionStorage.getItem(TAB) ?? "null");
    if (kept && this.device && Date.now() - kept.at < lockMs) this.#enter(kept.person);
  }

  /** Trade the back office's code for this register. Throws what `Api` throws. */
  async pair(code) {
    const answer = await this.api.post("/till/api/pairing", { code });
    this.device = { token: answer.token, register: answer.state.register.code };
    await this.store.put("meta", "device", this.device);
    this.api.token = answer.token;
    await this.#adopt(answer.state);
  }

  /** Ask the server for the present state. Throws what `Api` throws. */
  async refresh() {
    const told = this.#told;
    const state = await this.api.get("/till/api/state");
    if (told !== this.#told) return this.refresh();
    await this.#adopt(state);
    return this.state;
  }

  async #adopt(state) {
    this.#told += 1;
    this.state = state;
    this.skewMs = Date.now() - new Date(state.server_time).getTime();
    await this.store.put("meta", "state", state);
    this.dispatchEvent(new Event("state"));
  }

  /** A shift was opened or closed here; the server's answer comes before its next state. */
  async setShift(shift) {
    this.#told += 1;
    const ended = Boolean(shift?.closed_at);
    this.state = { ...this.state, shift: ended ? null : shift, last_shift: ended ? { id: shift.id } : this.state.last_shift };
    await this.store.put("meta", "state", this.state);
    this.dispatchEvent(new Event("state"));
  }

  /**
   * A person says who they are. With no server the pass of an earlier time is opened with the same PIN.
   * Throws `Refused` (wrong_pin, pin_blocked, not_allowed), `WrongPin` and `Unreachable`.
   */
  async signIn(username, pin) {
    const person = await this.prove(username, pin);
    this.#enter(person);
    return person;
  }

  /** Somebody shows that they are there, and the person at the till stays. Throws what `signIn` throws. */
  async prove(username, pin) {
    let person;
    try {
      person = await this.api.post("/till/api/pin", { username, pin }, { timeout: 6_000 });
      this.passes.seal(person, pin).catch(() => undefined);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      person = await this.passes.open(username, pin);
      if (!person) throw new Error(gettext("The server does not answer, and this person has not been here today. Ask a colleague who has."));
    }
    return person;
  }

  #enter(person) {
    this.person = person;
    this.api.pass = person.pass;
    this.touch();
    this.dispatchEvent(new Event("person"));
  }

  /** Somebody does something: the time to the lock begins anew. */
  touch() {
    if (this.person) sessionStorage.setItem(TAB, JSON.stringify({ person: this.person, at: Date.now() }));
  }

  lock() {
    this.person = null;
    this.api.pass = "";
    sessionStorage.removeItem(TAB);
    this.dispatchEvent(new Event("person"));
  }

  may(permission) {
    return Boolean(this.person?.permissions.includes(permission));
  }

  /** The back office has disconnected this browser: what it knew is wiped. Unsent sales stay, they are nobody's secret. */
  async forget() {
    this.lock();
    this.device = this.state = null;
    this.api.token = "";
    await this.store.wipe(PRIVATE);
  }
}
