/**
 * Paper and drawer through the bridge. A sale never waits for either: what became of them is told by "change", and a
 * paper that did not come out is printed again by hand.
 */

import { gettext } from "./words.js";

export class Printing extends EventTarget {
  /** @param {import("./bridge.js").Bridge} bridge */
  constructor(bridge) {
    super();
    this.bridge = bridge;
    /** The state of the last job: {id, state, reason}. */
    this.job = null;
    bridge.on("job", (job) => this.#hear(job));
    bridge.on("state", () => this.dispatchEvent(new Event("change")));
    bridge.on("printer", () => this.dispatchEvent(new Event("change")));
  }

  get ready() {
    return this.bridge.state === "ready";
  }

  /** The default printer as the bridge last saw it, null without a bridge. */
  get printer() {
    return this.ready ? (this.bridge.latest?.printers?.[0] ?? null) : null;
  }

  /** Print a document, or the promise of one. The same `jobId` never comes out twice. */
  async print(document, jobId) {
    this.#set({ job_id: jobId, kind: "print", state: "printing" });
    try {
      this.#hear(await this.bridge.print(await document, jobId));
    } catch (error) {
      this.#set({ job_id: jobId, kind: "print", state: "failed", code: error.code, reason: reason(error) });
    }
    return this.job;
  }

  /** Open the drawer; without a bridge it has a key. */
  async kick(jobId, why) {
    try {
      return await this.bridge.kick(jobId, why);
    } catch {
      return null;
    }
  }

  /** The paper as a picture, or null when nothing can draw it. @returns {Promise<Blob|null>} */
  async picture(document) {
    return this.ready ? this.bridge.render(document).catch(() => null) : null;
  }

  #hear(job) {
    if (job.kind === "print" && (!this.job || this.job.job_id === job.job_id)) this.#set(job);
  }

  #set(job) {
    this.job = job;
    this.dispatchEvent(new Event("change"));
  }
}

function reason(error) {
  if (error.code === "no_bridge") return gettext("No printer program answers on this computer, so nothing was printed.");
  if (error.code === "unpaired") return gettext("This till is not paired with its printer program yet. Open Settings.");
  if (error.name === "EngineStopped") return gettext("The receipt could not be laid out, so nothing was printed.");
  return error.message;
}
