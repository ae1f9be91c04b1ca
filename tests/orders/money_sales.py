"""Rules of the money machine: sales at tills and on the web, and parcels that leave."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from commerce.kernel.ids import new_uid
from customers import gift_cards
from customers.models import GiftCard
from inventory.errors import InsufficientStock
from orders import gateway
from orders.actions.send_captures import send_captures
from orders.actions.settle_payment import settle_payment
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.drafts import Contact
from orders.errors import CardDeclined
from orders.fulfillment_types.base import Wish
from orders.models import Order, Payment
from pos.actions.hold_wallet import hold_gift_card
from pos.actions.ready_gift_card import ready_gift_card
from pos.actions.record_sale import record_sale
from pos.actions.take_card import check_card, start_card
from pos.envelope import parse_envelope
from pos.models import CardAttempt
from storefront.actions import check_out, enter_gift_card, fill_cart, pay
from tests.factories.wallets import code_of
from tests.orders.money_model import Bought, Good, Line, Paid, to_coins, total_of
from tests.orders.money_world import ADDRESSES, BUYERS, COIN, SHIPPING, VOUCHER, MoneyWorld
from tests.sandbox.asking import until

Basket = list[tuple[Good, int]]
currencies = st.sampled_from(["USD", "USD", "EUR"])
baskets = st.lists(
    st.tuples(st.sampled_from(["MUG", "PIN", "TENT", "BREAD"]), st.integers(1, 4)),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row[0],
)
which = st.integers(0, 30)


class Sales(MoneyWorld):
    def basket(self, drawn: list[tuple[str, int]]) -> Basket:
        return [(self.goods[sku], quantity) for sku, quantity in drawn]

    def usable_cards(self, currency: str) -> list[GiftCard]:
        """Gift cards with something on them that nobody holds."""
        found = GiftCard.objects.filter(currency=currency, state="active", balance_minor__gt=0).order_by("pk")
        return [card for card in found if gift_cards.available(card, at=self.at) > 0]

    # At the till

    @rule(
        currency=currencies,
        drawn=baskets,
        by=st.sampled_from(["cash", "cash", "external_terminal", "card_present"]),
        cards=st.integers(0, 2),
        voucher=st.just(0) | st.integers(500, 5_000),
        in_shift=st.booleans(),
        days_ago=st.sampled_from([0, 0, 0, 1, 4]),
    )
    def sell_at_till(
        self, currency: str, drawn: Any, by: str, cards: int, voucher: int, in_shift: bool, days_ago: int
    ) -> None:
        """A sale, paid by gift cards first and the rest by `by`; it may sell a gift card, and come in days late."""
        sale, register = new_uid(), self.registers[currency]
        total = self.till_total(currency, self.basket(drawn)) + voucher
        tenders, due = self.hold_cards(currency, sale, total, cards)
        rounding = 0
        if due and by == "cash":
            rounding = to_coins(due, COIN) - due if currency == "EUR" else 0
            due += rounding
        if due:
            tenders.append(self.tender(by, due, currency, sale))
        if not tenders:
            tenders.append(self.tender("cash", 0, currency, sale))
        lines: list[dict[str, Any]] = [{"sku": sku, "quantity": quantity} for sku, quantity in drawn]
        if voucher:
            card, _code = ready_gift_card(register, "", currency=currency, person=self.boss, at=self.at)
            price = {"amount": voucher, "currency": currency}
            lines.append({"sku": VOUCHER, "quantity": 1, "unit_price": price, "gift_card": str(card.uid)})
            self.money.move("gift_cards", str(card.uid), currency, -voucher)
        shift = self.shift_of(currency) if in_shift or by == "cash" else None
        envelope = {
            "id": str(sale),
            "register": register.code,
            "shift": str(shift.uid) if shift else None,
            "cashier": self.boss.username,
            "sold_at": self.ago(days_ago).isoformat(),
            "currency": currency,
            "lines": lines,
            "tenders": tenders,
            "rounding": rounding,
        }
        answer = record_sale(parse_envelope(envelope), at=self.at)
        order = Order.objects.get(number=answer["number"])
        assert order.total_minor == total, (order.total_minor, total, order.taxes)
        self.know(order, total + rounding, [(row["type"], row["amount"]["amount"]) for row in tenders])

    def till_total(self, currency: str, basket: Basket) -> int:
        return total_of(basket, currency, rate=self.rate(currency), is_included=self.is_taxed_within(currency))

    def hold_cards(self, currency: str, sale: UUID, due: int, most: int) -> tuple[list[dict[str, Any]], int]:
        tenders = []
        for card in self.usable_cards(currency)[:most]:
            if due > 0:
                held = hold_gift_card(
                    self.registers[currency],
                    code_of(card),
                    sale=sale,
                    up_to=due,
                    currency=currency,
                    person=self.boss,
                    at=self.at,
                )
                tenders.append({**_by("gift_card", held.amount_minor, currency), "hold": str(held.uid)})
                due -= held.amount_minor
        return tenders, due

    def tender(self, by: str, due: int, currency: str, sale: UUID) -> dict[str, Any]:
        if by == "card_present":
            attempt = self.present_card(currency, due, sale)
            return {**_by(by, due, currency), "attempt": str(attempt)}
        return {**_by(by, due, currency), **({"card": {"last4": "4242"}} if by == "external_terminal" else {})}

    def present_card(self, currency: str, due: int, sale: UUID) -> UUID:
        """A card is held to the reader, and approved."""
        register, uid = self.registers[currency], new_uid()
        self.reader_of(register)
        facts = {"uid": uid, "sale_uid": sale, "amount_minor": due, "currency": currency}
        start_card(register, **facts, person=self.boss, at=self.at)  # type: ignore[arg-type]
        attempt: CardAttempt = until(lambda: self.answered(currency, uid))
        assert attempt.state == CardAttempt.State.APPROVED
        self.money.taken_by_cards[attempt.provider_id] += due
        return uid

    def answered(self, currency: str, uid: UUID) -> CardAttempt | None:
        self.network.control("clock", {"advance": 0.6})
        attempt = check_card(self.registers[currency], uid, at=self.at)
        return None if attempt.state == CardAttempt.State.STARTED else attempt

    # On the web

    @rule(
        currency=currencies,
        drawn=baskets,
        buyer=st.sampled_from(BUYERS),
        cards=st.integers(0, 2),
        is_manual=st.booleans(),
        method=st.sampled_from(["visa", "visa", "mastercard", "pendingRefund", "refundFail", "bypassPending"]),
        how=st.sampled_from(["browser", "browser", "declined_before", "closed", "left"]),
    )
    def buy_on_web(
        self, currency: str, drawn: Any, buyer: str, cards: int, is_manual: bool, method: str, how: str
    ) -> None:
        """A checkout that is paid, or declined, or left; the browser may be closed before it hears of its payment."""
        market = self.markets[currency]
        market.card_capture = "leaving" if is_manual else "automatic"
        market.save(update_fields=["card_capture"])
        basket = self.basket(drawn)
        cart = None
        for good, quantity in basket:
            variant = self.variants[good.sku]
            cart = fill_cart.add_to_cart(cart and cart.uid, variant, quantity, market=market, at=self.at)
        assert cart
        for card in self.usable_cards(currency)[:cards]:
            enter_gift_card.enter_gift_card(cart.uid, code_of(card), address=f"1.1.1.{self.happened}", at=self.at)
        wish = Wish("ship", address={"name": "Ada", **ADDRESSES[currency]})
        try:
            order, payment = check_out.check_out(cart.uid, contact=Contact(buyer, "Ada"), wish=wish, at=self.at)
        except InsufficientStock:
            return
        total = self.web_total(currency, basket)
        assert order.total_minor == total, (order.total_minor, total, order.taxes)
        self.pay(order, payment, cart.uid, method, how)

    def web_total(self, currency: str, basket: Basket) -> int:
        included = self.is_taxed_within(currency)
        return total_of(basket, currency, rate=self.rate(currency), is_included=included, shipping=SHIPPING)

    def pay(self, order: Order, payment: Payment, cart: UUID, method: str, how: str) -> None:
        if not payment.amount_minor:
            self.place(pay.start_payment(cart, at=self.at).order)
            return
        if how == "declined_before":
            self.charge(cart, "chargeDeclined", CardDeclined)
        if how == "left":
            return
        self.money.taken_by_cards[payment.provider_id] += 0 if payment.is_manual else payment.amount_minor
        if how == "closed":
            params: Any = {"payment_method": f"pm_card_{method}", "return_url": "http://127.0.0.1/"}
            gateway.client().v1.payment_intents.confirm(payment.provider_id, params=params)
            order = settle_payment(payment.uid, at=self.at)
        else:
            order = self.charge(cart, method) or order
        self.place(order)

    def charge(self, cart: UUID, method: str, *refusals: type[Exception]) -> Order | None:
        with suppress(*refusals):
            return pay.complete(cart, payment_method=f"pm_card_{method}", return_url="http://127.0.0.1/", at=self.at)
        return None

    def place(self, order: Order) -> None:
        """An order of the web was placed: it is paid as the model expects."""
        order = Order.objects.get(pk=order.pk)
        assert order.state == "open", order.state
        found = Payment.objects.filter(order=order).order_by("pk")
        tenders = [(row.tender, row.amount_minor) for row in found if row.state in ("captured", "authorized")]
        assert sum(minor for _tender, minor in tenders) == order.total_minor
        self.know(order, order.total_minor, tenders, is_web=True)

    def know(self, order: Order, total: int, tenders: list[tuple[str, int]], *, is_web: bool = False) -> None:
        """The model hears of a sale; what the database says of its payments must be just that."""
        rows = [row for row in order.payments.order_by("pk") if row.state in ("captured", "authorized")]
        assert sorted((row.tender, row.amount_minor) for row in rows) == sorted(tenders)
        bought = Bought(order.uid, order.pk, order.currency, total, [], [], email=order.email, is_web=is_web)
        for row in rows:
            bought.paid.append(self.paid_by(row))
            bought.unpaid += row.amount_minor if row.state == "authorized" else 0
        for line in order.lines.order_by("pk"):
            out = 0 if is_web else line.quantity
            bought.cards_sold += line.total_minor if line.sku == VOUCHER else 0
            bought.lines.append(Line(line.pk, line.sku, line.quantity, out, is_goods=line.sku != VOUCHER))
        self.money.sell(bought)

    def paid_by(self, row: Payment) -> Paid:
        """Where the money of a payment is, by the model's own table."""
        register = self.registers[row.currency].code
        account, part = {
            "cash": ("cash", register),
            "external_terminal": ("card_clearing", f"terminal:{register}"),
            "card_present": ("card_clearing", "stripe"),
            "card_online": ("card_clearing", "stripe"),
            "gift_card": ("gift_cards", row.details.get("wallet", "")),
            "store_credit": ("store_credit", row.details.get("wallet", "")),
        }[row.tender]
        taken = row.amount_minor if row.state == "captured" else 0
        return Paid(row.uid, row.tender, account, part, taken)

    # Goods leave

    def unshipped(self) -> list[Bought]:
        return [one for one in self.money.orders if any(line.out < line.sold for line in one.lines)]

    @precondition(lambda self: self.unshipped())
    @rule(number=which)
    def ship(self, number: int) -> None:
        """The next parcel of an order leaves, and takes its share of what was authorized."""
        waiting = self.unshipped()
        bought = waiting[number % len(waiting)]
        part = Order.objects.get(pk=bought.pk).fulfillments.filter(state="pending").order_by("pk")[0]
        units = {row.order_line_id: row.quantity for row in part.lines.all()}
        is_held = self.is_held(bought)
        ship_fulfillment(part.uid, carrier="", tracking="", person=self.boss, at=self.at)
        share = 0
        for line in bought.lines:
            units_out = units.get(line.pk, 0)
            share += self.share(line, units_out)
            line.out += units_out
        if is_held:
            is_last = all(line.out == line.sold for line in bought.lines)
            self.capture(bought, bought.unpaid if is_last else min(share, bought.unpaid))

    def is_held(self, bought: Bought) -> bool:
        """Whether the card network still holds what was not taken: authorizations end after a week."""
        return bool(bought.unpaid) and gateway.retrieve(self.card_of(bought)).status == "requires_capture"

    def card_of(self, bought: Bought) -> str:
        (one,) = (one for one in bought.paid if one.tender == "card_online")
        return Payment.objects.get(uid=one.uid).provider_id

    def share(self, line: Line, units: int) -> int:
        from orders.models import OrderLine

        total = OrderLine.objects.get(pk=line.pk).total_minor
        return total * (line.out + units) // line.sold - total * line.out // line.sold

    def capture(self, bought: Bought, minor: int) -> None:
        send_captures(at=self.at)
        (one,) = (one for one in bought.paid if one.tender == "card_online")
        one.taken += minor
        bought.unpaid -= minor
        self.money.take(bought, one, minor)
        self.money.move("receivable", "", bought.currency, -minor)
        self.money.taken_by_cards[self.card_of(bought)] += minor


def _by(kind: str, amount: int, currency: str) -> dict[str, Any]:
    return {"type": kind, "amount": {"amount": amount, "currency": currency}}
