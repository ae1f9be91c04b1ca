/**
 * PINs with no server: after a right PIN the server's pass is kept on the till's disk, sealed with a key that only this PIN
 * and this computer give. Opening the seal again is the proof, so nothing on the disk says what the PIN is.
 *
 * A four-digit PIN has ten thousand values: half a million rounds of PBKDF2, a key that cannot leave this browser, five
 * tries before a growing pause and an end after fourteen hours are what stands before them.
 */

const ROUNDS = 500_000;
const VALID_MS = 14 * 3600 * 1000;
const FREE_TRIES = 5;
const PAUSE_MS = 60_000;

/** A PIN that did not fit. `waitMs` is not zero when it is time for a pause. */
export class WrongPin extends Error {
  constructor(triesLeft, waitMs) {
    super("wrong pin");
    Object.assign(this, { triesLeft, waitMs });
  }
}

export class Passes {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
  }

  /** Keep what the server gave for a right PIN. @param {{username: string}} person */
  async seal(person, pin) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const vector = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(person));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: vector }, await this.#key(pin, salt), text);
    const pass = { salt, vector, sealed, until: Date.now() + VALID_MS, failures: 0, blockedUntil: 0, digits: pin.length };
    await this.store.put("passes", person.username, pass);
  }

  /** How many figures this person's PIN has, 0 when they have not been here. */
  async digits(username) {
    return (await this.store.get("passes", username))?.digits ?? 0;
  }

  /** Whether this person can come in with no server. */
  async knows(username) {
    const kept = await this.store.get("passes", username);
    return Boolean(kept && kept.until > Date.now());
  }

  /** The person and pass as the server gave them. Throws `WrongPin`; null when nothing is kept. */
  async open(username, pin) {
    const kept = await this.store.get("passes", username);
    if (!kept || kept.until < Date.now()) return null;
    if (kept.blockedUntil > Date.now()) throw new WrongPin(0, kept.blockedUntil - Date.now());
    try {
      const key = await this.#key(pin, kept.salt);
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.vector }, key, kept.sealed);
      if (kept.failures) await this.store.put("passes", username, { ...kept, failures: 0, blockedUntil: 0 });
      return JSON.parse(new TextDecoder().decode(text));
    } catch {
      const failures = kept.failures + 1;
      const wait = failures < FREE_TRIES ? 0 : PAUSE_MS * 2 ** (failures - FREE_TRIES);
      await this.store.put("passes", username, { ...kept, failures, blockedUntil: wait && Date.now() + wait });
      throw new WrongPin(Math.max(0, FREE_TRIES - failures), wait);
    }
  }

  async #key(pin, salt) {
    const pepper = await this.#pepper();
    const peppered = await crypto.subtle.sign("HMAC", pepper, new TextEncoder().encode(pin));
    const material = await crypto.subtle.importKey("raw", peppered, "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
    return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  /** A key that this browser made and does not give out. */
  async #pepper() {
    const known = await this.store.get("meta", "pepper");
    if (known) return known;
    const made = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    await this.store.put("meta", "pepper", made);
    return made;
  }
}
