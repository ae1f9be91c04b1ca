/**
 * The page's side of the hardware bridge: printer, drawer, scanners, scale and the second copy of the sales journal.
 *
 * Works without the server (the bridge is on this computer) and without the bridge (`state` is then "absent", every
 * request is refused at once and the till goes on). Messages and receipt documents: `hardware/protocol.py`.
 *
 *     const bridge = new Bridge({ url: "http://127.0.0.1:8004" });
 *     bridge.on("state", (state) => …);          // connecting, absent, unpaired, ready
 *     bridge.on("scan", ({ code, device }) => …);
 *     bridge.start();
 *     const job = await bridge.print(document, jobId);   // job.state: done, blocked, unknown, …
 */

export const PROTOCOL = 1;

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
const NOT_PAIRED = 4401;
const TIMEOUTS = { hello: 4_000, status: 2_000, print: 6_000, kick: 6_000, other: 4_000 };

/** A request that was not met. `code` is for programs (and translations), `message` for people. */
export class BridgeError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "BridgeError";
    this.code = code;
  }
}

/** Keeps one token per bridge in IndexedDB; in memory where the browser has none. */
export class TokenMemory {
  #fallback = new Map();

  async get(url) {
    return this.#use("readonly", (store) => store.get(url), () => this.#fallback.get(url));
  }

  async set(url, token) {
    this.#fallback.set(url, token);
    await this.#use("readwrite", (store) => store.put(token, url), () => undefined);
  }

  async delete(url) {
    this.#fallback.delete(url);
    await this.#use("readwrite", (store) => store.delete(url), () => undefined);
  }

  async #use(mode, action, otherwise) {
    try {
      const database = await settled(this.#open());
      try {
        return await settled(action(database.transaction("tokens", mode).objectStore("tokens")));
      } finally {
        database.close();
      }
    } catch {
      return otherwise();
    }
  }

  #open() {
    const opening = indexedDB.open("bridge", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("tokens");
    return opening;
  }
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Bridge {
  #url;
  #tokens;
  #listeners = new Map();
  #waiting = new Map();
  #socket = null;
  #lastId = 0;
  #pause = FIRST_PAUSE;
  #timer = null;
  #running = false;
  #attempt = 0;

  /** @param {{url?: string, tokens?: TokenMemory}} options `url`: the bridge's address, as http://127.0.0.1:8004. */
  constructor({ url = "http://127.0.0.1:8004", tokens = new TokenMemory() } = {}) {
    this.#url = url.replace(/\/$/, "");
    this.#tokens = tokens;
    /** "connecting", "absent" (no bridge answers), "unpaired" (it wants a code) or "ready". */
    this.state = "connecting";
    /** The last `BridgeStatus`, kept up to date by events; null before the first. */
    this.latest = null;
  }

  /** Call `listener` on "state", "scan", "printer", "scanner" or "job". Gives a function that stops it. */
  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
    return () => this.#listeners.get(event).delete(listener);
  }

