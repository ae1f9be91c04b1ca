/**
 * What happens elsewhere, as it happens. The browser reconnects by itself and the server tells what was missed; where it does
 * not, the stream is opened anew, and "returned" says that everything is to be asked for again.
 */

const RETRY_MS = 3_000;

export class Live extends EventTarget {
  #source = null;
  #timer = 0;
  #url = "";
  #broken = false;

  /** @param {string[]} topics each becomes an event of this object, with the message as its detail */
  constructor(topics) {
    super();
    this.topics = topics;
  }

  /** @param {string} url the signed address that the server gave */
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
    for (const topic of this.topics) {
      source.addEventListener(topic, (message) => {
        this.dispatchEvent(new CustomEvent(topic, { detail: JSON.parse(message.data) }));
      });
    }
  }
}
