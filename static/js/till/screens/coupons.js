/** Coupons: scanned, typed into the search field or into the panel of discounts. With no server only those that need no counting. */

import { Unreachable } from "../api.js";
import { announce, byId, busy, complain, fromTemplate, part, toast, write } from "../dom.js";
import { addCoupon, removeCoupon } from "../reductions.js";
import { fill, gettext } from "../words.js";

const LIKE_A_CODE = /^(?=.*[A-Z])[A-Z0-9][A-Z0-9 ._-]{2,38}$/i; // figures alone are barcodes

export function coupons(till) {
  const { cart } = till;
  const field = byId("coupon");

  byId("coupon-form").addEventListener("submit", (event) => {
    event.preventDefault();
    busy(byId("coupon-use"), use);
  });
  field.addEventListener("input", () => complain(byId("coupon-error"), "", field));
  byId("coupons").addEventListener("click", (event) => {
    const row = event.target.closest("[data-part=remove]")?.closest("[data-code]");
    if (row) removeCoupon(cart, row.dataset.code);
  });
  cart.addEventListener("change", draw);
  cart.addEventListener("priced", draw);

  async function use() {
    try {
      await take(field.value);
      field.value = "";
    } catch (error) {
      complain(byId("coupon-error"), error.message, field);
      till.tones.play("unknown");
      field.select();
    }
  }

  /** Throws with words for people when it is no coupon, or none that counts today. */
  async function take(code) {
    const coupon = till.rules.coupon(code) ?? (await ask(code));
    if (!till.rules.promotion(coupon.promotion)) await till.rules.sync().catch(() => undefined);
    if (cart.isEmpty) throw new Error(gettext("Scan the goods first, then the coupon."));
    if (!addCoupon(cart, coupon)) throw new Error(fill(gettext("The sale has a coupon for this already, so %(code)s gives nothing more."), coupon));
    till.tones.play("added");
    const text = fill(gettext("Coupon %(code)s is used."), coupon);
    toast(text, { action: gettext("Undo"), name: "undo" });
    announce(text);
  }

  async function ask(code) {
    try {
      return await till.api.post("/till/api/coupons", { code }, { timeout: 6_000 });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      throw new Error(gettext("This coupon can only be used once, so the server has to be asked, and it does not answer."));
    }
  }

  /** A code that is nothing else: true when it was taken. Nobody waits for long; the next scan goes on meanwhile. */
  async function tryCode(text) {
    if (cart.isPaying || !(LIKE_A_CODE.test(text) || till.rules.coupon(text))) return false;
    try {
      await take(text);
      return true;
    } catch (error) {
      if (error.code === "coupon_unknown" || (error.message && !till.rules.coupon(text) && till.connection.state === "offline")) return false;
      till.tones.play("unknown");
      toast(error.message, { tone: "warning" });
      announce(error.message, { urgent: true });
      return true;
    }
  }

  function draw() {
    const fired = new Set((cart.isPriced ? cart.priced?.trace.promotions : [])?.filter((one) => one.fired).map(({ id }) => id));
    byId("coupons").replaceChildren(...cart.coupons.map(({ code, promotion }) => {
      const row = fromTemplate("coupon");
      row.dataset.code = code;
      const isIdle = cart.isPriced && !fired.has(promotion);
      write(part(row, "text"), isIdle ? fill(gettext("Coupon %(code)s: nothing in this sale for it yet"), { code }) : fill(gettext("Coupon %(code)s"), { code }));
      const label = fill(gettext("Remove the coupon %(code)s"), { code });
      Object.assign(part(row, "remove"), { title: label, ariaLabel: label });
      return row;
    }));
  }

  return { tryCode };
}
