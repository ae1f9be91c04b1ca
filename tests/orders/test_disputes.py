"""Every way of a dispute, by events in any order and by polling alone, to the minor unit."""

import pytest

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.db import action
from orders import refunds
from orders.actions.answer_dispute import accept_dispute, submit_evidence
from orders.actions.settle_dispute import settle_dispute, settle_disputes
from orders.errors import ChargeDisputed, DisputeClosed
from orders.models import Dispute, NetworkTransaction, Order, Payment, Refund
from orders.refund_plan import Part
from tests.orders.settling import entries, paid, postings, refund, steered
from tests.sandbox.card_network_process import CardNetwork
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db
WITHDRAWN = [
    ("dispute_money", "disputed", 1_728, "{id}"),
    ("dispute_money", "payment_fees", 1_500, ""),
    ("dispute_money", "card_clearing", -3_228, "stripe"),
]


@pytest.fixture
def network(card_network: Server) -> CardNetwork:
    steer = steered(card_network.url)
    steer.reset()
    return steer


@pytest.fixture
def world(db: None, network: CardNetwork) -> World:
    return World.make()


def of(rows: list[tuple[str, str, int, str]], provider_id: str) -> list[tuple[str, str, int, str]]:
    return [(kind, account, minor, part.format(id=provider_id)) for kind, account, minor, part in rows]


def contest(network: CardNetwork, payment: object, **how: object) -> str:
    return str(network.control("disputes", {"payment_intent": payment.provider_id, **how})["id"])  # type: ignore[attr-defined]


def test_a_dispute_takes_the_money_and_asks_for_an_answer(world: World, network: CardNetwork) -> None:
    payment = paid(world)
    key = contest(network, payment)
    dispute = settle_dispute(key, at=now())
    assert (dispute.state, dispute.amount_minor, dispute.fee_minor) == ("needs_response", 1_728, 1_500)
    assert (dispute.payment, dispute.money_minor, dispute.is_refundable) == (payment, 1_728, False)
    assert postings("dispute_money") == of(WITHDRAWN, key)
    case = Case.objects.get(kind="dispute", subject=key)
    assert case.due_at == dispute.evidence_due_at
    assert payment.order.number in case.text
    assert payment.order.timeline.filter(kind="dispute_opened").count() == 1
    count = entries()
    for _again in range(3):
        settle_dispute(key, at=now())
    assert (entries(), Case.objects.count(), payment.order.timeline.filter(kind="dispute_opened").count()) == (
        count, 1, 1,
    )  # fmt: skip


def test_a_dispute_that_is_won_gives_everything_back(world: World, network: CardNetwork) -> None:
    key = contest(network, paid(world))
    settle_dispute(key, at=now())
    network.control(f"disputes/{key}", {"verdict": "won"})
    dispute = settle_dispute(key, at=now())
    assert (dispute.state, dispute.money_minor, dispute.fee_minor) == ("won", 0, 0)
    assert postings("dispute_money") == of(
        [
            *WITHDRAWN,
            ("dispute_money", "card_clearing", 3_228, "stripe"),
            ("dispute_money", "payment_fees", -1_500, ""),
            ("dispute_money", "disputed", -1_728, "{id}"),
        ],
        key,
    )
    assert Case.objects.get(kind="dispute").status == "resolved"


def test_a_dispute_that_is_lost_is_a_loss(world: World, network: CardNetwork) -> None:
    key = contest(network, paid(world))
    network.control(f"disputes/{key}", {"verdict": "lost"})
    dispute = settle_dispute(key, at=now())  # nobody heard of it before
    assert dispute.state == "lost"
    assert dispute.closed_at is not None
    assert postings("dispute_money", "dispute_lost") == of(
        [*WITHDRAWN, ("dispute_lost", "dispute_losses", 1_728, ""), ("dispute_lost", "disputed", -1_728, "{id}")], key
    )
    assert not Case.objects.filter(kind="dispute", status="open").exists()
    count = entries()
    settle_dispute(key, at=now())
    assert entries() == count


def test_an_inquiry_moves_no_money_until_it_escalates(world: World, network: CardNetwork) -> None:
    payment = paid(world)
    key = contest(network, payment, inquiry=True)
    before = entries()
    dispute = settle_dispute(key, at=now())
    assert (dispute.state, dispute.is_refundable, entries()) == ("warning_needs_response", True, before)
    assert "No money was taken" in Case.objects.get(kind="dispute").text
    network.control(f"disputes/{key}", {"verdict": "escalate"})
    assert settle_dispute(key, at=now()).state == "needs_response"
    assert postings("dispute_money") == of(WITHDRAWN, key)
    assert Case.objects.filter(kind="dispute", status="open").count() == 1
    assert Case.objects.filter(kind="dispute", status="resolved").count() == 1


def test_an_inquiry_that_ends_leaves_nothing_in_the_books(world: World, network: CardNetwork) -> None:
    key = contest(network, paid(world), inquiry=True)
    settle_dispute(key, at=now())
    before = entries()
    network.control(f"disputes/{key}", {"verdict": "won"})
    assert settle_dispute(key, at=now()).state == "warning_closed"
    assert entries() == before
    assert not NetworkTransaction.objects.filter(kind="dispute").exists()


