/** Which of its variants: a matrix with the stock of each, and where else in the company there is one. */

import { byId, clearToasts, fromTemplate, part, show, write } from "../dom.js";
import { arrows } from "./pin.js";
import { whyPanel } from "./why.js";
import { amountText, symbol } from "../units.js";
import { fill, gettext } from "../words.js";

/** @param {(variant: Object) => void} onChoose */
export function picker(till, onChoose) {
  const box = byId("picker");
  const why = whyPanel(till);
  let opener = null;
  let product = null;
  let wanted = null; // the variant that "Add anyway" means

  byId("picker-close").addEventListener("click", close);
  byId("picker-choices").addEventListener("click", (event) => {
    const key = event.target.closest("[data-sku]");
    if (key) choose(product.variants.find((variant) => variant.sku === key.dataset.sku));
  });
  byId("add-anyway").addEventListener("click", () => add(wanted));
  till.stock.addEventListener("change", () => !box.hidden && drawStock());
  till.prices.addEventListener("change", () => !box.hidden && drawPrices());

  function open(chosen) {
    opener = document.activeElement;
    clearToasts();
    product = chosen;
    wanted = null;
    show(byId("elsewhere"), false);
    write(byId("picker-title"), product.name);
    const picture = byId("picker-picture");
    show(picture, Boolean(product.picture));
    if (product.picture) picture.src = till.mediaUrl + product.picture;
    byId("picker-choices").replaceChildren(matrix(product));
    drawStock();
    drawPrices();
    show(box);
    box.scrollIntoView?.({ block: "nearest" });
    (box.querySelector(".pick:not(.is-gone)") ?? byId("picker-title")).focus();
  }

  function close() {
    if (box.hidden) return;
    show(box, false);
    if (opener?.isConnected) opener.focus();
  }

  function choose(variant) {
    const left = till.stock.sellable(variant.sku);
    if (left === null || left - till.cart.unitsOf(variant.sku) > 0) return add(variant);
    wanted = variant;
    return lookElsewhere(variant);
  }

  function add(variant) {
    close();
    onChoose(variant);
  }

  async function lookElsewhere(variant) {
    const name = variant.title || variant.product;
    write(byId("elsewhere-title"), fill(gettext("%(name)s: none left here"), { name }));
    byId("elsewhere-list").replaceChildren();
    write(byId("elsewhere-text"), gettext("Asking the other stores"));
    why.offer(variant.sku);
    show(byId("elsewhere"));
    byId("add-anyway").focus();
    try {
      const { locations } = await till.api.get(`/till/api/stock/${encodeURIComponent(variant.sku)}`);
      if (wanted !== variant) return;
      const here = till.session.state.location.code;
      const others = locations.filter((place) => place.code !== here && place.available > 0);
      byId("elsewhere-list").replaceChildren(...others.map((place) => elsewhereRow(place, variant)));
      write(byId("elsewhere-text"), others.length ? "" : gettext("No other store has one either."));
    } catch {
      write(byId("elsewhere-text"), gettext("The other stores’ stock needs the server."));
    }
  }

  function drawStock() {
    for (const key of box.querySelectorAll("[data-sku]")) {
      const left = till.stock.sellable(key.dataset.sku);
      const { measure, scale } = product.variants.find((variant) => variant.sku === key.dataset.sku);
      const state = till.stock.state(left === null ? null : left / scale);
      const there = amountText(left ?? 0, measure, scale);
      key.classList.toggle("is-gone", state === "none");
      key.dataset.state = state;
      write(part(key, "stock"), { none: gettext("none"), unknown: "", low: fill(gettext("%(count)s left"), { count: there }) }[state] ?? there);
    }
  }

  function drawPrices() {
    const cost = till.prices.from(product.variants);
    const per = symbol(product.variants[0].measure);
    const from = cost ? till.money.format(cost.amount) + (per ? ` / ${per}` : "") : "";
    write(byId("picker-text"), cost?.isFrom ? fill(gettext("from %(price)s"), { price: from }) : from);
    for (const key of box.querySelectorAll("[data-sku]")) {
      const variant = product.variants.find(({ sku }) => sku === key.dataset.sku);
      const own = till.prices.of(variant);
      const text = own ? till.money.format(own.amount) : "";
      key.setAttribute("aria-label", [variant.title || variant.product, text].filter(Boolean).join(", "));
      if (key.dataset.isPriced) write(part(key, "name"), text);
    }
  }

  return {
    open,
    close,
    get isOpen() {
      return !box.hidden;
    },
    onKey: (event) => !box.hidden && arrows(event, byId("picker-choices")),
  };

  function matrix(of) {
    const parts = of.variants.map((variant) => variant.title.split(" / "));
    const isGrid = parts.every((values) => values.length === 2) && new Set(parts.map((values) => values[1])).size > 1;
    if (!isGrid) {
      const list = document.createElement("div");
      list.className = "picks";
      list.append(...of.variants.map((variant) => pick(variant, variant.title || variant.sku)));
      return list;
    }
    return table(of, parts);
  }

  function table(of, parts) {
    const columns = [...new Set(parts.map((values) => values[1]))];
    const rows = [...new Set(parts.map((values) => values[0]))];
    const element = document.createElement("table");
    element.className = "matrix";
    const head = element.createTHead().insertRow();
    head.insertCell();
    for (const name of columns) head.append(heading(name, "col"));
    const body = element.createTBody();
    for (const name of rows) {
      const row = body.insertRow();
      row.append(heading(name, "row"));
      for (const column of columns) {
        const variant = of.variants[parts.findIndex((values) => values[0] === name && values[1] === column)];
        const cell = row.insertCell();
        if (variant) cell.append(pick(variant, ""));
      }
    }
    return element;
  }

  function pick(variant, name) {
    const key = fromTemplate("choice");
    key.dataset.sku = variant.sku;
    if (name) write(part(key, "name"), name);
    else key.dataset.isPriced = "yes";
    return key;
  }
}

function heading(text, scope) {
  const cell = document.createElement("th");
  cell.scope = scope;
  cell.textContent = text;
  return cell;
}

function elsewhereRow(place, { measure, scale }) {
  const row = fromTemplate("elsewhere");
  part(row, "stock").classList.add(place.available <= 3 * scale ? "stock--low" : "stock--in");
  write(part(row, "text"), fill(gettext("%(count)s at %(store)s"), { count: amountText(place.available, measure, scale), store: place.name }));
  return row;
}
