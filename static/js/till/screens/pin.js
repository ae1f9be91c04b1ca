/** Who is at the till: choose a name, enter the PIN. Also what a locked till shows; the sale behind it is kept. */

import { byId, busy, fromTemplate, initials, isTyping, part, show, write } from "../dom.js";
import { WrongPin } from "../passes.js";
import { fill, gettext, ngettext } from "../words.js";

const ENTER_MS = 700;

export function pinScreen(till) {
  const [field, pad, message, dots] = [byId("pin"), byId("pinpad"), byId("pin-message"), byId("pin-dots")];
  let chosen = null;
  let digits = 0;

  byId("people").addEventListener("click", (event) => {
    const key = event.target.closest("[data-username]");
    if (key) choose(key.dataset.username);
  });
  field.addEventListener("input", () => {
    field.value = field.value.replace(/\D/g, "");
    tell("");
    drawDots();
    if (digits && field.value.length === digits) byId("pin-form").requestSubmit();
  });
  byId("pin-form").addEventListener("submit", (event) => {
    event.preventDefault();
    busy(byId("pin-submit"), enter);
  });

  async function choose(username) {
    chosen = till.session.state.staff.find((person) => person.username === username) ?? null;
    field.value = "";
    field.disabled = !chosen;
    for (const key of byId("people").querySelectorAll("[data-username]")) {
      key.setAttribute("aria-pressed", String(key.dataset.username === username));
    }
    write(byId("pin-name"), chosen ? chosen.name : gettext("Choose your name"));
    tell(chosen ? gettext("Enter your PIN") : "");
    if (chosen) field.focus();
    digits = chosen ? await till.session.passes.digits(username) : 0;
    drawDots();
  }

  function drawDots() {
    const count = Math.max(digits || 4, field.value.length);
    while (dots.children.length > count) dots.lastElementChild.remove();
    while (dots.children.length < count) dots.append(Object.assign(document.createElement("span"), { className: "pinpad__dot" }));
    [...dots.children].forEach((dot, place) => dot.classList.toggle("is-filled", place < field.value.length));
    byId("pin-submit").disabled = !chosen || field.value.length < 4;
  }

  async function enter() {
    if (!chosen || field.value.length < 4) return;
    tell(gettext("Checking"));
    field.readOnly = true;
    try {
      await till.session.signIn(chosen.username, field.value);
      field.value = "";
      swallowEnter();
      await till.unlocked();
    } catch (error) {
      field.value = "";
      drawDots();
      tell(words(error), true);
      field.focus();
    } finally {
      field.readOnly = false;
    }
  }

  function tell(text, wrong = false) {
    write(message, text);
    for (const element of [pad, field]) {
      if (wrong) element.setAttribute("aria-invalid", "true");
      else element.removeAttribute("aria-invalid");
    }
  }

  function draw() {
    const staff = till.session.state?.staff ?? [];
    byId("people").replaceChildren(...staff.map((person) => personKey(person, chosen?.username)));
    show(byId("people-empty"), staff.length === 0);
    show(byId("pin-form"), staff.length > 0);
    const { units } = till.cart;
    show(byId("pin-kept"), units > 0);
    write(part(byId("pin-kept"), "text"), ngettext("The sale with %(count)s item is kept", "The sale with %(count)s items is kept", units));
  }

  till.session.addEventListener("state", () => till.screen === "pin" && draw());
  return {
    enter() {
      chosen = chosen && till.session.state.staff.find((person) => person.username === chosen.username);
      draw();
      choose(chosen?.username ?? (till.session.state.staff.length === 1 ? till.session.state.staff[0].username : ""));
    },
    onKey: (event) => {
      if (chosen && !field.readOnly && /^\d$/.test(event.key) && event.target !== field) {
        field.focus();
        field.value += event.key;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        return true;
      }
      return arrows(event, byId("people"));
    },
    /** Figures that came as fast as a scan: a PIN from quick fingers, as no barcode is that short. */
    onFigures(text) {
      if (!chosen || field.readOnly || !/^\d{4,7}$/.test(text)) return false;
      field.value = text;
      drawDots();
      byId("pin-form").requestSubmit();
      return true;
    },
    leave: () => choose(""),
  };
}

function personKey(person, chosen) {
  const row = fromTemplate("person");
  const key = row.firstElementChild;
  key.dataset.username = person.username;
  key.setAttribute("aria-pressed", String(person.username === chosen));
  write(part(row, "initials"), initials(person.name));
  write(part(row, "name"), person.name);
  return row;
}

/** The arrow keys move over keys in a list. */
export function arrows(event, list) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step || !list) return false;
  const keys = [...list.querySelectorAll("button:not(:disabled)")];
  if (!keys.length) return false;
  const at = keys.indexOf(document.activeElement);
  keys[at === -1 ? 0 : (at + step + keys.length) % keys.length].focus();
  return true;
}

/** The last figure has unlocked the till: an Enter that still follows it is not meant for the screen behind. */
function swallowEnter() {
  const first = (event) => {
    stop();
    if (event.key !== "Enter" || isTyping(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const stop = () => window.removeEventListener("keydown", first, { capture: true });
  window.addEventListener("keydown", first, { capture: true });
  setTimeout(stop, ENTER_MS);
}

function words(error) {
  if (!(error instanceof WrongPin)) return error.message;
  if (error.waitMs) return fill(gettext("Too many wrong PINs. Wait %(seconds)s seconds."), { seconds: Math.ceil(error.waitMs / 1000) });
  return fill(gettext("That PIN is not right. %(left)s more tries before a pause."), { left: error.triesLeft });
}
