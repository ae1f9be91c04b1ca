"""What the card network reports, told by several at once: each thing once, and no payment explained twice."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from commerce.cases.models import Case
from commerce.kernel import failpoints
from commerce.kernel.clock import now
from commerce.ledger.models import JournalEntry
from orders import matching, transactions
from orders.actions.settle_dispute import settle_heard
from orders.actions.settle_payout import record_page
from orders.gateway_settlement import Contest, Movement, Page
from orders.models import Dispute, NetworkTransaction, Payment
from tests.concurrency.conftest import audit
from tests.faults.conftest import together
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.timeout(300)
AT_ONCE = 8


@pytest.fixture
def payment(transactional_db: None, card_network: Server) -> Payment:
    world = World.make()
    return world.order(world.mug).payments.get()


@pytest.fixture
def unguarded() -> Iterator[None]:
    failpoints.arm(transactions.LOCK, "off")
    yield
    failpoints.arm(transactions.LOCK, None)


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two who look what is left of a payment wait for each other, as long as they can, before they write."""
    barrier, original = Barrier(2), matching.known

    def known(*args: Any) -> matching.Known:
        found = original(*args)
        with suppress(BrokenBarrierError):
            barrier.wait(1)
        return found

    monkeypatch.setattr(matching, "known", known)


def charge(payment: Payment, key: str) -> Movement:
    return Movement(
        id=key,
        type="charge",
        category="charge",
        currency=payment.currency,
        gross=payment.captured_minor,
        fee=80,
        net=payment.captured_minor - 80,
        source=f"ch_{key}",
        created_at=now(),
        available_at=now(),
        intent=payment.provider_id,
    )


def tell(move: Movement) -> None:
    record_page(Page([move], has_more=False), part_of=None, at=now())


def matched(payment: Payment) -> int:
    return NetworkTransaction.objects.filter(payment=payment, state="matched").count()


def test_one_transaction_told_by_many_is_written_and_posted_once(payment: Payment) -> None:
    together(*[partial(tell, charge(payment, "txn_1"))] * AT_ONCE)
    assert NetworkTransaction.objects.count() == 1
    assert JournalEntry.objects.filter(kind="network_fee").count() == 1
    assert "BROKEN" not in audit()


def test_two_charges_of_one_payment_are_not_both_explained(payment: Payment, meeting: None) -> None:
    together(partial(tell, charge(payment, "txn_1")), partial(tell, charge(payment, "txn_2")))
    assert matched(payment) == 1
    assert Case.objects.filter(kind="unmatched_transaction").count() == 1
    assert "BROKEN" not in audit()


def test_without_the_lock_they_would_be(payment: Payment, meeting: None, unguarded: None) -> None:
    """The negative control."""
    together(partial(tell, charge(payment, "txn_1")), partial(tell, charge(payment, "txn_2")))
    assert matched(payment) == 2


def test_a_dispute_told_by_many_takes_the_money_once(payment: Payment) -> None:
    taken = Movement(
        id="txn_dp", type="adjustment", category="dispute", currency="USD", gross=-1_728, fee=1_500, net=-3_228,
        source="dp_1", created_at=now(), available_at=now(),
    )  # fmt: skip
    contest = Contest(
        id="dp_1", status="needs_response", reason="fraudulent", amount=1_728, currency="USD", charge="ch_1",
        intent=payment.provider_id, is_refundable=False, due_at=now(), created_at=now(), movements=(taken,),
    )  # fmt: skip
    together(*[partial(settle_heard, contest, at=now())] * AT_ONCE)
    assert (Dispute.objects.get().money_minor, Case.objects.filter(kind="dispute").count()) == (1_728, 1)
    assert JournalEntry.objects.filter(kind="dispute_money").count() == 1
    assert payment.order.timeline.filter(kind="dispute_opened").count() == 1
    assert "BROKEN" not in audit()
