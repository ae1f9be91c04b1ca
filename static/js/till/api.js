/** The server, as the till asks it. Everything that can go wrong is one of two errors. */

import { gettext } from "./words.js";

/** The server did not answer, or not in time: nothing is known of what it did. */
export class Unreachable extends Error {
  constructor() {
    super(gettext("The server does not answer. Check the connection; selling for cash goes on."));
    this.name = "Unreachable";
    this.code = "unreachable";
    this.status = 0;
  }
}

/** The server refused, in words for people. `code` is for programs, `problem` the whole answer. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.fields ? Object.values(problem.fields).flat().join(" ") : problem.detail || String(status));
    this.name = "Refused";
    this.status = status;
    this.code = problem.code ?? "refused";
    this.problem = problem;
  }
}

export class Api extends EventTarget {
  token = "";
  pass = "";

  get(path, options) {
    return this.request("GET", path, undefined, options);
  }

  post(path, body, options) {
    return this.request("POST", path, body ?? {}, options);
  }

  /**
   * @param {string} method @param {string} path @param {any} [body]
   * @param {{timeout?: number, credentials?: RequestCredentials}} [options] with "same-origin" the answer may set a cookie
   * @returns {Promise<any>} the answer's JSON. Throws `Unreachable` or `Refused`.
   */
  async request(method, path, body, options = {}) {
    const response = await this.fetch(path, { ...options, method, body });
    const answer = await response.json().catch(() => null);
    if (answer === null) throw this.lost();
    return answer;
  }

  /** The response itself, for what is read as a stream. */
  async fetch(path, { method = "GET", timeout = 12_000, credentials = "omit", body } = {}) {
    const headers = { Accept: "application/json" };
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    if (this.pass) headers["X-Person"] = this.pass;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    let response;
    try {
      response = await fetch(path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: "no-store",
        credentials,
        signal: AbortSignal.timeout(timeout),
      });
    } catch {
      throw this.lost();
    }
    if (response.status >= 500 && response.status !== 503) throw this.lost();
    this.tell("answered");
    if (response.ok) return response;
    const refusal = new Refused(response.status, await response.json().catch(() => ({})));
    if (refusal.code === "not_authenticated" && this.token) this.tell("revoked");
    if (refusal.code === "pin_needed") this.tell("pin_needed");
    throw refusal;
  }

  lost() {
    this.tell("lost");
    return new Unreachable();
  }

  tell(name) {
    this.dispatchEvent(new Event(name));
  }
}
