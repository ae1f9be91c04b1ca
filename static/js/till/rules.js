/**
 * The rules that prices follow, as the server made them for this store: price lists, promotions, taxes, fees and the coupons that
 * need no counting. Kept on this computer's disk and given to the price engine whole. What begins later is in them already, so
 * the till tells by its own clock when to price anew: "change" for other rules, "boundary" for another day or hour.
 */

import { isPassed, wallClock } from "./clock.js";
import { latest } from "../ui/latest.js";

const PAUSE_MS = 500;
const LOOK_MS = 1_000;

export class Rules extends EventTarget {
  #kept = null; // the server's answer
  #moments = [];
  #seen = "";
  #timeZone = "UTC";

  /** @param {import("./store.js").Store} store @param {import("./api.js").Api} api @param {import("./engine.js").Engine} engine */
  constructor(store, api, engine) {
    super();
    Object.assign(this, { store, api, engine });
    this.sync = latest(() => this.#sync(), PAUSE_MS);
    setInterval(() => this.#look(), LOOK_MS);
  }

  /** Whether there is something to price by. */
  get areKnown() {
    return this.#kept !== null;
  }

  /** The version of the rules, as envelopes name it. */
  get version() {
    return this.#kept?.rules.version ?? "";
  }

  get currency() {
    return this.#kept?.here.currency ?? "";
  }

  /** What the disk holds; asks the server of nothing. @param {string} timeZone of the store */
  async restore(timeZone) {
    this.#timeZone = timeZone;
    this.#seen = this.now();
    const kept = await this.store.get("meta", "rules");
    if (!kept) return;
    this.engine.keepRules(kept.rules).catch((error) => console.error(error)); // whatever is priced is asked behind it
    this.#adopt(kept);
  }

  async #sync() {
    const answer = await this.api.get(`/till/api/rules?version=${this.#kept?.version ?? ""}`, { timeout: 30_000 });
    if (!answer.rules) return;
    await this.engine.keepRules(answer.rules); // a set that the engine refuses is not kept: the one before goes on
    await this.store.put("meta", "rules", answer);
    this.#adopt(answer);
  }

  #adopt(kept) {
    this.#kept = kept;
    this.#moments = momentsOf(kept.rules);
    this.dispatchEvent(new Event("change"));
  }

  /** The clock of the store. @returns {string} */
  now() {
    return wallClock(this.#timeZone);
  }

  /** What every basket says of the place, and when it is asked. */
  here() {
    return { ...this.#kept.here, at: this.now() };
  }

  /** @param {string} id @returns {Object|null} */
  promotion(id) {
    return this.#kept?.rules.promotions.find((one) => one.id === id) ?? null;
  }

  /** A code that is good with no server, now. @param {string} code @returns {{code: string, promotion: string}|null} */
  coupon(code) {
    const now = this.now();
    const found = this.#kept?.coupons.find((one) => one.key === couponKey(code));
    const counts = found && found.starts <= now && (!found.ends || now < found.ends);
    return counts ? { code: found.code, promotion: found.promotion } : null;
  }

  /** Looked at every second: a computer that slept over midnight has missed its alarm. */
  #look() {
    const before = this.#seen;
    this.#seen = this.now();
    const [from, until] = before < this.#seen ? [before, this.#seen] : [this.#seen, before]; // somebody may set the clock back
    if (this.#kept && isPassed(this.#moments.map((at) => at(until)), from, until)) this.dispatchEvent(new Event("boundary"));
  }
}

/** A coupon's code as it is compared, as commerce/pricing/coupons.py does. */
export function couponKey(code) {
  return code.replaceAll(/[\s\-_.]/g, "").toUpperCase().slice(0, 40);
}

/** When something begins or ends that is no midnight: functions of a moment, which says the day of what happens daily. */
function momentsOf(rules) {
  const dated = [...rules.lists, ...rules.promotions, ...rules.taxes].flatMap((row) => [row.starts, row.ends]);
  const daily = rules.promotions.flatMap((row) => [row.daily_from, row.daily_until]);
  const full = dated.filter((text) => text?.length === 19).map((text) => () => text);
  return [...full, ...daily.filter(Boolean).map((hour) => (at) => `${at.slice(0, 11)}${hour}:00`)];
}
