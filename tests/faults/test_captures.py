"""F14, F16, F22: authorized money is taken as goods leave, each part once, never more than held, and let go in time."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import Sum

from commerce.cases import resolutions
from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.ledger.models import Posting
from commerce.pricing.models import Market
from inventory.models import Reservation
from orders import captures, gateway
from orders.actions.ask_card_network import ask_card_network
from orders.actions.close_expired_checkouts import close_expired_checkouts
from orders.actions.send_captures import send_captures
from orders.actions.settle_payment import settle_payment
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.actions.watch_authorizations import watch_authorizations
from orders.models import Capture, Order, Payment, PaymentAttempt
from tests.faults.conftest import Api, in_child, together
from tests.sandbox.card_network_process import CardNetwork
from tests.world import World

pytestmark = [pytest.mark.timeout(60), pytest.mark.usefixtures("clean_afterwards")]


@pytest.fixture
def world(world: World) -> World:
    """A shop that charges cards when goods leave."""
    Market.objects.update(card_capture="leaving")
    return world


def ordered(world: World) -> Order:
    """Six tents: five from one place, one from the other."""
    order = world.order(world.tent, 6)
    assert order.fulfillments.count() == 2
    return order


def ship(order: Order, number: int) -> None:
    part = order.fulfillments.order_by("pk")[number]
    ship_fulfillment(part.uid, carrier="UPS", tracking=f"1Z{number}", person=None, at=now())


def money(order: Order) -> tuple[str, str, int, int]:
    """Payment status, state of the payment, what was taken, what is on its way."""
    order.refresh_from_db()
    payment = order.payments.get()
    return order.payment_status, payment.state, payment.captured_minor, payment.capture_pending_minor


def taken(order: Order) -> int:
    """What the card network says that it has taken, in minor units."""
    return gateway.retrieve(order.payments.get().provider_id).received


def owed(order: Order) -> int:
    """What the books say that the customer still owes for this order."""
    uids = [order.uid, *Capture.objects.filter(payment__order=order).values_list("uid", flat=True)]
    of_order = Posting.objects.filter(account__code="receivable", entry__source_uid__in=uids)
    return of_order.aggregate(sum=Sum("amount_minor"))["sum"] or 0


def test_an_order_is_placed_with_its_money_held_and_each_parcel_takes_its_share(
    world: World, network: CardNetwork
) -> None:
    order = ordered(world)
    total = order.total_minor
    payment = order.payments.get()
    assert money(order) == ("authorized", "authorized", 0, 0)
    assert (payment.authorized_minor, taken(order)) == (total, 0)
    assert payment.capture_before is not None
    assert payment.capture_before > now() + timedelta(days=6)
    assert owed(order) == total  # nothing is posted before it is taken

    ship(order, 0)
    five = Capture.objects.get()
    tents = order.lines.get()
    assert (five.amount_minor, five.is_final) == (tents.total_minor * 5 // 6, False)
    assert money(order) == ("authorized", "authorized", 0, five.amount_minor)
    assert send_captures(at=now()) == 1
    assert money(order) == ("partly_paid", "authorized", five.amount_minor, 0)
    assert (taken(order), owed(order)) == (five.amount_minor, total - five.amount_minor)

    ship(order, 1)
    assert send_captures(at=now()) == 1
    assert money(order) == ("paid", "captured", total, 0)
    assert (order.state, taken(order), owed(order)) == ("closed", total, 0)
    assert [entry.kind for entry in order.timeline.filter(kind__in=["authorized", "paid"])] == [
        "authorized", "paid", "paid",
    ]  # fmt: skip


def test_two_parcels_before_the_first_money(world: World) -> None:
    """They are sent in the order in which the goods left: the last one would let the rest go."""
    order = ordered(world)
    ship(order, 0)
    ship(order, 1)
    assert Capture.objects.filter(state="pending").count() == 2
    together(*[lambda: send_captures(at=now())] * 4)
    send_captures(at=now())
    assert money(order) == ("paid", "captured", order.total_minor, 0)
    assert taken(order) == order.total_minor


@pytest.mark.parametrize("point", ["orders__before_capture", "orders__after_capture", "orders__before_settle"])
def test_a_worker_that_dies_takes_nothing_twice(world: World, network: CardNetwork, point: str) -> None:
    order = ordered(world)
    ship(order, 0)
    share = Capture.objects.get().amount_minor
    assert in_child(lambda: send_captures(at=now()), **{point: "kill"}) == 137
    assert money(order)[2:] == (0, share)
    assert taken(order) == (0 if point == "orders__before_capture" else share)
    assert send_captures(at=now()) == 0  # somebody may still be at it
    assert send_captures(at=now() + captures.PAUSE) == 1
    assert money(order) == ("partly_paid", "authorized", share, 0)
    assert taken(order) == share


@pytest.mark.parametrize("kind", ["error", "error_after", "drop", "drop_after"])
def test_an_answer_that_is_lost_is_asked_for_again(world: World, network: CardNetwork, kind: str) -> None:
    order = ordered(world)
    ship(order, 0)
    share = Capture.objects.get().amount_minor
    network.control("faults", {"kind": kind, "path": "/v1/payment_intents/*/capture", "times": 2})
    assert send_captures(at=now()) == 0
    assert money(order)[2:] == (0, share)
    network.control("faults", method="DELETE")
    if kind == "error_after":  # the key keeps the 500; what was taken is heard from the payment itself
        ask_card_network(at=now() + timedelta(days=8))
    else:
        assert send_captures(at=now() + captures.PAUSE) == 1
    assert money(order) == ("partly_paid", "authorized", share, 0)
    assert taken(order) == share


def test_a_bank_that_allows_one_capture_is_asked_for_all_with_the_first_goods(world: World) -> None:
    order = ordered(world)
    payment = order.payments.get()
    Payment.objects.filter(pk=payment.pk).update(details={**payment.details, "multicapture": False})
    ship(order, 0)
    send_captures(at=now())
    assert money(order) == ("paid", "captured", order.total_minor, 0)
    ship(order, 1)
    assert (Capture.objects.count(), send_captures(at=now())) == (1, 0)
    order.refresh_from_db()
    assert order.state == "closed"


def test_no_more_can_be_asked_for_than_is_held(world: World) -> None:
    payment = ordered(world).payments.get()
    ask = action(captures.request)
    assert ask(payment, payment.authorized_minor + 1, is_final=False, at=now()) is None
    asked = together(*[lambda: ask(payment, payment.authorized_minor * 2 // 3, is_final=False, at=now())] * 4)
    assert sum(one is not None for one in asked) == 1
    with pytest.raises(IntegrityError, match="payment_capture_bounded"):
        Payment.objects.filter(pk=payment.pk).update(capture_pending_minor=payment.authorized_minor + 1)


def test_goods_that_are_gone_let_the_money_go(world: World) -> None:
    """F22: the hold lapsed while the bank thought, and somebody else was faster. Nothing was taken or goes back."""
    payment = world.draft(world.tent, 10)
    confirm(payment)
    Reservation.objects.update(expires_at=now() - timedelta(minutes=30))
    world.order(world.tent)
    order = settle_payment(payment.uid, at=now())
    assert money(order) == ("unpaid", "canceled", 0, 0)
    assert order.state == "canceled"
    assert gateway.retrieve(payment.provider_id).status == "canceled"
    assert not Posting.objects.filter(account__code="refunds_due").exists()


def confirm(payment: Payment) -> None:
    params: Any = {"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/"}
    gateway.client().v1.payment_intents.confirm(payment.provider_id, params=params)


def test_an_authorization_that_nobody_told_us_of_becomes_an_order_and_is_not_let_go(world: World) -> None:
    payment = world.draft(world.mug)
    confirm(payment)
    assert close_expired_checkouts(at=now() + timedelta(hours=1)) == 0
    order = Order.objects.get()
    assert (order.state, order.payment_status) == ("open", "authorized")


def test_an_authorization_that_ends_soon_is_a_case_and_can_be_taken_at_once(world: World) -> None:
    order = ordered(world)
    assert watch_authorizations(at=now()) == 0
    soon = now() + timedelta(days=6, hours=1)
    assert [watch_authorizations(at=soon) for _run in range(2)] == [1, 0]
    case = Case.objects.get(kind="authorization_expiring")
    assert order.number is not None
    assert order.number in case.text
    told = resolutions.run(case, "capture_now", person=None, at=now())
    assert "is taken within seconds" in told
    assert send_captures(at=now()) == 1
    assert money(order) == ("paid", "captured", order.total_minor, 0)
    case.refresh_from_db()
    assert case.status == "resolved"
    ship(order, 0)
    assert Capture.objects.count() == 1


def test_an_authorization_that_is_over_says_so(world: World) -> None:
    """The card network lets go of what nobody took in time; no webhook comes."""
    order = ordered(world)
    gateway.cancel(order.payments.get().provider_id)
    ask_card_network(at=now() + timedelta(days=8))
    assert money(order) == ("unpaid", "canceled", 0, 0)
    assert Case.objects.get(status="open").kind == "authorization_lapsed"


def test_goods_that_leave_after_the_authorization_is_over_are_a_case(world: World) -> None:
    order = ordered(world)
    gateway.cancel(order.payments.get().provider_id)
    ship(order, 0)
    send_captures(at=now())
    assert Capture.objects.get().state == "failed"
    assert money(order) == ("unpaid", "canceled", 0, 0)
    assert set(Case.objects.values_list("kind", flat=True)) == {"capture_failed", "authorization_lapsed"}


def test_a_cart_of_the_api_is_authorized_too(world: World, api: Api) -> None:
    cart = api.cart_with("TENT")
    assert api.check_out(cart).status == 200
    body = api.complete(cart).body
    assert (body["payment_status"], body["payments"][0]["captured"]["amount"]) == ("authorized", 0)
    assert api.complete(cart).body["number"] == body["number"]
    assert PaymentAttempt.objects.get().state == "succeeded"
