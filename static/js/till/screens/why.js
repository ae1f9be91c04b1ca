/** Why the stock says so many: the sum from the server, line by line. */

import { busy, byId, fromTemplate, part, show, write } from "../dom.js";
import { gettext } from "../words.js";

export function whyPanel(till) {
  let asked = null; // the SKU that the panel is about

  byId("why-ask").addEventListener("click", () => busy(byId("why-ask"), answer));

  async function answer() {
    const sku = asked;
    try {
      const found = await till.api.get(`/till/api/stock/${encodeURIComponent(sku)}/explain`);
      if (asked !== sku) return; // another product is looked at by now
      write(byId("why-text"), found.sentence);
      byId("why-shelves").replaceChildren(...found.shelves.map(shelf));
    } catch {
      if (asked !== sku) return;
      byId("why-shelves").replaceChildren();
      write(byId("why-text"), gettext("Only the server can tell. Try again when the till is connected."));
    }
    show(byId("why-answer"));
    show(byId("why-ask"), false);
    byId("why-answer").scrollIntoView({ block: "nearest" });
  }

  return {
    /** Offer the answer for a variant; nothing is asked before somebody presses. */
    offer(sku) {
      asked = sku;
      show(byId("why-answer"), false);
      show(byId("why-ask"));
    },
  };
}

function shelf({ title, lines }) {
  const list = document.createElement("dl");
  list.className = "why__sum";
  if (title) list.setAttribute("aria-label", title);
  list.append(...lines.map(line));
  return list;
}

function line({ label, note, figure, role }) {
  const element = fromTemplate("why-line");
  element.classList.add(`why__line--${role}`);
  write(part(element, "label"), label);
  write(part(element, "note"), note);
  write(part(element, "figure"), figure);
  return element;
}
