/**
 * One page of this browser sells; others look on until somebody takes over. The lock goes by itself when its page closes.
 */

const NAME = "till-writer";

export class TabLock extends EventTarget {
  held = false;

  /** Take the lock if it is free. @returns {Promise<boolean>} */
  claim() {
    return this.#request({ ifAvailable: true });
  }

  /** Take it from whoever has it; that page goes read-only at once. */
  takeOver() {
    return this.#request({ steal: true });
  }

  /** Take it as soon as the other page lets it go. */
  wait() {
    return this.#request({});
  }

  #request(options) {
    return new Promise((resolve) => {
      navigator.locks
        .request(NAME, options, (lock) => {
          if (!lock) return resolve(false);
          this.held = true;
          this.dispatchEvent(new Event("change"));
          resolve(true);
          return new Promise(() => undefined); // for as long as the page lives
        })
        .catch(() => {
          this.held = false; // another page has stolen it
          this.dispatchEvent(new Event("change"));
        });
    });
  }
}
