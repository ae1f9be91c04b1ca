/** Texts in the language of the page: Django's own catalog (/till/words.js), English where it has not been loaded. */

const catalog = globalThis.django ?? {};

/** @param {string} text @returns {string} */
export function gettext(text) {
  return catalog.gettext ? catalog.gettext(text) : text;
}

/** @param {string} one @param {string} many @param {number} count @returns {string} */
export function ngettext(one, many, count) {
  const found = catalog.ngettext ? catalog.ngettext(one, many, count) : count === 1 ? one : many;
  return fill(found, { count });
}

/** Put values in the places of %(name)s. */
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The language of the page, for Intl. */
export const locale = document.documentElement.lang || "en";

/** 14:05, as people here write it, on the clock of a place: its IANA name, whatever this computer is set to. */
export function clockTime(at, timeZone) {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone }).format(new Date(at));
}

/** The same, and the day when it is another one than today there: "Nov 22, 2:05 PM". */
export function dayTime(at, timeZone, now = Date.now()) {
  const day = new Intl.DateTimeFormat(locale, { year: "numeric", month: "short", day: "numeric", timeZone });
  if (day.format(new Date(at)) === day.format(now)) return clockTime(at, timeZone);
  return new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit", timeZone }).format(new Date(at));
}

/** How long ago, in words that do not change every second: "3 min", "2 h", "4 days". */
export function age(at, now = Date.now()) {
  const minutes = Math.floor((now - new Date(at).getTime()) / 60_000);
  if (minutes < 1) return gettext("under a minute");
  if (minutes < 60) return fill(gettext("%(minutes)s min"), { minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return fill(gettext("%(hours)s h"), { hours });
  return fill(gettext("%(days)s days"), { days: Math.floor(hours / 24) });
}
