/**
 * The price of something that changes while it is asked for. One question at a time, then the one that is newest by then, and an
 * answer to an older one is not taken: so fast changes never wait in a queue, and no answer belongs to other lines.
 */

import { latest } from "../ui/latest.js";

export class Pricing {
  #asked = 0;
  #asking = Promise.resolve();
  #askNewest;
  /** The newest answer there was; not that of what is asked about while `isCurrent` is false. */
  answer = null;
  isCurrent = true;
  /** Why there is no answer: `PriceError`, `EngineStopped`. */
  problem = null;

  /** @param {() => Promise<Object>} ask @param {() => void} onSettled there is an answer, or a problem */
  constructor(ask, onSettled) {
    this.#askNewest = latest(() => this.#askOnce(ask, onSettled));
  }

  /** Something has changed. */
  begin() {
    this.#asked += 1;
    this.isCurrent = false;
    this.problem = null;
    this.#asking = this.#askNewest();
    this.#asking.catch(() => undefined); // whoever waits for it hears of it
  }

  /** There is nothing to ask, or the answer is known. */
  settle(answer = null) {
    this.#asked += 1;
    this.answer = answer;
    this.isCurrent = true;
    this.problem = null;
  }

  /** Resolves when the answer is that of the newest question. Rejects with the problem. */
  async ready() {
    while (!this.isCurrent) await this.#asking;
  }

  async #askOnce(ask, onSettled) {
    const asked = this.#asked;
    if (this.isCurrent) return; // settled meanwhile
    try {
      const answer = await ask();
      if (asked !== this.#asked) return; // a newer one is asked for already
      this.answer = answer;
      this.isCurrent = true;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.problem = error;
      throw error;
    } finally {
      if (asked === this.#asked) onSettled();
    }
  }
}
