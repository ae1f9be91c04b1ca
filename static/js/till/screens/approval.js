/** A colleague's PIN, without leaving the sale: what is asked, how much each may, and who said yes. */

import { byId, busy, fromTemplate, initials, part, show, write } from "../dom.js";
import { WrongPin } from "../passes.js";
import { fill, gettext } from "../words.js";

export function approvalPad(till) {
  const box = byId("approval");
  const [field, dots, message] = [byId("approval-pin"), byId("approval-dots"), byId("approval-message")];
  let allowed = []; // people
  let chosen = null;
  let digits = 0;
  let done = null;
  let proving = proveHere;
  const home = box.parentElement;

  byId("approval-close").addEventListener("click", () => close(null));
  byId("approvers").addEventListener("click", (event) => {
    const key = event.target.closest("[data-username]");
    if (key) choose(key.dataset.username);
  });
  field.addEventListener("input", () => {
    field.value = field.value.replace(/\D/g, "");
    tell("");
    drawDots();
    if (digits && field.value.length === digits) byId("approval-form").requestSubmit();
  });
  byId("approval-form").addEventListener("submit", (event) => {
    event.preventDefault();
    busy(byId("approval-submit"), enter);
  });

  /**
   * @param {string} text what is asked for, in words
   * @param {(limit: {discount_ppm: number, below_cost: boolean, refund_elsewhere: boolean}) => boolean} mayIt
   * @param {{nameOf?: Function, prove?: (username: string, pin: string) => Promise<string>, over?: Element}} [how] `prove`
   *   answers with what stands for the approval; `over`: the screen that asks
   * @returns {Promise<string|null>} the user name of whoever approved it, or what `prove` gave; null when nobody did
   */
  function ask(text, mayIt, { nameOf = withLimit, prove = proveHere, over = home } = {}) {
    proving = prove;
    if (box.parentElement !== over) over.prepend(box);
    const { staff, limits } = till.session.state;
    allowed = staff.filter((person) => limits[person.role] && mayIt(limits[person.role]));
    write(byId("approval-text"), text);
    byId("approvers").replaceChildren(...allowed.map((person) => personKey(person, nameOf(person, limits[person.role]))));
    show(byId("approval-pad"), allowed.length > 0);
    write(message, "");
    show(box);
    choose(allowed.length === 1 ? allowed[0].username : "");
    (allowed.length ? byId("approvers").querySelector("button") : byId("approval-close")).focus();
    if (allowed.length === 1) field.focus();
    return new Promise((resolve) => (done = resolve));
  }

  async function proveHere(username, pin) {
    await till.session.prove(username, pin);
    return username;
  }

  async function choose(username) {
    chosen = allowed.find((person) => person.username === username) ?? null;
    field.value = "";
    field.disabled = !chosen;
    for (const key of byId("approvers").querySelectorAll("[data-username]")) key.setAttribute("aria-pressed", String(key.dataset.username === username));
    write(byId("approval-name"), chosen?.name ?? (allowed.length ? gettext("Choose your name") : ""));
    tell(allowed.length ? "" : gettext("Nobody of this store may do that."));
    if (chosen) field.focus();
    digits = chosen ? await till.session.passes.digits(username) : 0;
    drawDots();
  }

  function drawDots() {
    const count = Math.max(digits || 4, field.value.length);
    dots.replaceChildren(...Array.from({ length: count }, (_, place) => {
      const dot = Object.assign(document.createElement("span"), { className: "pinpad__dot" });
      dot.classList.toggle("is-filled", place < field.value.length);
      return dot;
    }));
    byId("approval-submit").disabled = !chosen || field.value.length < 4;
  }

  async function enter() {
    if (!chosen || field.value.length < 4) return;
    const { username } = chosen;
    tell(gettext("Checking"));
    try {
      close(await proving(username, field.value));
    } catch (error) {
      field.value = "";
      drawDots();
      const isWrong = error instanceof WrongPin && !error.waitMs;
      tell(isWrong ? gettext("That PIN is not right.") : error.message, true);
      field.focus();
    }
  }

  function tell(text, isWrong = false) {
    write(message, text);
    byId("approval-pad").toggleAttribute("aria-invalid", false);
    if (isWrong) byId("approval-pad").setAttribute("aria-invalid", "true");
  }

  function close(username) {
    if (box.hidden) return;
    field.value = "";
    show(box, false);
    done?.(username);
    done = null;
  }

  return {
    ask,
    close: () => close(null),
    get isOpen() {
      return !box.hidden;
    },
  };
}

function withLimit(person, limit) {
  return fill(gettext("%(name)s, up to %(percent)s%"), { name: person.name, percent: limit.discount_ppm / 10_000 });
}

function personKey(person, words) {
  const row = fromTemplate("person");
  const key = row.firstElementChild;
  key.dataset.username = person.username;
  write(part(row, "initials"), initials(person.name));
  write(part(row, "name"), words);
  return row;
}
