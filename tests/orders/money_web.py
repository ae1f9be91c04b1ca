"""Rules of the money machine: checkouts on the web, paid, declined, left or paid with the browser closed; parcels."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import UUID

import stripe
from hypothesis import strategies as st
from hypothesis.stateful import rule

from inventory.errors import InsufficientStock
from orders import gateway
from orders.actions.hand_over import hand_over
from orders.actions.prepare_pickup import prepare_pickup
from orders.actions.send_captures import send_captures
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.drafts import Contact
from orders.errors import CardActionRequired, CardDeclined, PaymentUnknown
from orders.fulfillment_types.base import Wish
from orders.models import Order, OrderLine, Payment
from storefront.actions import check_out, enter_gift_card, fill_cart, pay
from tests.factories.wallets import code_of
from tests.orders.money_model import Bought, Line, total_of
from tests.orders.money_till import Basket, Till, baskets, currencies, which
from tests.orders.money_world import ADDRESSES, BUYERS, SHIPPING

METHODS = ["visa", "visa", "mastercard", "pendingRefund", "refundFail", "bypassPending"]
WAYS = ["browser", "browser", "browser", "declined_before", "closed", "left", "asked", "asked_and_failed"]


class Web(Till):
    @rule(
        currency=currencies,
        drawn=baskets,
        buyer=st.sampled_from(BUYERS),
        cards=st.integers(0, 2),
        is_manual=st.booleans(),
        is_collected=st.booleans(),
        method=st.sampled_from(METHODS),
        how=st.sampled_from(WAYS),
    )
    def buy_on_web(
        self,
        currency: str,
        drawn: Any,
        buyer: str,
        cards: int,
        is_manual: bool,
        is_collected: bool,
        method: str,
        how: str,
    ) -> None:
        """A checkout; what comes of its payment may be heard of later, or never by the browser."""
        market = self.markets[currency]
        market.card_capture = "leaving" if is_manual else "automatic"
        market.save(update_fields=["card_capture"])
        basket, cart = self.basket(drawn), None
        for good, quantity in basket:
            variant = self.variants[good.sku]
            cart = fill_cart.add_to_cart(cart and cart.uid, variant, quantity, market=market, at=self.at)
        assert cart
        for card in self.usable_cards(currency)[:cards]:
            enter_gift_card.enter_gift_card(cart.uid, code_of(card), address=f"1.1.1.{self.happened}", at=self.at)
        place = (
            {"location": self.stores[currency]} if is_collected else {"address": {"name": "A", **ADDRESSES[currency]}}
        )
        wish = Wish("pickup" if is_collected else "ship", **place)  # type: ignore[arg-type]
        try:
            order, payment = check_out.check_out(cart.uid, contact=Contact(buyer, "Ada"), wish=wish, at=self.at)
        except InsufficientStock:
            return
        assert order.total_minor == self.web_total(currency, basket, 0 if is_collected else SHIPPING)
        self.waiting[payment.uid] = order.total_minor
        self.pay(payment, cart.uid, method, how)

    def web_total(self, currency: str, basket: Basket, shipping: int) -> int:
        included = self.is_taxed_within(currency)
        return total_of(basket, currency, rate=self.rate(currency), is_included=included, shipping=shipping)

    def pay(self, payment: Payment, cart: UUID, method: str, how: str) -> None:
        if not payment.amount_minor:
            pay.start_payment(cart, at=self.at)
        elif how == "closed":
            params: Any = {"payment_method": f"pm_card_{method}", "return_url": "http://127.0.0.1/"}
            with suppress(stripe.StripeError):
                gateway.client().v1.payment_intents.confirm(payment.provider_id, params=params)
        elif how.startswith("asked"):
            self.charge(cart, "authenticationRequired")
            self.answer_bank(payment, is_right=how == "asked")
        elif how == "declined_before":
            self.charge(cart, "chargeDeclined")
            self.charge(cart, method)
        elif how == "browser":
            self.charge(cart, method)

    def charge(self, cart: UUID, method: str) -> None:
        with suppress(CardDeclined, CardActionRequired, PaymentUnknown):
            pay.complete(cart, payment_method=f"pm_card_{method}", return_url="http://127.0.0.1/", at=self.at)

    def answer_bank(self, payment: Payment, *, is_right: bool) -> None:
        """The cardholder answers the bank's question, and closes the browser."""
        payment.refresh_from_db()
        form = {"client_secret": payment.client_secret, "outcome": "complete" if is_right else "fail", "mode": "frame"}
        page = f"{self.network.url}/3ds/{payment.provider_id}"
        with urlopen(Request(page, data=urlencode(form).encode()), timeout=10) as answer:
            assert answer.status == 200

    # Goods leave

    def unshipped(self) -> list[Bought]:
        return [one for one in self.money.orders if any(line.out < line.sold for line in one.lines)]

    @rule(number=which)
    def hand_out(self, number: int) -> None:
        """The next parcel of an order leaves, or it is collected; its share of what was authorized is asked for."""
        bought = self.some(self.unshipped(), number)
        if bought is None:
            return
        part = Order.objects.get(pk=bought.pk).fulfillments.filter(state="pending").order_by("pk")[0]
        units = {row.order_line_id: row.quantity for row in part.lines.all()}
        is_held = bool(bought.unpaid) and Payment.objects.get(pk=self.card_of(bought).pk).state == "authorized"
        facts = {"person": self.boss, "at": self.at}
        if part.type == "pickup":
            prepare_pickup(part.uid, **facts)
            hand_over(part.uid, **facts)
        else:
            ship_fulfillment(part.uid, carrier="", tracking="", **facts)
        share = 0
        for line in bought.lines:
            share += _share(line, units.get(line.pk, 0))
            line.out += units.get(line.pk, 0)
        if is_held:
            open_ = bought.unpaid - sum(minor for other, minor in self.asked if other is bought)
            is_last = all(line.out == line.sold for line in bought.lines)
            self.asked.append((bought, open_ if is_last else min(share, open_)))
        send_captures(at=self.at)


def _share(line: Line, units: int) -> int:
    total: int = OrderLine.objects.get(pk=line.pk).total_minor
    return total * (line.out + units) // line.sold - total * line.out // line.sold
