/** Opens the till: puts its parts together, reads this computer's disk, and only then asks the server. */

import { Api } from "./api.js";
import { Bridge } from "./bridge.js";
import { Cart } from "./cart.js";
import { Catalog } from "./catalog.js";
import { Connection } from "./connection.js";
import { byId, show, toast, write } from "./dom.js";
import { Engine } from "./engine.js";
import { listenToKeys } from "./keys.js";
import { Numbers } from "./numbers.js";
import { Outbox } from "./outbox.js";
import { listenToPresses } from "./presses.js";
import { Prices } from "./prices.js";
import { Printing } from "./printing.js";
import { Rules } from "./rules.js";
import { listen } from "./scan.js";
import { approvalPad } from "./screens/approval.js";
import { doneScreen } from "./screens/done.js";
import { openScreen } from "./screens/open.js";
import { pairScreen } from "./screens/pair.js";
import { payScreen } from "./screens/pay.js";
import { pinScreen } from "./screens/pin.js";
import { returnsScreen } from "./screens/returns.js";
import { salesScreen } from "./screens/sales.js";
import { secondScreen } from "./screens/second.js";
import { sellScreen } from "./screens/sell.js";
import { DEFAULTS, settingsScreen } from "./screens/settings.js";
import { shiftScreen } from "./screens/shift.js";
import { statusStrip } from "./screens/status.js";
import { tasksScreen } from "./screens/tasks.js";
import { Session } from "./session.js";
import { Stock } from "./stock.js";
import { Store } from "./store.js";
import { TabLock } from "./tab_lock.js";
import { Till } from "./till.js";
import { Tones } from "./tones.js";
import { Live } from "../ui/live.js";
import { gettext, ngettext } from "./words.js";

const TOPICS = ["stock.changed", "tasks.changed", "catalog.changed", "rules.changed", "shift.closed"];
const IDLE_CHECK_MS = 5_000;
const RESYNC_MS = 10 * 60_000;

async function open() {
  registerWorker();
  navigator.storage?.persist?.().catch(() => undefined);
  const { engine: engineUrl, receipt: receiptUrl, engineWorker: workerUrl } = byId("till").dataset;
  const vendorUrl = new URL("../../vendor/", import.meta.url).href;
  const engine = new Engine({ workerUrl, engineUrl, receiptUrl, vendorUrl }); // starts beside everything else; only prices wait for it
  const store = await Store.open();
  const till = assemble(store, engine);
  till.settings = { ...DEFAULTS, ...(await store.get("meta", "settings")) };
  till.applySettings();
  await till.session.load(till.settings.lockMinutes * 60_000);
  wire(till);
  till.bridge.start();
  till.connection.start();
  till.begin = () => begin(till);
  till.takeOver = async () => {
    await till.tab.takeOver();
    await till.begin();
  };
  await till.outbox.load();
  await till.begin();
}

function assemble(store, engine) {
  const frame = byId("till").dataset;
  const api = new Api();
  const bridge = new Bridge({ url: frame.bridge });
  const outbox = new Outbox(store, api, bridge);
  const [catalog, rules] = [new Catalog(store, api), new Rules(store, api, engine)];
  const till = new Till({
    store,
    engine,
    api,
    bridge,
    outbox,
    mediaUrl: frame.media,
    session: new Session(store, api),
    connection: new Connection(api),
    catalog,
    rules,
    prices: new Prices(engine, rules, catalog),
    stock: new Stock(api, outbox),
    numbers: new Numbers(store, api, outbox),
    cart: new Cart(engine, store, rules, catalog),
    printing: new Printing(bridge),
    live: new Live(TOPICS),
    tab: new TabLock(),
    tones: new Tones(),
  });
  till.approval = approvalPad(till);
  till.screens = {
    loading: {},
    pair: pairScreen(till),
    second: secondScreen(till),
    pin: pinScreen(till),
    open: openScreen(till),
    sell: sellScreen(till),
    pay: payScreen(till),
    done: doneScreen(till),
    shift: shiftScreen(till),
    tasks: tasksScreen(till),
    sales: salesScreen(till),
    returns: returnsScreen(till),
    settings: settingsScreen(till),
  };
  return till;
}

