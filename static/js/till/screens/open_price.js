/**
 * What something without a price costs this time, and what for: a number pad over the tiles; a scan closes it. Of a gift card
 * the server is asked for: one whose number was scanned, or a new one whose number stands on the receipt.
 */

import { busy, byId, clearToasts, complain, show, toast, write } from "../dom.js";
import { nameOf } from "../receipts.js";
import { fill, gettext } from "../words.js";

export function openPricePad(till) {
  const box = byId("open-price");
  const field = byId("open-price-field");
  const note = byId("open-price-note");
  let opener = null;
  let goods = null;
  let onSaid = null;

  byId("open-price-close").addEventListener("click", close);
  byId("open-price-form").addEventListener("submit", (event) => {
    event.preventDefault();
    take();
  });
  for (const input of [field, note]) input.addEventListener("input", draw);

  /** @param {import("../catalog.js").Variant} variant
   * @param {(said: {amount: number, note: string, approved_by: string}) => void} said */
  function open(variant, said) {
    if (!till.session.may(variant.open.all ? "price.open_simple" : "price.open")) {
      till.tones.play("unknown");
      return toast(fill(gettext("Only a lead or manager says the price of %(name)s. Ask one to sell it."), { name: nameOf(variant) }), { tone: "warning" });
    }
    opener = document.activeElement;
    clearToasts();
    goods = variant;
    onSaid = said;
    write(byId("open-price-title"), nameOf(variant));
    write(byId("open-price-text"), limitsOf(variant.open));
    field.value = note.value = "";
    write(byId("open-price-note-label"), variant.open.gift ? gettext("Gift card number; empty: a new one on the receipt") : gettext("What for?"));
    draw();
    show(box);
    field.focus();
    return undefined;
  }

  function close() {
    if (box.hidden) return;
    show(box, false);
    if (opener?.isConnected) opener.focus();
    else field.blur();
  }

  function limitsOf({ least = 0, most }) {
    const words = { least: till.money.format(least), most: till.money.format(most ?? 0) };
    if (most !== undefined) return fill(gettext("Between %(least)s and %(most)s"), words);
    return least ? fill(gettext("At least %(least)s"), words) : gettext("Its price is said each time");
  }

  function draw() {
    complain(byId("open-price-error"), "", field);
    byId("open-price-add").disabled = field.value === "" || (goods?.open.note && !goods.open.gift && !note.value.trim());
  }

  function take() {
    const amount = till.money.parse(field.value);
    const { least = 0, most = Infinity, note: needsNote } = goods.open;
    if (amount === null) return refuse(gettext("Type an amount, such as 12.50."));
    if (amount < least || amount > most) return refuse(limitsOf(goods.open));
    if (goods.open.gift) return sellCard(amount);
    if (needsNote && !note.value.trim()) return note.focus();
    close();
    return onSaid({ amount, note: note.value.trim(), approved_by: "" });
  }

  /** The number itself goes no further than the line on this screen and the customer's paper. */
  async function sellCard(amount) {
    await busy(byId("open-price-add"), async () => {
      try {
        const body = { currency: till.money.currency, ...(note.value.trim() ? { code: note.value.trim() } : {}) };
        const card = await till.api.post("/till/api/gift-cards", body);
        close();
        onSaid({ amount, note: `··${card.last4}`, shown: card.code || `··${card.last4}`, approved_by: "", gift_card: card.id });
      } catch (error) {
        if (error.code !== "pin_needed") complain(byId("open-price-error"), error.message, note);
      }
    });
  }

  function refuse(text) {
    complain(byId("open-price-error"), text, field);
    till.tones.play("unknown");
    field.select();
  }

  return {
    open,
    close,
    /** A gift card that is scanned while one is being sold is that one. */
    onScan(scan) {
      if (box.hidden || scan.kind !== "gift" || !goods?.open.gift) return false;
      note.value = scan.text;
      draw();
      return true;
    },
    get isOpen() {
      return !box.hidden;
    },
  };
}
