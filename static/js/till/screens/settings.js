/** How this till behaves, and how the devices beside it are. */

import { byId, busy, show, toast, write } from "../dom.js";
import { newUid } from "../ids.js";
import { age, fill, gettext, ngettext } from "../words.js";
import { drawBridge } from "./pair.js";

export const DEFAULTS = { sounds: true, left: false, lockMinutes: 5 };

export function settingsScreen(till) {
  byId("settings-back").addEventListener("click", () => till.home());
  byId("set-sounds").addEventListener("change", (event) => till.change({ sounds: event.target.checked }));
  byId("set-left").addEventListener("change", (event) => till.change({ left: event.target.checked }));
  byId("set-lock").addEventListener("change", (event) => till.change({ lockMinutes: Number(event.target.value) }));
  byId("bridge-retry").addEventListener("click", () => till.bridge.retry());
  byId("test-print").addEventListener("click", (event) => busy(event.currentTarget, test));
  byId("catalog-again").addEventListener("click", (event) => busy(event.currentTarget, reload));
  byId("bridge-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await till.bridge.pair(byId("bridge-code").value.trim());
    } catch (error) {
      toast(error.message, { tone: "warning" });
    }
  });
  till.printing.addEventListener("change", () => till.screen === "settings" && draw());

  async function test() {
    try {
      const job = await till.bridge.printTest(`test-${newUid()}`);
      toast(job.state === "done" ? gettext("The test page was printed.") : (job.reason ?? gettext("The test page is on its way.")));
    } catch (error) {
      toast(error.message, { tone: "warning" });
    }
  }

  async function reload() {
    try {
      await till.catalog.sync({ anew: true });
    } catch (error) {
      toast(error.message, { tone: "warning" });
    }
    draw();
  }

  function draw() {
    drawBridge(till, byId("set-bridge"));
    show(byId("bridge-form"), till.bridge.state === "unpaired");
    byId("test-print").disabled = !till.printing.ready;
    const facts = [ngettext("%(count)s item for sale", "%(count)s items for sale", till.catalog.size)];
    if (till.catalog.syncedAt) facts.push(fill(gettext("brought up to date %(age)s ago"), { age: age(till.catalog.syncedAt) }));
    write(byId("set-catalog-text"), facts.join(", "));
  }

  return {
    enter() {
      byId("set-sounds").checked = till.settings.sounds;
      byId("set-left").checked = till.settings.left;
      byId("set-lock").value = String(till.settings.lockMinutes);
      if (till.bridge.state === "unpaired") till.bridge.requestCode().catch(() => undefined);
      draw();
      byId("settings-back").focus();
    },
  };
}
