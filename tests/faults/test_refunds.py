"""F16, F21: the card network is silent, fails, dies or sends money back: one refund in the end, and true books.

Killed at every step: see `test_refund_crash_matrix`.
"""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from commerce.ledger.models import Posting
from orders import gateway, gateway_refunds, refund_events, tasks
from orders.actions import settle_open_refunds as polling
from orders.actions.accept_return import accept_return
from orders.actions.refund_amount import refund_amount
from orders.actions.settle_refund import settle_refund
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.models import Allowance, Order, Refund, Return
from orders.returns import ReturnWish
from tests.faults.conftest import in_child
from tests.sandbox.card_network_process import CardNetwork, free_port
from tests.world import World

pytestmark = [pytest.mark.timeout(90), pytest.mark.usefixtures("clean_afterwards")]

REFUNDS = "/v1/refunds"
UNIT = 1_728


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(polling, "PATIENCE", timedelta(0))
    with override_settings(STRIPE_TIMEOUT_SECONDS=1):
        gateway.client.cache_clear()
        yield
    gateway.client.cache_clear()


@pytest.fixture
def order(world: World, network: CardNetwork) -> Order:
    """Three mugs, ordered on the web, shipped."""
    made = world.order(world.mug, 3)
    ship_fulfillment(made.fulfillments.get().uid, carrier="", tracking="", person=world.manager, at=now())
    return made


def bring(world: World, order: Order, uid: Any = None) -> Return:
    wish = ReturnWish(order.lines.get().pk, 1)
    facts = {"uid": uid or new_uid(), "channel": "pos", "person": world.manager, "at": now()}
    return accept_return(order.pk, [wish], location=world.store, **facts)


def given_back(order: Order) -> list[int]:
    """What the card network says it gave back for an order, refund by refund."""
    params: Any = {"payment_intent": order.payments.get().provider_id, "limit": 100}
    listed = gateway.client().v1.refunds.list(params=params)
    return [refund.amount for refund in listed.data if refund.status not in ("failed", "canceled")]


def owed() -> int:
    """What the books say is owed to customers."""
    return -sum(Posting.objects.filter(account__code="refunds_due").values_list("amount_minor", flat=True))


def assert_given_back_once(order: Order) -> None:
    assert given_back(order) == [UNIT]
    refund = Refund.objects.get()
    assert (refund.state, refund.provider_id[:3]) == ("succeeded", "re_")
    payment = order.payments.get()
    assert (payment.refunded_minor, payment.refund_pending_minor) == (UNIT, 0)
    assert (Return.objects.count(), owed()) == (1, 0)


@pytest.mark.parametrize("kind", ["error", "error_after", "drop", "drop_after", "delay", "delay_after"])
def test_the_answer_never_comes_and_the_poller_asks_again(
    world: World, network: CardNetwork, order: Order, kind: str
) -> None:
    network.control("faults", {"kind": kind, "path": REFUNDS, "times": 2, "seconds": 2.5})
    record = bring(world, order)
    assert (record.total_minor, owed()) == (UNIT, UNIT if kind != "error_after" else 0)
    network.control("faults", method="DELETE")
    time.sleep(2.6 if kind.startswith("delay") else 0)
    for _again in range(3):
        tasks.settle_open_refunds()
    assert_given_back_once(order)


def test_the_card_network_is_gone_and_comes_back(world: World, network: CardNetwork, order: Order) -> None:
    with override_settings(STRIPE_API_BASE=f"http://127.0.0.1:{free_port()}"):
        gateway.client.cache_clear()
        bring(world, order)
        assert tasks.settle_open_refunds() == 0
        payment = order.payments.get()
        assert (payment.refunded_minor, payment.refund_pending_minor, owed()) == (0, UNIT, UNIT)
    gateway.client.cache_clear()
    assert tasks.settle_open_refunds() == 1
    assert_given_back_once(order)


def test_without_the_poller_the_customer_would_wait_for_ever(world: World, network: CardNetwork, order: Order) -> None:
    """The negative control: what the poller is for does happen."""
    assert in_child(lambda: bring(world, order), orders__before_refund_sent="kill") == 137
    assert (given_back(order), owed()) == ([], UNIT)
    tasks.settle_open_refunds()
    assert_given_back_once(order)


def late_failure(world: World, network: CardNetwork, order: Order) -> Refund:
    """A refund that has arrived, and that the bank sends back."""
    refund = bring(world, order).refunds.get()
    assert refund.state == "succeeded"
    network.control(f"refunds/{refund.provider_id}/fail", {"reason": "expired_or_canceled_card"})
    return refund


@pytest.mark.parametrize("way", ["webhook", "poller"])
def test_a_refund_that_comes_back_days_later_is_owed_again(
    world: World, network: CardNetwork, order: Order, way: str
) -> None:
    refund = late_failure(world, network, order)
    for _twice in range(2):
        if way == "webhook":
            tell("refund.failed", refund.provider_id, str(refund.uid))
        else:
            tasks.find_failed_refunds()
    refund.refresh_from_db()
    assert (refund.state, refund.failure_code) == ("failed", "expired_or_canceled_card")
    payment = order.payments.get()
    assert (payment.refunded_minor, payment.refund_pending_minor) == (0, 0)
    assert payment.details["cannot_refund"] == "expired_or_canceled_card"
    assert owed() == UNIT
    order.refresh_from_db()
    assert (order.state, order.payment_status) == ("open", "paid")
    case = Case.objects.get()
    assert (case.kind, case.owner_role, case.context["owed"]["amount"]) == ("refund_failed", "office", UNIT)
    assert case.text.startswith("$17.28 of order")
    assert "expired or was closed" in case.text