def test_a_dispute_after_a_refund_says_what_was_refunded(world: World, network: CardNetwork) -> None:
    payment = paid(world)
    refund(payment, 728)
    type(payment).objects.filter(pk=payment.pk).update(refunded_minor=728)
    key = contest(network, payment)
    dispute = settle_dispute(key, at=now())
    assert "$7.28 of it was refunded before" in Case.objects.get(kind="dispute").text
    assert postings("dispute_money") == of(WITHDRAWN, key)
    network.control(f"disputes/{key}", {"verdict": "lost"})
    settle_dispute(key, at=now())
    payment.refresh_from_db()
    assert (payment.captured_minor, payment.refunded_minor) == (1_728, 728)
    assert postings("dispute_lost")[0][2] == dispute.amount_minor


def test_a_poll_alone_learns_of_everything(world: World, network: CardNetwork) -> None:
    first, second = contest(network, paid(world)), contest(network, paid(world, 2), inquiry=True)
    assert settle_disputes(at=now()) == 2
    assert settle_disputes(at=now()) == 0
    network.control(f"disputes/{first}", {"verdict": "won"})
    assert settle_disputes(at=now()) == 1
    assert dict(Dispute.objects.values_list("provider_id", "state")) == {
        first: "won", second: "warning_needs_response",
    }  # fmt: skip


def test_word_that_comes_late_changes_nothing(world: World, network: CardNetwork) -> None:
    """Two workers ask about one dispute; the one that asked first writes last."""
    from orders import gateway_settlement
    from orders.actions.settle_dispute import settle_heard

    key = contest(network, paid(world))
    stale = gateway_settlement.dispute(key)
    network.control(f"disputes/{key}", {"verdict": "won"})
    settle_dispute(key, at=now())
    assert settle_heard(stale, at=now()).state == "won"
    assert sum(minor for _kind, account, minor, _part in postings("dispute_money") if account == "disputed") == 0


def test_evidence_goes_to_the_bank_once(world: World, network: CardNetwork) -> None:
    payment = paid(world)
    dispute = settle_dispute(contest(network, payment), at=now())
    answered = submit_evidence(dispute.pk, {"uncategorized_text": "It was collected."}, person=None, at=now())
    assert (answered.state, Case.objects.get(kind="dispute").status) == ("under_review", "resolved")
    assert payment.order.timeline.filter(kind="evidence_sent").count() == 1
    with pytest.raises(DisputeClosed):
        submit_evidence(dispute.pk, {"uncategorized_text": "Again."}, person=None, at=now())
    row = Dispute.objects.get(pk=dispute.pk)
    assert (row.evidence, row.submitted_at is not None) == ({"uncategorized_text": "It was collected."}, True)


def test_what_is_accepted_is_lost_and_ends_once(world: World, network: CardNetwork) -> None:
    dispute = settle_dispute(contest(network, paid(world)), at=now())
    network.control(f"disputes/{dispute.provider_id}", {"verdict": "won"})
    with pytest.raises(DisputeClosed):  # the bank was faster
        accept_dispute(dispute.pk, person=None, at=now())
    assert Dispute.objects.get().state == "won"
    other = settle_dispute(contest(network, paid(world)), at=now())
    assert accept_dispute(other.pk, person=None, at=now()).state == "lost"
    assert [row[2] for row in postings("dispute_lost")] == [1_728, -1_728]


def test_a_dispute_of_no_order_of_ours_is_a_case_and_its_money_is_not_guessed(
    world: World, network: CardNetwork
) -> None:
    from orders import gateway

    stray = gateway.client().v1.payment_intents.create(
        params={
            "amount": 900, "currency": "usd", "confirm": True, "payment_method": "pm_card_visa",
            "allowed_payment_method_types": ["card"],
        }
    )  # fmt: skip
    key = str(network.control("disputes", {"payment_intent": stray.id})["id"])
    before = entries()
    assert settle_dispute(key, at=now()).payment is None
    assert entries() == before
    assert set(Case.objects.values_list("kind", flat=True)) == {"dispute", "unmatched_transaction"}


def test_a_disputed_payment_is_not_refunded_as_well(world: World, network: CardNetwork) -> None:
    payment = paid(world)
    key = contest(network, payment, inquiry=True)
    settle_dispute(key, at=now())
    assert _refund(payment, 100).state == "pending"  # an inquiry forbids nothing
    network.control(f"disputes/{key}", {"verdict": "escalate"})
    settle_dispute(key, at=now())
    for tender in (payment.tender, "cash"):
        with pytest.raises(ChargeDisputed):
            _refund(payment, 100, tender=tender)
    payment.refresh_from_db()
    assert payment.refund_pending_minor == 100
    network.control(f"disputes/{key}", {"verdict": "won"})
    settle_dispute(key, at=now())
    assert _refund(payment, 100).amount_minor == 100


@action
def _refund(payment: Payment, minor: int, *, tender: str = "") -> Refund:
    order = Order.objects.locked().get(pk=payment.order_id)
    part = Part(payment.pk, tender or payment.tender, minor, {"drawer": "PDX-1"})
    (row,) = refunds.request(
        order, [part], return_record=None, reason="Kindness", actor=None, approved_by=None, at=now()
    )
    return row
