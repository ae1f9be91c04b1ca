/**
 * What happens elsewhere, as it happens: stock, tasks, catalog, shifts. The browser reconnects by itself and the server tells
 * what was missed; where it does not, the stream is opened anew and everything is asked for again.
 */

const TOPICS = ["stock.changed", "tasks.changed", "catalog.changed", "shift.closed"];
const RETRY_MS = 3_000;

export class Live extends EventTarget {
  #source = null;
  #timer = 0;
  #url = "";
  #broken = false;

  /** @param {string} url the signed address from the till's state */
  open(url) {
    if (url === this.#url && this.#source && this.#source.readyState !== EventSource.CLOSED) return;
    this.close();
    this.#url = url;
    this.#connect();
  }

  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #connect() {
    clearTimeout(this.#timer);
    const source = new EventSource(this.#url);
    this.#source = source;
    source.onopen = () => {
      if (this.#broken) this.dispatchEvent(new Event("returned"));
      this.#broken = false;
    };
    source.onerror = () => {
      this.#broken = true;
      if (source.readyState !== EventSource.CLOSED) return;
      this.#timer = setTimeout(() => this.#connect(), RETRY_MS);
    };
    for (const topic of TOPICS) {
      source.addEventListener(topic, (message) => {
        this.dispatchEvent(new CustomEvent(topic, { detail: JSON.parse(message.data) }));
      });
    }
  }
}