/** A paired till opens from its own disk; the server is asked beside it, and only the first time waited for. */
async function begin(till) {
  if (!till.session.device) return till.go("pair");
  if (!till.writes) {
    till.writes = till.tab.held || (await till.tab.claim());
    if (!till.writes) {
      await till.session.refresh().catch(() => undefined);
      till.tab.wait().then(() => till.begin());
      return till.home();
    }
  }
  till.session.dispatchEvent(new Event("state"));
  await till.outbox.load();
  await till.numbers.restore();
  await till.rules.restore(till.session.state.location.time_zone);
  const known = (till.catalog.size > 0 || (await till.catalog.load())) && till.rules.areKnown;
  await till.cart.restore();
  await till.screens.returns.restore();
  if (!known && !(await loadFirst(till))) return undefined;
  till.screens.sell.renew();
  till.home();
  if (till.bridge.state === "ready") till.outbox.reconcile(till.session.state.register.code).catch(() => undefined);
  if (known) till.syncAll().catch(() => undefined);
  return undefined;
}

async function loadFirst(till) {
  till.go("loading");
  write(byId("loading-text"), gettext("Fetching the catalog, once; later only what changes"));
  show(byId("loading-problem"), false);
  try {
    await Promise.all([till.catalog.sync(), till.rules.sync()]);
    await till.syncAll();
    return true;
  } catch (error) {
    if (till.session.device) {
      write(byId("loading-problem-text"), error.message);
      show(byId("loading-problem"));
    }
    return false;
  }
}

/** What leads from one part to another. */
function wire(till) {
  const { api, bridge, catalog, connection, live, numbers, outbox, rules, session, stock, tab } = till;
  statusStrip(till).draw();
  listenToPresses();
  listenToKeys(till);
  listen({ bridge, onScan: (scan) => till.onScan(scan) });
  api.addEventListener("revoked", () => revoked(till));
  api.addEventListener("pin_needed", () => till.lock());
  connection.addEventListener("change", () => connection.online && session.device && till.writes && till.syncAll().catch(() => undefined));
  bridge.on("state", (state) => state === "ready" && session.state && till.writes && outbox.reconcile(session.state.register.code).then(() => outbox.flush()).catch(() => undefined));
  live.addEventListener("stock.changed", ({ detail }) => {
    if (numbers.tracks(detail.sku)) numbers.load().catch(() => undefined);
    if (detail.location === session.state?.location.code) stock.hear(detail);
    else if (detail.sku === undefined) stock.load().catch(() => undefined);
  });
  live.addEventListener("tasks.changed", () => till.loadTasks().catch(() => undefined));
  live.addEventListener("catalog.changed", () => Promise.all([catalog.sync(), numbers.load()]).catch(() => undefined));
  live.addEventListener("rules.changed", () => rules.sync().catch(() => undefined));
  outbox.addEventListener("answered", ({ detail }) => numbers.forget(detail.row.envelope));
  live.addEventListener("shift.closed", () => session.refresh().then(() => !session.state.shift && till.screen === "sell" && till.home()).catch(() => undefined));
  live.addEventListener("returned", () => till.syncAll().catch(() => undefined));
  tab.addEventListener("change", () => {
    if (tab.held || !till.writes) return;
    till.writes = false;
    live.close();
    till.home();
    tab.wait().then(() => till.begin());
  });
  for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, () => session.touch(), { capture: true, passive: true });
  watchIdle(till);
  setInterval(() => connection.online && till.writes && session.device && till.syncAll().catch(() => undefined), RESYNC_MS);
  byId("loading-again").addEventListener("click", () => till.begin());
}

function watchIdle(till) {
  let active = Date.now();
  for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, () => (active = Date.now()), { capture: true, passive: true });
  till.bridge.on("scan", () => (active = Date.now()));
  setInterval(() => {
    if (till.session.person && Date.now() - active > till.settings.lockMinutes * 60_000) till.lockWhenIdle();
  }, IDLE_CHECK_MS);
}

async function revoked(till) {
  if (!till.session.device) return;
  await till.session.forget();
  till.live.close();
  till.go("pair", { revoked: true });
}

function registerWorker() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/till/sw.js", { scope: "/till/" }).catch(() => undefined);
  const first = !navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!first) toast(gettext("A new version of the till is ready. It is used from the next reload on."));
  });
}

open().catch((error) => {
  console.error(error);
  write(byId("loading-title"), gettext("The till cannot open"));
  write(byId("loading-problem-text"), error.message || ngettext("%(count)s problem", "%(count)s problems", 1));
  show(byId("loading-problem"));
  byId("loading-again").addEventListener("click", () => location.reload());
});
