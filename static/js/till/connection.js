/**
 * Whether the server can be reached, by asking it: `navigator.onLine` stays true while a server is down.
 *
 * A beat every few seconds, and every answer of any request counts as one. Tells "change" when the state turns.
 */

const BEAT_MS = 5_000;
const BEAT_OFFLINE_MS = 2_000;

export class Connection extends EventTarget {
  #timer = 0;
  #failures = 0;

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    super();
    /** "connecting", "online" or "offline". */
    this.state = "connecting";
    this.since = Date.now();
    api.addEventListener("answered", () => this.#heard());
    api.addEventListener("lost", () => this.#missed());
  }

  start() {
    this.beat();
    addEventListener("online", () => this.beat());
    addEventListener("offline", () => this.#missed(2));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.beat());
  }

  get online() {
    return this.state === "online";
  }

  /** Ask now. */
  async beat() {
    clearTimeout(this.#timer);
    try {
      const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(3_000) });
      if (answer.ok) this.#heard();
      else this.#missed();
    } catch {
      this.#missed();
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.beat(), this.online ? BEAT_MS : BEAT_OFFLINE_MS);
  }

  #heard() {
    this.#failures = 0;
    this.#turn("online");
  }

  /** One silence may be a hiccup; the second is a state. */
  #missed(weight = 1) {
    this.#failures += weight;
    if (this.#failures > 1 || this.state !== "online") this.#turn("offline");
    else setTimeout(() => this.beat(), 300);
  }

  #turn(state) {
    if (state === this.state) return;
    this.state = state;
    this.since = Date.now();
    this.dispatchEvent(new Event("change"));
  }
}
