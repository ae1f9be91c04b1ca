/** What is being counted at this store, and the way to the screen at the shelf: a page of its own, for whoever has a PIN. */

import { byId, busy, complain, fromTemplate, part, show, write } from "../dom.js";
import { fill, gettext } from "../words.js";

/** @param {any} till @param {() => void} onChange there are some now, or none any more */
export function countsList(till, onChange) {
  let counts = [];

  byId("count-list").addEventListener("click", (event) => {
    const key = event.target.closest("[data-count]");
    if (key) busy(key, () => enter(key.dataset.count));
  });

  /** Ask the server what goes on; with no answer nothing does. */
  async function load() {
    ({ counts } = await till.api.get("/till/api/counts").catch(() => ({ counts: [] })));
    byId("count-list").replaceChildren(...counts.map(row));
    show(byId("counts"), counts.length > 0);
    complain(byId("counts-error"), "");
    onChange();
  }

  async function enter(id) {
    try {
      const { address } = await till.api.post(`/till/api/counts/${id}/entry`, {}, { credentials: "same-origin" });
      location.assign(address);
    } catch (error) {
      complain(byId("counts-error"), error.message);
    }
  }

  function row(one) {
    const made = fromTemplate("count");
    made.firstElementChild.dataset.count = one.id;
    write(part(made, "title"), `${one.number} · ${one.what}`);
    write(part(made, "text"), fill(gettext("%(counted)s of %(lines)s items counted"), one));
    return made;
  }

  return {
    load,
    get some() {
      return counts.length > 0;
    },
  };
}
