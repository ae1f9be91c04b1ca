/** A shift begins with the float. */

import { byId, busy, complain } from "../dom.js";
import { newUid } from "../ids.js";
import { gettext } from "../words.js";
import { counting } from "./counting.js";

export function openScreen(till) {
  const count = counting(document.querySelector('[data-denominations="open"]'), byId("open-total"));
  let uid = newUid();

  byId("open-form").addEventListener("submit", (event) => {
    event.preventDefault();
    busy(byId("open-submit"), open);
  });

  async function open() {
    const float = count.value();
    if (float === null) {
      complain(byId("open-error"), gettext("Write the float as an amount, such as 200.00."), byId("open-total"));
      return;
    }
    const currency = till.session.state.market.currency;
    try {
      await till.session.setShift(await till.api.post("/till/api/shifts", { id: uid, float_minor: float, currency }));
      uid = newUid();
      till.go("sell");
    } catch (error) {
      if (error.code === "shift_open") await till.session.refresh().catch(() => undefined);
      if (till.session.state.shift) return till.go("sell");
      complain(byId("open-error"), error.message);
    }
  }

  return {
    enter() {
      const { coins, notes } = till.session.state.market;
      complain(byId("open-error"), "", byId("open-total"));
      count.begin(till.money, coins, notes);
    },
  };
}