def tell(kind: str, provider_id: str, uid: str, **changes: Any) -> None:
    """An event of the card network about a refund reaches its worker."""
    thing = {
        "id": provider_id,
        "object": "refund",
        "amount": UNIT,
        "currency": "usd",
        "status": "failed",
        "metadata": {"refund": uid} if uid else {},
        **changes,
    }
    refund_events.work({"id": "evt_1", "type": kind, "data": {"object": thing}}, at=now())


def test_words_that_come_late_or_twice_change_nothing(world: World, network: CardNetwork, order: Order) -> None:
    """A webhook only says where to look: what it claims of the state is not believed."""
    refund = bring(world, order).refunds.get()
    for kind in ("refund.created", "refund.updated", "charge.refund.updated", "refund.failed"):
        tell(kind, refund.provider_id, str(refund.uid))
    assert_given_back_once(order)
    assert not Case.objects.exists()
    tell("refund.updated", "re_of_another_shop", "not-a-uid")


def test_a_webhook_before_our_own_answer(world: World, network: CardNetwork, order: Order) -> None:
    """F11: it is found by what was sent along; asking under the same key is the same refund."""
    assert in_child(lambda: bring(world, order), orders__after_refund_sent="kill") == 137
    (raw,) = gateway.client().v1.refunds.list(params={"payment_intent": order.payments.get().provider_id}).data
    tell("refund.created", raw.id, str(Refund.objects.get().uid))
    assert_given_back_once(order)


def test_a_card_that_is_already_refunded_over_there_is_a_case_here(
    world: World, network: CardNetwork, order: Order
) -> None:
    """All of it was given back in the dashboard, and nobody has told: what is owed now cannot be sent."""
    payment = order.payments.get()
    gateway.client().v1.refunds.create(params={"payment_intent": payment.provider_id})
    refund = bring(world, order).refunds.get()
    refund.refresh_from_db()
    assert (refund.state, refund.failure_code) == ("failed", "charge_already_refunded")
    assert (Case.objects.get().kind, owed()) == ("refund_failed", UNIT)


def test_a_refund_from_the_dashboard_is_the_orders_too(world: World, network: CardNetwork, order: Order) -> None:
    payment = order.payments.get()
    made = gateway.client().v1.refunds.create(params={"payment_intent": payment.provider_id, "amount": 500})
    about = {"amount": 500, "status": "succeeded", "payment_intent": payment.provider_id}
    for _twice in range(2):
        tell("refund.created", made.id, "", **about)
    refund = Refund.objects.get()
    assert (refund.state, refund.amount_minor, refund.provider_id) == ("succeeded", 500, made.id)
    allowance = Allowance.objects.get()
    assert (allowance.total_minor, allowance.tax_minor, owed()) == (500, 37, 0)
    order.refresh_from_db()
    assert order.payment_status == "partly_refunded"


@pytest.mark.parametrize("wrong", [{"amount": 99_999}, {"currency": "eur"}])
def test_a_refund_from_the_dashboard_that_cannot_be_is_a_case(
    world: World, network: CardNetwork, order: Order, wrong: dict[str, Any]
) -> None:
    about = {"amount": 500, "status": "succeeded", "payment_intent": order.payments.get().provider_id, **wrong}
    tell("refund.created", "re_odd", "", **about)
    assert (Case.objects.get().kind, Refund.objects.count(), owed()) == ("payment_mismatch", 0, 0)


def test_a_pending_refund_is_sent_and_arrives_later(
    world: World, network: CardNetwork, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bank that takes its time: in the books from when it was sent, given back when it arrives."""
    real = gateway_refunds.send
    monkeypatch.setattr(gateway_refunds, "send", lambda refund: slow(real(refund)))
    refund = bring(world, order).refunds.get()
    payment = order.payments.get()
    assert (refund.state, payment.refund_pending_minor, payment.refunded_minor, owed()) == ("sent", UNIT, 0, 0)
    tasks.settle_open_refunds()
    assert_given_back_once(order)


def slow(sent: Any) -> Any:
    return replace(sent, status="pending")


def test_an_allowance_by_the_card_with_its_tax(world: World, network: CardNetwork, order: Order) -> None:
    uid = new_uid()
    for _twice in range(2):
        refund_amount(order.pk, Money(540, "USD"), uid=uid, reason="Scratched", person=world.manager, at=now())
    assert given_back(order) == [540]
    assert settle_refund(Refund.objects.get().uid, at=now()).state == "succeeded"
    assert (Allowance.objects.get().tax_minor, owed()) == (40, 0)
    records = [bring(world, order) for _unit in range(3)]
    assert sum(record.total_minor for record in records) == 3 * UNIT - 540
    order.refresh_from_db()
    assert order.payment_status == "refunded"
