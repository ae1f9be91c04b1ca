/** The products: category chips, tiles with picture, price and stock, and what a search finds. */

import { byId, fromTemplate, initials, part, show, write } from "../dom.js";
import { sharedHeld, unitPriceText } from "../unit_price.js";
import { amountText, symbol, typed } from "../units.js";
import { fill, gettext, ngettext } from "../words.js";

const PAGE = 60;

/** @param {(product: Object, variants: Object[]) => void} onPick */
export function tiles(till, onPick) {
  const grid = byId("tiles");
  let root = "";
  let query = "";
  let rest = null; // what browsing has not drawn yet
  const drawn = new Map(); // tile → {product, variants}
  const ofSku = new Map(); // SKU → its tiles

  grid.addEventListener("click", (event) => {
    const found = drawn.get(event.target.closest(".tile"));
    if (found) onPick(found.product, found.variants);
  });
  byId("chips").addEventListener("click", (event) => {
    const chip = event.target.closest("[data-root]");
    if (chip) browse(chip.dataset.root);
  });
  byId("chips").addEventListener("wheel", (event) => {
    byId("chips").scrollLeft += event.deltaY; // a mouse has no other way sideways
  }, { passive: true });
  new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && more(), { rootMargin: "600px" }).observe(byId("tiles-end"));

  function browse(next = root) {
    if (!till.money) return;
    root = next;
    query = "";
    for (const chip of byId("chips").children) {
      chip.setAttribute("aria-pressed", String(chip.dataset.root === root));
      if (chip.dataset.root === root) chip.scrollIntoView({ block: "nearest", inline: "center" });
    }
    rest = till.catalog.browse(root);
    begin();
    more();
    write(byId("found"), "");
    const empty = grid.children.length === 0;
    show(byId("tiles-empty"), empty);
  }

  function search(text) {
    query = text;
    if (!query.trim()) return browse();
    const found = till.catalog.find(query);
    rest = null;
    begin();
    for (const group of found) {
      const single = group.variants.length === 1 && !group.all;
      grid.append(single ? tile(group.product, group.variants) : tile(group.product, group.product.variants));
    }
    show(byId("tiles-empty"), found.length === 0);
    write(byId("found"), ngettext("%(count)s product", "%(count)s products", found.length));
    return found;
  }

  function begin() {
    grid.replaceChildren();
    drawn.clear();
    ofSku.clear();
    grid.parentElement.scrollTop = 0;
  }

  function more() {
    if (!rest) return;
    for (let count = 0; count < PAGE; count += 1) {
      const { value, done } = rest.next();
      if (done) {
        rest = null;
        return;
      }
      grid.append(tile(value, value.variants));
    }
  }

  function tile(product, variants) {
    const element = fromTemplate("tile");
    const single = variants.length === 1 ? variants[0] : null;
    const picture = single?.picture || product.picture;
    if (picture) {
      const image = new Image(200, 200);
      Object.assign(image, { className: "tile__picture", alt: "", loading: "lazy", decoding: "async" });
      image.src = till.mediaUrl + picture;
      image.addEventListener("error", () => image.replaceWith(blank(product.name)), { once: true });
      part(element, "frame").replaceWith(image);
    } else {
      part(element, "frame").replaceWith(blank(product.name));
    }
    const own = single && product.variants.length > 1 && single.title;
    write(part(element, "name"), own ? `${product.name}, ${single.title}` : product.name);
    drawn.set(element, { product, variants });
    for (const { sku } of variants) {
      if (!ofSku.has(sku)) ofSku.set(sku, []);
      ofSku.get(sku).push(element);
    }
    badge(element);
    price(element);
    return element;
  }

  /** Of one, here and now; a moment later when it has to be asked for. */
  function price(element) {
    const { variants } = drawn.get(element);
    const cost = till.prices.from(variants);
    const per = symbol(variants[0].measure);
    write(part(element, "price"), cost ? till.money.format(cost.amount) + (per ? ` / ${per}` : "") : "");
    show(part(element, "from"), Boolean(cost?.isFrom));
    const cheapest = cost ? variants.filter((variant) => till.prices.of(variant)?.amount === cost.amount) : [];
    const base = cost ? unitPriceText(cost.amount, sharedHeld(cheapest), till.money) : "";
    write(part(element, "base"), variants.some(({ open }) => open) ? gettext("Open price") : base);
    show(part(element, "base"), part(element, "base").textContent !== "");
  }

  /** Stock and what of it is in the sale. */
  function badge(element) {
    const { variants } = drawn.get(element);
    const known = variants.map((variant) => (variant.open ? null : till.stock.sellable(variant.sku)));
    const units = known.includes(null) ? null : known.reduce((sum, count) => sum + Math.max(0, count), 0);
    const { measure, scale } = variants[0];
    const state = till.stock.state(units === null ? null : units / scale);
    element.classList.toggle("tile--low", state === "low");
    element.classList.toggle("tile--none", state === "none");
    const there = amountText(units ?? 0, measure, scale);
    const text = { none: gettext("none"), unknown: "", low: fill(gettext("%(count)s left"), { count: there }), in: there };
    write(part(element, "stock"), text[state]);
    show(part(element, "stock").parentElement, state !== "unknown");
    const inSale = variants.reduce((sum, variant) => sum + till.cart.unitsOf(variant.sku), 0);
    show(part(element, "count"), inSale > 0);
    write(part(element, "counted"), inSale ? typed(inSale, scale) : "");
  }

  till.stock.addEventListener("change", ({ detail }) => {
    const touched = detail.sku ? (ofSku.get(detail.sku) ?? []) : [...drawn.keys()];
    for (const element of touched) {
      badge(element);
      if (!detail.sku) continue;
      element.classList.remove("changed");
      requestAnimationFrame(() => element.classList.add("changed"));
    }
  });
  till.prices.addEventListener("change", () => {
    for (const element of drawn.keys()) price(element);
  });
  till.cart.addEventListener("change", () => {
    for (const element of drawn.keys()) badge(element);
  });
  till.outbox.addEventListener("change", () => {
    for (const element of drawn.keys()) badge(element);
  });

  return {
    browse,
    search,
    /** Draw the chips and the tiles anew: the catalog is here, or another. */
    renew() {
      const tops = till.catalog.categories.filter((category) => category.slug === category.root && till.catalog.holds(category.slug));
      const chips = [{ slug: "", name: gettext("All") }, ...tops].map(({ slug, name }) => {
        const chip = fromTemplate("chip");
        chip.dataset.root = slug;
        write(part(chip, "label"), name);
        return chip;
      });
      byId("chips").replaceChildren(...(tops.length ? chips : []));
      if (root && !tops.some((top) => top.slug === root)) root = "";
      if (query) search(query);
      else browse();
    },
    /** The tile that Enter means: the only one, or none. */
    get only() {
      return drawn.size === 1 ? [...drawn.values()][0] : null;
    },
    focusFirst: () => grid.firstElementChild?.focus(),
  };
}

function blank(name) {
  const element = document.createElement("span");
  element.className = "tile__blank";
  element.setAttribute("aria-hidden", "true");
  element.textContent = initials(name);
  return element;
}
