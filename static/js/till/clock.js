/** The wall clock of the store, by which prices, promotions and taxes begin and end: "2026-05-03T14:10:00". */

const writers = new Map();

/** @param {string} timeZone IANA name @param {Date} [at] */
export function wallClock(timeZone, at = new Date()) {
  if (!writers.has(timeZone)) {
    const digits = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
    writers.set(timeZone, new Intl.DateTimeFormat("en-US", { ...digits, hourCycle: "h23", timeZone }));
  }
  const parts = Object.fromEntries(writers.get(timeZone).formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
}

/** Whether one of the moments lies between two times of the wall clock: after the one, up to the other. Days are their midnight. */
export function isPassed(moments, from, until) {
  return from.slice(0, 10) !== until.slice(0, 10) || moments.some((moment) => from < moment && moment <= until);
}
