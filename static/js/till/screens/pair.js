/** A browser becomes a register's till: the back office's code, and the printer program beside it. */

import { byId, busy, complain, part, show, write } from "../dom.js";
import { gettext, ngettext } from "../words.js";

export function pairScreen(till) {
  const field = byId("pair-code");
  field.addEventListener("input", () => {
    const plain = field.value.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, 8);
    field.value = plain.length > 4 ? `${plain.slice(0, 4)}-${plain.slice(4)}` : plain;
    complain(byId("pair-error"), "", field);
    if (plain.length === 8 && !byId("pair-form").dataset.tried?.includes(plain)) byId("pair-form").requestSubmit();
  });
  byId("pair-form").addEventListener("submit", (event) => {
    event.preventDefault();
    busy(byId("pair-submit"), () => pair(field.value.replace("-", "")));
  });
  till.bridge.on("state", () => drawBridge(till, byId("pair-bridge")));

  async function pair(code) {
    byId("pair-form").dataset.tried = code;
    if (code.length !== 8) {
      complain(byId("pair-error"), gettext("A pairing code has eight letters and figures."), field);
      return;
    }
    try {
      await till.session.pair(code);
      await till.begin();
    } catch (error) {
      complain(byId("pair-error"), error.message, field);
      field.select();
    }
  }

  return {
    enter({ revoked = false } = {}) {
      show(byId("revoked"), revoked);
      const unsent = till.outbox.count;
      write(
        byId("revoked-text"),
        unsent
          ? ngettext(
              "%(count)s sale has not been sent. It stays on this computer and is sent when the register is paired again.",
              "%(count)s sales have not been sent. They stay on this computer and are sent when the register is paired again.",
              unsent,
            )
          : gettext("All its sales were sent before. What it knew of the shop was removed from this computer."),
      );
      drawBridge(till, byId("pair-bridge"));
      field.value = "";
      field.focus();
    },
  };
}

/** How the printer program on this computer is, in words; also what the browser must allow. */
export async function drawBridge(till, box) {
  const [title, text] = await bridgeWords(till);
  write(part(box, "title"), title);
  write(part(box, "text"), text);
  box.dataset.state = till.bridge.state;
}

async function bridgeWords({ bridge, printing }) {
  if (bridge.state === "ready") {
    const printer = printing.printer;
    const [scanners, where] = [bridge.latest?.scanners?.filter((one) => one.state === "ready").length ?? 0, bridge.latest?.drawer];
    const more = [];
    if (scanners) more.push(ngettext("%(count)s scanner", "%(count)s scanners", scanners));
    if (where && where !== "unknown") more.push(where === "open" ? gettext("drawer open") : gettext("drawer closed"));
    if (!printer) return [gettext("Printer program found"), gettext("It has no printer set up yet.")];
    return [gettext("Printer program found"), [printer.message, ...more].join(" · ")];
  }
  if (bridge.state === "unpaired") {
    return [gettext("Printer program found, not paired"), gettext("Pair it in Settings, with the code that it shows.")];
  }
  const allowed = await loopbackPermission();
  if (allowed === "denied") {
    return [
      gettext("The browser does not let this page reach the printer"),
      gettext("Press the sign left of the address, allow “Local network access” for this page, and reload."),
    ];
  }
  if (allowed === "prompt") {
    return [
      gettext("Looking for the printer program"),
      gettext("The browser asks whether this page may connect to devices on this computer: press Allow. Only the printer program is asked."),
    ];
  }
  if (bridge.state === "connecting") return [gettext("Looking for the printer program"), gettext("One moment.")];
  return [
    gettext("No printer program on this computer"),
    gettext("Selling works without it; receipts are not printed and the drawer is opened with its key. It is looked for all the time."),
  ];
}

async function loopbackPermission() {
  if (["localhost", "127.0.0.1", "[::1]"].includes(location.hostname)) return "granted"; // from here to here nobody asks
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      return (await navigator.permissions.query({ name })).state;
    } catch {
      // This browser does not know the permission, or not by this name.
    }
  }
  return "granted";
}