  /** Connect, and stay connected until `stop`. */
  start() {
    if (this.#running) return;
    this.#running = true;
    this.#connect();
  }

  /** Hang up for good. */
  stop() {
    this.#running = false;
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#lose(new BridgeError("stopped", "The connection to the bridge was closed."));
  }

  /** Try again now instead of after the pause: when the page becomes visible, or somebody presses Retry. */
  retry() {
    if (!this.#running || this.state === "ready") return;
    this.#pause = FIRST_PAUSE;
    this.#connect();
  }

  /** Have the bridge show its six-digit code on its console, and on paper when `print` is true. */
  async requestCode({ print = false } = {}) {
    return this.#post("/pairing", { print });
  }

  /** Pair this page with the bridge, with the code that it shows. */
  async pair(code) {
    const { token } = await this.#post("/pairing/token", { code: String(code) });
    await this.#tokens.set(this.#url, token);
    this.retry();
  }

  /** How printer, drawer, scanners, scale and journal are. */
  async status() {
    const { status } = await this.#ask("status", {}, TIMEOUTS.status);
    this.latest = status;
    return status;
  }

  /**
   * Print a receipt document. The same `jobId` never prints twice: asking again gives the job's state, and prints only
   * what certainly left no mark. A job still "printing" after 3 s tells its end by a "job" event.
   */
  async print(document, jobId, { columns, printer } = {}) {
    const { job } = await this.#ask("print", { document, job_id: jobId, columns, printer }, TIMEOUTS.print);
    return job;
  }

  /** Print the page to look at when a printer is set up. */
  async printTest(jobId, { printer } = {}) {
    const { job } = await this.#ask("print.test", { job_id: jobId, printer }, TIMEOUTS.print);
    return job;
  }

  /** Open the drawer. `reason`: cash_sale, refund, paid_in, paid_out, drop, float, count or no_sale. */
  async kick(jobId, reason) {
    const { job } = await this.#ask("kick", { job_id: jobId, reason }, TIMEOUTS.kick);
    return job;
  }

  /** Drawer openings since number `after`. */
  async kicks(after = 0) {
    return (await this.#ask("kick.list", { after })).kicks;
  }

  /** A job's state, or null when the bridge never heard of it. */
  async job(jobId) {
    return (await this.#ask("job", { job_id: jobId })).job;
  }

  /** Copy a sale to the bridge's disk. Resolves when it is there; true when it was new. */
  async journal(saleUid, envelope) {
    return (await this.#ask("journal.append", { sale_uid: saleUid, envelope })).stored;
  }

  /** Sales on the bridge's disk that the server has not acknowledged; with `acked` the others too. */
  async journalEntries({ acked = false } = {}) {
    return (await this.#ask("journal.list", { acked })).entries;
  }

  /** The server has these sales. */
  async acknowledge(saleUids) {
    return (await this.#ask("journal.ack", { sale_uids: saleUids })).count;
  }

  /** The weight on the scale: {value, unit, stable}. */
  async weigh() {
    return (await this.#ask("scale.read", {})).weight;
  }

  /** Show lines on the customer display. */
  async show(lines) {
    await this.#ask("display.show", { lines });
  }

  /** A document as a picture (PNG blob) of the paper as it would print. */
  async render(document, { columns } = {}) {
    const token = await this.#tokens.get(this.#url);
    const response = await this.#fetch("/render", { document, columns }, { Authorization: `Bearer ${token}` });
    return response.blob();
  }

  // The connection.

  async #connect() {
    const attempt = ++this.#attempt;
    clearTimeout(this.#timer);
    if (this.state === "absent" || this.state === "unpaired") this.#setState("connecting");
    let token;
    try {
      token = (await this.#tokens.get(this.#url)) ?? (await this.#pairWithoutCode());
    } catch (error) {
      if (attempt !== this.#attempt) return;
      if (error.code === "no_bridge") return this.#tryLater("absent");
      return this.#setState("unpaired");
    }
    if (attempt === this.#attempt) this.#open(token, attempt);
  }

  /** Bridges of the demo hand a token to pages of their own computer; others ask for a code. */
  async #pairWithoutCode() {
    const { token } = await this.#post("/pairing/token", {});
    await this.#tokens.set(this.#url, token);
    return token;
  }

  #open(token, attempt) {
    let socket;
    try {
      socket = new WebSocket(`${this.#url.replace(/^http/, "ws")}/ws`);
    } catch {
      return this.#tryLater("absent"); // a content security policy forbids it
    }
    this.#socket = socket;
    socket.onmessage = (message) => this.#receive(JSON.parse(message.data));
    socket.onclose = (event) => {
      if (attempt === this.#attempt) this.#closed(event);
    };
    socket.onopen = async () => {
      try {
        const answer = await this.#ask("hello", { token, protocol: PROTOCOL }, TIMEOUTS.hello, socket);
        this.latest = answer.status;
        this.#pause = FIRST_PAUSE;
        this.#setState("ready");
        for (const printer of answer.status.printers) this.#emit("printer", { printer, drawer: answer.status.drawer });
      } catch {
        socket.close();
      }
    };
  }

  async #closed(event) {
    this.#lose(new BridgeError("disconnected", "The connection to the bridge broke. Ask again with the same job."));
    if (!this.#running) return;
    if (event.code === NOT_PAIRED) {
      await this.#tokens.delete(this.#url);
      return this.#connect(); // pairs anew, or asks for a code
    }
    this.#tryLater("absent");
  }

  #tryLater(state) {
    if (!this.#running) return;
    this.#setState(state);
    const pause = this.#pause * (0.75 + Math.random() / 2);
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), pause);
  }

  #lose(error) {
    this.#socket = null;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
  }

  // Requests and events.

  #ask(kind, content, timeout = TIMEOUTS.other, socket = this.state === "ready" ? this.#socket : null) {
    if (!socket || socket.readyState !== WebSocket.OPEN) {
      const refusal = this.state === "unpaired"
        ? new BridgeError("unpaired", "This till is not paired with the bridge. Pair it in the settings.")
        : new BridgeError("no_bridge", "No bridge answers on this computer. Printing is not possible.");
      return Promise.reject(refusal);
    }
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new BridgeError("timeout", "The bridge did not answer in time. Ask again with the same job."));
      }, timeout);
      this.#waiting.set(id, { resolve, reject, timer });
      socket.send(JSON.stringify({ id, kind, ...content }));
    });
  }

  #receive(frame) {
    if (frame.event) return this.#notice(frame);
    const waiting = this.#waiting.get(frame.id);
    if (!waiting) return;
    this.#waiting.delete(frame.id);
    clearTimeout(waiting.timer);
    if (frame.ok) waiting.resolve(frame);
    else waiting.reject(new BridgeError(frame.error.code, frame.error.message));
  }

  #notice(frame) {
    if (frame.event === "printer" && this.latest) {
      const others = this.latest.printers.filter((printer) => printer.name !== frame.printer.name);
      const first = this.latest.printers[0]?.name === frame.printer.name;
      this.latest.printers = first ? [frame.printer, ...others] : [...others, frame.printer];
      if (first) this.latest.drawer = frame.drawer;
    }
    this.#emit(frame.event, frame.event === "job" ? frame.job : frame.event === "scanner" ? frame.scanner : frame);
  }

  #setState(state) {
    if (state === this.state) return;
    this.state = state;
    this.#emit("state", state);
  }

  #emit(event, content) {
    for (const listener of this.#listeners.get(event) ?? []) listener(content);
  }

  async #post(path, body) {
    return (await this.#fetch(path, body)).json();
  }

  async #fetch(path, body, headers = {}) {
    let response;
    try {
      response = await fetch(this.#url + path, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUTS.other),
      });
    } catch {
      throw new BridgeError("no_bridge", "No bridge answers on this computer.");
    }
    if (response.ok) return response;
    const { error } = await response.json().catch(() => ({ error: { code: "refused", message: response.statusText } }));
    throw new BridgeError(error.code, error.message);
  }
}
