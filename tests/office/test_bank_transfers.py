"""Money goes back by bank transfer where nothing else takes it: a case asks somebody to order it, and they answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from commerce.cases.actions.resolve_case import resolve_case
from commerce.cases.models import Case
from commerce.cases.queue import AnswerNeeded
from commerce.kernel import audit
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from commerce.ledger.models import Posting
from orders.actions.refund_amount import refund_amount
from orders.actions.settle_open_refunds import settle_open_refunds
from orders.models import Order, Refund
from orders.return_errors import RefundTooLarge
from tests.world import World

pytestmark = pytest.mark.django_db
PAID = 1_728


@pytest.fixture
def world() -> World:
    return World.make()


@pytest.fixture
def order(world: World) -> Order:
    return world.sell(world.mug)


@pytest.fixture
def refund(world: World, order: Order) -> Refund:
    """$10.00 of a sale that are to go back by bank transfer."""
    facts = {"uid": new_uid(), "reason": "A scratch", "person": world.manager, "at": now()}
    return refund_amount(order.pk, Money(1_000, "USD"), tender="bank_transfer", **facts).refunds.get()


@pytest.fixture
def answer(world: World) -> Callable[..., str]:
    browser = Client()
    browser.force_login(world.manager)

    def answer(case: Case, code: str, **said: str) -> str:
        path = reverse("admin:case-resolution", args=[case.pk, code])
        return browser.post(path, said, follow=True).content.decode()

    return answer


def booked(refund: Refund) -> list[tuple[str, int]]:
    rows = Posting.objects.filter(entry__source_uid=refund.uid).order_by("-amount_minor")
    return [(row.account.code, row.amount_minor) for row in rows.select_related("account")]


def broken() -> list[str]:
    return [found.invariant.code for found in audit.run() if found.count]


def test_it_is_owed_until_somebody_has_ordered_it(order: Order, refund: Refund, answer: Callable[..., str]) -> None:
    case = Case.objects.get()
    assert (case.kind, refund.state, booked(refund)) == ("bank_transfer_due", "pending", [])
    assert "$10.00" in case.text
    assert settle_open_refunds(at=now() + timedelta(days=3)) == 0
    assert "given back by bank transfer" in answer(case, "transferred", reference="T-77")
    refund.refresh_from_db()
    assert (refund.state, refund.details["reference"]) == ("succeeded", "T-77")
    assert booked(refund) == [("refunds_due", 1_000), ("bank", -1_000)]
    payment = order.payments.get()
    assert (payment.refunded_minor, payment.refund_pending_minor) == (1_000, 0)
    assert not Case.objects.filter(status="open").exists()


def test_it_counts_against_the_payment_at_once(world: World, order: Order, refund: Refund) -> None:
    facts = {"uid": new_uid(), "reason": "More", "person": world.manager, "at": now()}
    with pytest.raises(RefundTooLarge):
        refund_amount(order.pk, Money(PAID - 999, "USD"), **facts)


def test_what_cannot_be_sent_is_owed_in_another_way(order: Order, refund: Refund, answer: Callable[..., str]) -> None:
    assert "still owed" in answer(Case.objects.get(), "not_transferred", why="No such account")
    refund.refresh_from_db()
    assert (refund.state, refund.failure_text, booked(refund)) == ("failed", "No such account", [])
    case = Case.objects.get(status="open")
    assert case.kind == "refund_failed"
    answer(case, "bank_transfer")
    again = Refund.objects.latest("pk")
    assert (again.tender, again.state) == ("bank_transfer", "pending")
    assert Case.objects.get(status="open").subject == str(again.uid)


def test_only_an_answer_closes_the_case(world: World, refund: Refund) -> None:
    with pytest.raises(AnswerNeeded):
        resolve_case(Case.objects.get().pk, person=world.manager, at=now())
    browser = Client()
    browser.force_login(world.manager)
    picked = {"action": "resolve_selected", "_selected_action": [Case.objects.get().pk]}
    browser.post(reverse("admin:cases_case_changelist"), picked)
    assert Case.objects.get().status == "open"


def test_a_second_answer_changes_nothing(refund: Refund, answer: Callable[..., str]) -> None:
    case = Case.objects.get()
    for _twice in range(2):
        answer(case, "transferred", reference="T-77")
    assert booked(refund) == [("refunds_due", 1_000), ("bank", -1_000)]
    assert "bank_transfer" not in [row.tender for row in Refund.objects.filter(state="pending")]


def test_the_audit_misses_a_question(refund: Refund) -> None:
    assert broken() == []
    Case.objects.all().delete()
    assert broken() == ["I52d"]
