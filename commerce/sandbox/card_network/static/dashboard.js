/* The dashboard: asks the network every two seconds while it can be seen, and draws what has changed. */

const TONES = {
  succeeded: "good", paid: "good", delivered: "good", won: "good", online: "good", available: "good",
  requires_capture: "warn", requires_action: "warn", requires_confirmation: "warn", processing: "warn", pending: "warn",
  held: "warn", in_transit: "warn", needs_response: "warn", under_review: "warn", waiting: "warn", deciding: "warn",
  failed: "bad", lost: "bad", offline: "bad", declined: "bad", disputed: "warn",
};
const drawn = new Map();

function node(tag, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const words = (state) => (state.charAt(0).toUpperCase() + state.slice(1)).replaceAll("_", " ");
const chip = (state, tone = TONES[state] || "plain") => node("span", { className: `Chip is-${tone}` }, words(state));
const time = (seconds) =>
  node("time", { dateTime: new Date(seconds * 1000).toISOString() },
    new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" }));
const fine = (text) => node("span", { className: "Fine", title: text }, text);
const empty = (text) => node("p", { className: "Empty" }, text);

function table(titles, rows) {
  const head = titles.map(([title, kind]) => node("th", { scope: "col", className: kind || "" }, title));
  const body = rows.map((cells) =>
    node("tr", {}, ...cells.map((cell, at) => node("td", { className: titles[at][1] || "" }, ...[cell].flat()))));
  return node("table", {}, node("thead", {}, node("tr", {}, ...head)), node("tbody", {}, ...body));
}

function rows(items) {
  return node("ul", { className: "Rows" }, ...items.map((parts) => node("li", {}, ...parts)));
}

const DRAW = {
  stats: (totals) => {
    const entries = [
      ["Payments taken", String(totals.count)],
      ["Refunds", String(totals.refunds)],
      ["Disputes", String(totals.disputes)],
      ["Webhooks waiting", String(totals.waiting)],
    ];
    return entries.map(([label, value]) =>
      node("dl", { className: "Stat" }, node("dt", {}, label), node("dd", {}, value)));
  },
  payments: (list) => list.length
    ? [table([["Amount", "is-amount"], ["Status"], ["Card"], ["For"], ["Time"]], list.map((one) => [
        one.amount,
        [one.error ? chip(one.status, "bad") : chip(one.status), ...(one.disputed ? [" ", chip("disputed")] : []), ...(one.refunded ? [fine(`${one.refunded} refunded`)] : []),
          ...(one.error ? [fine(one.error)] : [])],
        one.card ? [words(one.card), fine(one.channel === "reader" ? "At a reader" : "Online")] : node("span", { className: "Soft" }, "None yet"),
        [one.description || Object.entries(one.metadata).map(([key, value]) => `${key} ${value}`).join(", ") || "No description", fine(one.id)],
        time(one.created),
      ]))]
    : [empty("No payments yet. They appear here as soon as a shop or a till asks for one.")],
  readers: (list) => list.length
    ? [rows(list.map((one) => [
        node("span", {}, node("a", { href: `/readers/${one.id}` }, one.label), fine(one.phase === "waiting" ? `Asks for ${one.amount}` : one.serial)),
        chip(one.status === "offline" ? "offline" : one.phase === "waiting" ? "waiting" : "online")]))]
    : [empty("No readers registered.")],
  refunds: (list) => list.length
    ? [rows(list.slice(0, 8).map((one) => [node("span", {}, one.amount, fine(one.reason ? words(one.reason) : one.payment)), chip(one.status)]))]
    : [empty("No refunds.")],
  disputes: (list) => list.length
    ? [rows(list.slice(0, 8).map((one) => [node("span", {}, one.amount, fine(words(one.reason))), chip(one.status)]))]
    : [empty("No disputes.")],
  payouts: (list) => list.length
    ? [rows(list.slice(0, 8).map((one) => [node("span", {}, one.amount, fine(one.id)), chip(one.status)]))]
    : [empty("No payouts yet. The available balance is paid out at midnight UTC.")],
  deliveries: ({ list, endpoints }) => list.length
    ? [table([["Event"], ["Status"], ["Answer"], ["Attempts", "is-amount"], ["Time"]], list.map((one) => [
        [one.type, fine(one.event)], chip(one.state), one.answer === null ? "None yet" : fine(String(one.answer)), String(one.attempts), time(one.created)]))]
    : [empty(endpoints ? "Nothing to tell yet." : "Nobody listens. Set CARD_NETWORK_WEBHOOK_URL, or create a webhook endpoint.")],
};

function draw(id, data) {
  const known = JSON.stringify(data);
  if (drawn.get(id) === known) return;
  drawn.set(id, known);
  document.getElementById(id).replaceChildren(...DRAW[id](data));
}

async function look() {
  const away = document.getElementById("away");
  try {
    const seen = await (await fetch("/_control/overview")).json();
    draw("stats", seen.totals);
    for (const id of ["payments", "readers", "refunds", "disputes", "payouts"]) draw(id, seen[id]);
    draw("deliveries", { list: seen.deliveries, endpoints: seen.endpoints.length });
    away.textContent = "";
  } catch {
    away.textContent = "The card network does not answer. Trying again.";
  }
}

async function keepLooking() {
  if (!document.hidden) await look();
  setTimeout(keepLooking, 2000);
}
keepLooking();
