"""Rules of the money machine: goods and money go back, late refusals, and what is owed then."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from commerce.cases.models import Case
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money as Amount
from orders.actions.accept_return import accept_return
from orders.actions.pay_owed import pay_owed
from orders.actions.refund_amount import refund_amount
from orders.errors import ChargeDisputed, CreditNeedsCustomer
from orders.models import Refund
from orders.return_errors import OriginalGone, RefundTooLarge
from orders.returns import ReturnWish
from pos.actions.take_back import Wanted, take_back
from tests.orders.money_model import CARDS, Bought, Paid
from tests.orders.money_sales import Sales, which

tenders = st.sampled_from(["", "", "", "cash", "gift_card", "store_credit"])


class Back(Sales):
    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, tuple[Bought, Paid, int, Any]] = {}  # by the card network's refund
        self.failed: list[tuple[Bought, Paid, int, Any]] = []

    def returnable(self) -> list[Bought]:
        return [one for one in self.money.orders if any(line.left for line in one.lines)]

    @precondition(lambda self: self.returnable())
    @rule(
        number=which,
        units=st.lists(st.integers(0, 3), min_size=4, max_size=4),
        disposition=st.sampled_from(["restock", "damaged", "none"]),
        tender=tenders,
        with_shipping=st.booleans(),
        at_till=st.booleans(),
    )
    def bring_back(
        self, number: int, units: list[int], disposition: str, tender: str, with_shipping: bool, at_till: bool
    ) -> None:
        """Units of an order come back, at a till or at a desk."""
        found = self.returnable()
        bought = found[number % len(found)]
        wanted = [(line, min(count, line.left)) for line, count in zip(bought.lines, units, strict=False)]
        wanted = [(line, count) for line, count in wanted if count]
        if not wanted:
            first = next(line for line in bought.lines if line.left)
            wanted = [(first, first.left)]
        wishes = [ReturnWish(line.pk, count, disposition=disposition) for line, count in wanted]
        uid, refusal = new_uid(), None
        try:
            if at_till:
                register = self.registers[bought.currency]
                asked = Wanted(bought.uid, wishes, tender=tender, with_shipping=with_shipping)
                shift = self.shift_of(bought.currency)
                facts: Any = {"uid": uid, "shift_uid": shift.uid, "person": self.boss, "approver": None, "at": self.at}
                record = take_back(register, asked, **facts)
            else:
                facts = {"uid": uid, "location": self.stores[bought.currency], "channel": "web", "person": self.boss}
                record = accept_return(
                    bought.pk, wishes, tender=tender, with_shipping=with_shipping, at=self.at, **facts
                )
        except (ChargeDisputed, OriginalGone, CreditNeedsCustomer, RefundTooLarge) as refused:
            refusal = refused
        if refusal is not None:
            self.is_right_to_refuse(bought, refusal, tender)
            return
        before = sum(line.left for line in bought.lines)
        for line, count in wanted:
            line.back += count
        assert before - sum(line.left for line in bought.lines) == sum(row.quantity for row in record.lines.all())
        self.is_worth_it(bought, wanted, record)
        plan = bought.plan(record.total_minor, tender)
        self.money.owe(bought, record.total_minor)
        self.gave_back(bought, plan, record.refunds.order_by("pk"), tender, at_till=at_till)

    def is_worth_it(self, bought: Bought, wanted: list[Any], record: Any) -> None:
        """Each line's units are worth their share of it, to the rounding; what has come back in all is never more than
        was paid, and all of it is all that was paid for goods."""
        for row in record.lines.select_related("order_line"):
            sold = row.order_line
            assert row.total_minor <= -(-sold.total_minor * row.quantity // sold.quantity) + 2 * row.quantity
            if not bought.is_lowered:
                assert row.total_minor >= sold.total_minor * row.quantity // sold.quantity - 2 * row.quantity
        assert record.total_minor <= bought.left

    def is_right_to_refuse(self, bought: Bought, refusal: Exception, tender: str) -> None:
        if isinstance(refusal, ChargeDisputed):
            assert any(one.is_contested for one in bought.paid)
        elif isinstance(refusal, OriginalGone):
            assert any(one.is_gone for one in bought.paid)
        elif isinstance(refusal, CreditNeedsCustomer):
            assert tender == "store_credit"
            assert not bought.email
        else:
            assert bought.unpaid or bought.left > bought.caps, "a refusal without a reason"

    def gave_back(self, bought: Bought, plan: Any, refunds: Any, tender: str, *, at_till: bool) -> None:
        """The rows say what the plan of the model says, and the model counts them."""
        made = list(refunds)
        payments = {one.uid: one for one in bought.paid}
        found = sorted((payments[row.payment.uid].uid, row.amount_minor) for row in made)
        assert found == sorted((one.uid, minor) for one, minor in plan)
        for row in made:
            self.count_refund(bought, payments[row.payment.uid], row, at_till=at_till)

    def count_refund(self, bought: Bought, one: Paid, row: Refund, *, at_till: bool) -> None:
        row.refresh_from_db()
        account, part = self.leaves_from(bought, row, at_till=at_till) if row.tender != one.tender else ("", "")
        if row.tender == one.tender == "cash":
            account, part = self.leaves_from(bought, row, at_till=at_till)
        if row.tender == one.tender == "gift_card":
            account, part = "gift_cards", row.details["wallet"]
        self.money.give_back(bought, one, row.amount_minor, account=account, part=part)
        if row.tender in CARDS:
            if row.state == "failed":
                self.fail(bought, one, row)
            else:
                assert row.state in ("sent", "succeeded")
                self.sent[row.provider_id] = (bought, one, row.amount_minor, row.uid)
        else:
            assert row.state == "succeeded"

    def leaves_from(self, bought: Bought, row: Refund, *, at_till: bool) -> tuple[str, str]:
        if row.tender == "cash":
            place = self.registers[bought.currency].code if at_till else self.stores[bought.currency].code
            return "cash", place
        if row.tender == "external_terminal":
            return "card_clearing", f"terminal:{self.registers[bought.currency].code}"
        account = "gift_cards" if row.tender == "gift_card" else "store_credit"
        return account, row.details["wallet"]

    def fail(self, bought: Bought, one: Paid, row: Refund) -> None:
        self.money.come_back(bought, one, row.amount_minor)
        one.is_gone = one.is_gone or row.failure_code in ("expired_or_canceled_card", "lost_or_stolen_card")
        self.failed.append((bought, one, row.amount_minor, row.uid))

    # A lower price

    @precondition(lambda self: any(one.left for one in self.money.orders))
    @rule(number=which, part=st.integers(1, 100), tender=tenders)
    def allow(self, number: int, part: int, tender: str) -> None:
        """A part of what is left of the price goes back, although nothing comes back."""
        found = [one for one in self.money.orders if one.left]
        bought = found[number % len(found)]
        minor = max(bought.left * part // 100, 1)
        plan = bought.plan(minor, tender)
        refusal = None
        try:
            made = refund_amount(
                bought.pk,
                Amount(minor, bought.currency),
                uid=new_uid(),
                reason="Scratched",
                person=self.boss,
                at=self.at,
                tender=tender,
                location=self.stores[bought.currency],
            )
        except (ChargeDisputed, OriginalGone, CreditNeedsCustomer, RefundTooLarge) as refused:
            refusal = refused
        if refusal is not None:
            self.is_right_to_refuse(bought, refusal, tender)
            return
        assert made.total_minor == minor
        bought.is_lowered = True
        self.money.owe(bought, minor)
        self.gave_back(bought, plan, made.refunds.order_by("pk"), tender, at_till=False)

    # Refunds that come back

    @precondition(lambda self: self.sent)
    @rule(number=which, reason=st.sampled_from(["expired_or_canceled_card", "declined"]))
    def refund_fails_late(self, number: int, reason: str) -> None:
        """The bank sends a refund back; who asks next hears of it."""
        key = list(self.sent)[number % len(self.sent)]
        if self.network.control("refunds/" + key + "/fail", {"reason": reason})["status"] == "failed":
            self.catch_up()

    def catch_up(self) -> None:
        raise NotImplementedError

    def hear_of_failures(self) -> None:
        """What the card network says has failed, is owed again."""
        for key, (bought, one, _minor, uid) in list(self.sent.items()):
            row = Refund.objects.get(uid=uid)
            if self.refund_at_network(key)["status"] == "failed":
                assert row.state == "failed", f"{key} failed at the card network, and is {row.state} here"
                del self.sent[key]
                self.fail(bought, one, row)
            else:
                assert row.state != "failed"

    def refund_at_network(self, key: str) -> Any:
        raise NotImplementedError

    @precondition(lambda self: self.failed)
    @rule(number=which, tender=st.sampled_from(["", "cash", "gift_card", "store_credit"]))
    def pay_what_is_owed(self, number: int, tender: str) -> None:
        """Somebody resolves the case of a refund that failed."""
        place = number % len(self.failed)
        bought, one, minor, uid = self.failed[place]
        case = Case.objects.get(kind="refund_failed", subject=str(uid), status="open")
        where: Any = {"location": self.stores[bought.currency]} if tender == "cash" else {}
        try:
            made = pay_owed(case, tender=tender, code=tender or "try_again", person=self.boss, at=self.at, **where)
        except ChargeDisputed:
            assert one.is_contested
            return
        except CreditNeedsCustomer:
            assert tender == "store_credit"
            assert not bought.email
            return
        del self.failed[place]
        assert (made.amount_minor, made.payment.uid) == (minor, one.uid)
        self.count_refund(bought, one, made, at_till=False)
