"""Rules of the money machine: goods and money go back, refunds that the bank sends back, and what is owed then."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from commerce.cases.models import Case
from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money as Amount
from orders import gateway
from orders.actions.accept_return import accept_return
from orders.actions.pay_owed import pay_owed
from orders.actions.refund_amount import refund_amount
from orders.errors import ChargeDisputed, CreditNeedsCustomer
from orders.models import Payment, Return
from orders.return_errors import OriginalGone, RefundTooLarge
from orders.returns import ReturnWish
from pos.actions.take_back import Wanted, take_back
from tests.orders.money_model import CARDS, Bought, Line, Paid
from tests.orders.money_till import which
from tests.orders.money_web import Web

tenders = st.sampled_from(["", "", "", "cash", "gift_card", "store_credit"])
Units = list[tuple[Line, int]]
REFUSALS = (ChargeDisputed, OriginalGone, CreditNeedsCustomer, RefundTooLarge)


class Back(Web):
    def returnable(self) -> list[Bought]:
        return [one for one in self.money.orders if any(line.left for line in one.lines)]

    @rule(
        number=which,
        units=st.lists(st.integers(0, 3), min_size=4, max_size=4),
        disposition=st.sampled_from(["restock", "damaged", "none"]),
        tender=tenders,
        with_shipping=st.booleans(),
        at_till=st.booleans(),
        is_sent_twice=st.booleans(),
    )
    def bring_back(
        self,
        number: int,
        units: list[int],
        disposition: str,
        tender: str,
        with_shipping: bool,
        at_till: bool,
        is_sent_twice: bool,
    ) -> None:
        """Units of an order come back, at a till or at a desk; whoever heard no answer sends it again."""
        bought = self.some(self.returnable(), number)
        if bought is None:
            return
        wanted = [(line, min(count, line.left)) for line, count in zip(bought.lines, units, strict=False)]
        wanted = [(line, count) for line, count in wanted if count] or _all_of_one(bought)
        wishes = [ReturnWish(line.pk, count, disposition=disposition) for line, count in wanted]
        uid, accept = new_uid(), self.at_till if at_till else self.at_desk
        try:
            record = accept(bought, wishes, tender, with_shipping, uid)
        except REFUSALS as refusal:
            self.is_right_to_refuse(bought, refusal, tender)
            return
        for line, count in wanted:
            line.back += count
        self.is_worth_it(bought, record, with_shipping=with_shipping)
        plan = bought.plan(record.total_minor, tender)
        self.money.owe(bought, record.total_minor)
        self.gave_back(bought, plan, record.refunds.order_by("pk"), at_till=at_till)
        if is_sent_twice:
            assert accept(bought, wishes, tender, with_shipping, uid).pk == record.pk

    def at_till(self, bought: Bought, wishes: list[ReturnWish], tender: str, with_shipping: bool, uid: UUID) -> Return:
        register, shift = self.registers[bought.currency], self.shift_of(bought.currency)
        asked = Wanted(bought.uid, wishes, tender=tender, with_shipping=with_shipping)
        facts: Any = {"uid": uid, "shift_uid": shift.uid, "person": self.boss, "approver": None, "at": self.at}
        return take_back(register, asked, **facts)

    def at_desk(self, bought: Bought, wishes: list[ReturnWish], tender: str, with_shipping: bool, uid: UUID) -> Return:
        facts: Any = {"uid": uid, "location": self.stores[bought.currency], "channel": "web", "person": self.boss}
        return accept_return(bought.pk, wishes, tender=tender, with_shipping=with_shipping, at=self.at, **facts)

    def is_worth_it(self, bought: Bought, record: Return, *, with_shipping: bool) -> None:
        """Each unit is worth its share of its line, to the rounding; never more than was paid comes back, and the last
        unit of an order brings all that is left."""
        for row in record.lines.select_related("order_line"):
            sold, share = row.order_line, row.order_line.total_minor * row.quantity
            assert row.total_minor <= -(-share // sold.quantity) + 2 * row.quantity
            if not bought.is_lowered:
                assert row.total_minor >= share // sold.quantity - 2 * row.quantity
        assert record.total_minor <= bought.left
        is_all = all(line.back == line.sold for line in bought.lines if line.is_goods)
        if is_all and (with_shipping or not bought.is_web):
            assert record.total_minor == bought.left, "the last unit did not bring all that was left"

    def is_right_to_refuse(self, bought: Bought, refusal: DomainError, tender: str) -> None:
        if isinstance(refusal, ChargeDisputed):
            assert any(one.was_contested for one in bought.paid)
        elif isinstance(refusal, OriginalGone):
            assert any(one.is_gone for one in bought.paid)
        elif isinstance(refusal, CreditNeedsCustomer):
            assert tender == "store_credit"
            assert not bought.email
        else:
            assert bought.unpaid or bought.left > bought.caps, "a refusal without a reason"

    def gave_back(self, bought: Bought, plan: list[tuple[Paid, int]], refunds: Any, *, at_till: bool) -> None:
        """The rows say what the plan of the model says, and the model counts them."""
        made, payments = list(refunds), {one.uid: one for one in bought.paid}
        found = sorted((row.payment.uid, row.amount_minor) for row in made)
        assert found == sorted((one.uid, minor) for one, minor in plan)
        for row in made:
            self.count_refund(bought, payments[row.payment.uid], row, at_till=at_till)

    # A lower price

    @rule(number=which, part=st.integers(1, 100), tender=tenders)
    def allow(self, number: int, part: int, tender: str) -> None:
        """A part of what is left of the price goes back, although nothing comes back."""
        bought = self.some([one for one in self.money.orders if one.left], number)
        if bought is None:
            return
        minor = max(bought.left * part // 100, 1)
        plan = bought.plan(minor, tender)
        facts: Any = {"uid": new_uid(), "reason": "Scratched", "person": self.boss, "at": self.at, "tender": tender}
        place = self.stores[bought.currency]
        try:
            made = refund_amount(bought.pk, Amount(minor, bought.currency), location=place, **facts)
        except REFUSALS as refusal:
            self.is_right_to_refuse(bought, refusal, tender)
            return
        assert made.total_minor == minor
        bought.is_lowered = True
        self.money.owe(bought, minor)
        self.gave_back(bought, plan, made.refunds.order_by("pk"), at_till=False)

    # In the dashboard of the card network, and at banks

    def refundable_there(self) -> list[tuple[Bought, Paid]]:
        there = {key for key, _minor in self.strangers.items()}
        busy = {id(entry[1]) for key, entry in self.strangers.items() if key in there}
        return [
            (bought, one)
            for bought in self.money.orders
            for one in bought.paid
            if one.tender in CARDS and one.taken > one.back and not one.is_contested and not bought.unpaid
            and id(one) not in busy and not any(one is other for _bought, other, _uid in self.going)
        ]  # fmt: skip

    @rule(number=which, part=st.integers(1, 100))
    def refund_in_dashboard(self, number: int, part: int) -> None:
        """Somebody gives money back at the card network itself; we hear of it when its event comes."""
        found = self.some(self.refundable_there(), number)
        if found is None:
            return
        bought, one = found
        minor = max(min(one.taken - one.back, bought.left) * part // 100, 1)
        if minor <= bought.left:
            self.network.control("faults", method="DELETE")
            intent = Payment.objects.get(uid=one.uid).provider_id
            made = gateway.client().v1.refunds.create(params={"payment_intent": intent, "amount": minor})
            self.strangers[made.id] = (bought, one, minor)

    @rule(number=which, reason=st.sampled_from(["expired_or_canceled_card", "declined"]))
    def refund_comes_back(self, number: int, reason: str) -> None:
        """A bank sends a refund back; who asks next hears of it."""
        key = self.some(list(self.sent), number)
        if key and self.at_network("refunds", key)["status"] != "failed":
            self.network.control(f"refunds/{key}/fail", {"reason": reason})

    @rule(number=which, tender=st.sampled_from(["", "cash", "gift_card", "store_credit"]))
    def pay_what_is_owed(self, number: int, tender: str) -> None:
        """Somebody resolves the case of a refund that failed."""
        entry = self.some(self.failed, number)
        if entry is None:
            return
        bought, one, uid = entry
        case = Case.objects.get(kind="refund_failed", subject=str(uid), status="open")
        place: Any = {"location": self.stores[bought.currency]} if tender == "cash" else {}
        try:
            made = pay_owed(case, tender=tender, code=tender or "try_again", person=self.boss, at=self.at, **place)
        except REFUSALS as refusal:
            self.is_right_to_refuse(bought, refusal, tender)
            return
        self.failed.remove(entry)
        assert made.payment.uid == one.uid
        self.count_refund(bought, one, made)


def _all_of_one(bought: Bought) -> Units:
    line = next(line for line in bought.lines if line.left)
    return [(line, line.left)]
