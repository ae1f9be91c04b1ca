/** Small words for drawing: everything that varies is text or an attribute, never markup. */

/** @param {string} id @returns {any} */
export function byId(id) {
  return document.getElementById(id);
}

/** A part of an element, by its data-part. @returns {any} */
export function part(element, name) {
  return element.querySelector(`[data-part="${name}"]`);
}

/** A copy of `<template id="…-template">`. @returns {any} */
export function fromTemplate(name) {
  return byId(`${name}-template`).content.firstElementChild.cloneNode(true);
}

/** Write a text, and nothing when it stands there already: a screen reader would say it again. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** An amount in the largest type: the style sheet makes it fit by how many figures it has. */
export function writeLarge(element, text) {
  write(element, text);
  element.style.setProperty("--figures", String(text.length));
}

export function show(element, shown = true) {
  element.hidden = !shown;
}

/** New rows in the places of the old ones; who had the focus in one has it in the row that is there now. */
export function redraw(list, rows) {
  const keys = (row) => [...(row?.querySelectorAll("button, input") ?? [])];
  const held = [...list.children].findIndex((row) => row.contains(document.activeElement));
  const key = keys(list.children[held]).indexOf(document.activeElement);
  list.replaceChildren(...rows);
  keys(list.children[held])[key]?.focus();
}

/** A problem under a field, or none. @param {HTMLElement} box with a data-part="text" @param {any} [field] */
export function complain(box, text, field = null) {
  write(part(box, "text"), text);
  show(box, Boolean(text));
  if (field) field.toggleAttribute("aria-invalid", false);
  if (field && text) field.setAttribute("aria-invalid", "true");
}

/** A button that is at work: it takes no second press. */
export async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** A message that goes by itself; warnings stay until closed. */
export function toast(message, { tone = "", action = "", name = "" } = {}) {
  dispatchEvent(new CustomEvent("toast", { detail: { message, tone, action, name } }));
}

/** Messages belong to the moment they were shown in: another screen, or the next scan, ends them. */
export function clearToasts() {
  for (const message of document.querySelectorAll("#toasts .toast")) message.remove();
}

/** Say it to screen readers; `urgent` interrupts. */
export function announce(text, { urgent = false } = {}) {
  const region = byId(urgent ? "alarm" : "announcer");
  region.textContent = "";
  setTimeout(() => {
    region.textContent = text;
  }, 30);
}

/** At most two letters for a person. */
export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => word[0].toUpperCase()).join("");
}

/** Whether what is typed now goes into a field. */
export function isTyping(target = document.activeElement) {
  return Boolean(target?.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));
}
