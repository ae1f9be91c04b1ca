"""Rules of the money machine: sales at tills, by every means of payment, at once or days later."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from commerce.cases.models import Case
from commerce.kernel.ids import new_uid
from commerce.ledger import periods
from commerce.ledger.models import JournalEntry
from customers import gift_cards
from customers.errors import NothingToSpend
from customers.models import GiftCard
from orders.errors import PaymentUnknown
from orders.models import Order
from pos.actions.give_back_card import give_back_card
from pos.actions.hold_wallet import hold_gift_card, hold_store_credit
from pos.actions.ready_gift_card import ready_gift_card
from pos.actions.record_sale import record_sale
from pos.actions.settle_cards import cards_without_sale, report_card
from pos.actions.take_card import check_card, start_card
from pos.envelope import parse_envelope
from pos.models import CardAttempt
from tests.factories.wallets import code_of
from tests.orders.money_known import Known
from tests.orders.money_model import Good, half_up, to_coins, total_of
from tests.orders.money_world import BUYERS, COIN, VOUCHER
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


class Till(Known):
    def __init__(self) -> None:
        super().__init__()
        self.envelopes: list[dict[str, Any]] = []

    def basket(self, drawn: list[tuple[str, int]]) -> Basket:
        return [(self.goods[sku], quantity) for sku, quantity in drawn]

    def usable_cards(self, currency: str) -> list[GiftCard]:
        """Gift cards with something on them that nobody holds."""
        found = GiftCard.objects.filter(currency=currency, state="active", balance_minor__gt=0).order_by("pk")
        return [card for card in found if gift_cards.available(card, at=self.at) > 0]

    @rule(
        currency=currencies,
        drawn=baskets,
        by=st.sampled_from(["cash", "cash", "external_terminal", "card_present"]),
        cards=st.integers(0, 2),
        credit_of=st.just("") | st.sampled_from(BUYERS),
        voucher=st.just(0) | st.integers(500, 5_000),
        percent_off=st.sampled_from([0, 0, 7]),
        in_shift=st.booleans(),
        days_ago=st.sampled_from([0, 0, 0, 1, 4]),
    )
    def sell_at_till(
        self,
        currency: str,
        drawn: Any,
        by: str,
        cards: int,
        credit_of: str,
        voucher: int,
        percent_off: int,
        in_shift: bool,
        days_ago: int,
    ) -> None:
        """A sale, paid from wallets first and the rest by `by`; it may sell a gift card, and come in days late."""
        sale, register = new_uid(), self.registers[currency]
        total = self.till_total(currency, self.basket(drawn), percent_off) + voucher
        tenders, due = self.hold_wallets(currency, sale, total, cards, credit_of)
        rounding = 0
        if due and by == "cash":
            rounding = to_coins(due, COIN) - due if currency == "EUR" else 0
            due += rounding
        if due or not tenders:
            tenders.append(self.tender(by if due else "cash", due, currency, sale))
        lines: list[dict[str, Any]] = [
            {"sku": sku, "quantity": quantity, "discounts": _off(percent_off)} for sku, quantity in drawn
        ]
        if voucher:
            lines.append(self.voucher(currency, voucher))
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
        assert order.total_minor == total, (order.total_minor, total)
        self.know(order, total + rounding, [(row["type"], row["amount"]["amount"]) for row in tenders])
        self.is_booked_on_an_open_day(order)
        self.envelopes.append(envelope)

    def till_total(self, currency: str, basket: Basket, percent_off: int) -> int:
        """As `total_of`, with so many percent off each line."""
        if not percent_off:
            return total_of(basket, currency, rate=self.rate(currency), is_included=self.is_taxed_within(currency))
        left = []
        for good, quantity in basket:
            gross = good.prices[currency] * quantity
            left.append((Good(good.sku, {currency: gross - half_up(gross * percent_off, 100)}, good.is_taxed), 1))
        return total_of(left, currency, rate=self.rate(currency), is_included=self.is_taxed_within(currency))

    def voucher(self, currency: str, minor: int) -> dict[str, Any]:
        """A line that sells a new gift card."""
        register = self.registers[currency]
        card, _code = ready_gift_card(register, "", currency=currency, person=self.boss, at=self.at)
        self.money.move("gift_cards", str(card.uid), currency, -minor)
        price = {"amount": minor, "currency": currency}
        return {"sku": VOUCHER, "quantity": 1, "unit_price": price, "gift_card": str(card.uid)}

    def hold_wallets(
        self, currency: str, sale: UUID, due: int, most: int, credit_of: str
    ) -> tuple[list[dict[str, Any]], int]:
        register, facts = self.registers[currency], {"sale": sale, "currency": currency, "person": self.boss}
        tenders = []
        for card in self.usable_cards(currency)[:most]:
            if due > 0:
                held = hold_gift_card(register, code_of(card), up_to=due, at=self.at, **facts)  # type: ignore[arg-type]
                tenders.append({**_by("gift_card", held.amount_minor, currency), "hold": str(held.uid)})
                due -= held.amount_minor
        if credit_of and due > 0:
            try:
                held = hold_store_credit(register, credit_of, up_to=due, at=self.at, **facts)  # type: ignore[arg-type]
            except NothingToSpend:
                return tenders, due
            tenders.append({**_by("store_credit", held.amount_minor, currency), "hold": str(held.uid)})
            due -= held.amount_minor
        return tenders, due

    def tender(self, by: str, due: int, currency: str, sale: UUID) -> dict[str, Any]:
        if by == "card_present":
            return {**_by(by, due, currency), "attempt": str(self.present_card(currency, due, sale).uid)}
        return {**_by(by, due, currency), **({"card": {"last4": "4242"}} if by == "external_terminal" else {})}

    def present_card(self, currency: str, due: int, sale: UUID) -> CardAttempt:
        """A card is held to the reader, and approved."""
        register, uid = self.registers[currency], new_uid()
        self.reader_of(register)
        facts = {"uid": uid, "sale_uid": sale, "amount_minor": due, "currency": currency}
        start_card(register, **facts, person=self.boss, at=self.at)  # type: ignore[arg-type]
        attempt: CardAttempt = until(lambda: self.answered(currency, uid))
        assert attempt.state == CardAttempt.State.APPROVED
        return attempt

    def answered(self, currency: str, uid: UUID) -> CardAttempt | None:
        self.pass_time(seconds=0.6)
        attempt = check_card(self.registers[currency], uid, at=self.at)
        return None if attempt.state == CardAttempt.State.STARTED else attempt

    def is_booked_on_an_open_day(self, order: Order) -> None:
        """What belongs to a closed day is booked on an open one, and keeps its own."""
        closed = periods.closed_through()
        for entry in JournalEntry.objects.filter(source_type="order", source_uid=order.uid):
            if closed:
                assert entry.business_date > closed
            own = entry.original_date or entry.business_date
            assert own == order.business_date

    @rule(number=which)
    def send_sale_again(self, number: int) -> None:
        """A till that heard no answer sends its sale again; nothing happens twice."""
        envelope = self.some(self.envelopes, number)
        if envelope is None:
            return
        before = Order.objects.count()
        record_sale(parse_envelope(envelope), at=self.at)
        assert Order.objects.count() == before

    @rule(currency=currencies, minor=st.integers(100, 20_000))
    def lose_sale(self, currency: str, minor: int) -> None:
        """A card was charged at a till, and its sale never comes: the money goes back to the card."""
        attempt = self.present_card(currency, minor, new_uid())
        self.orphans.append(attempt.provider_id)
        self.pass_time(minutes=11)
        for uid in cards_without_sale(at=self.at):
            report_card(uid, at=self.at)
        case = Case.objects.get(kind="card_without_sale", subject=str(attempt.uid))
        try:
            give_back_card(case, person=self.boss, at=self.at)
        except PaymentUnknown:  # pressed again when the card network is well
            self.network.control("faults", method="DELETE")
            give_back_card(case, person=self.boss, at=self.at)


def _by(kind: str, amount: int, currency: str) -> dict[str, Any]:
    return {"type": kind, "amount": {"amount": amount, "currency": currency}}


def _off(percent: int) -> list[dict[str, Any]]:
    row = {"id": "hand", "source": "manual", "reason": "Damaged", "kind": "percent", "value": percent * 10_000}
    return [{**row, "approved_by": "mina"}] if percent else []
