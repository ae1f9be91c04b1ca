"""Refunds and returns at the same moment: never more than was captured, never a unit twice."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from commerce.company.models import Location
from commerce.kernel import failpoints
from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from inventory.models import StockLevel
from orders import gateway, refunds
from orders.actions.accept_return import accept_return
from orders.actions.refund_amount import refund_amount
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.models import Order, Payment, Refund, Return
from orders.refund_plan import Part
from orders.returns import ReturnWish
from tests.concurrency.conftest import audit
from tests.concurrency.test_one_effect import together
from tests.factories.company import LocationFactory
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.timeout(300)]
TOTAL, PART = 3_456, 1_000


@pytest.fixture
def world(transactional_db: None, card_network: Server) -> World:
    return World.make()


@pytest.fixture
def order(world: World) -> Order:
    """Two mugs for $34.56, ordered on the web, shipped."""
    made = world.order(world.mug, 2)
    ship_fulfillment(made.fulfillments.get().uid, carrier="", tracking="", person=world.manager, at=now())
    return made


def outcome(call: Callable[[], Any]) -> str:
    try:
        call()
    except DomainError as refusal:
        return refusal.code
    except DatabaseError as error:
        return type(error.__cause__).__name__
    finally:
        connection.close()
    return "done"


def test_twenty_refunds_of_one_payment_never_exceed_what_was_captured(
    world: World, order: Order, audit_after: None
) -> None:
    """$10.00 each of $34.56: three get through, also at the card network."""

    def refund() -> None:
        amount = Money(PART, "USD")
        refund_amount(order.pk, amount, uid=new_uid(), reason="Late", person=world.manager, at=now())

    assert Counter(together(*[partial(outcome, refund)] * 20)) == {"done": 3, "refund_too_large": 17}
    payment = order.payments.get()
    assert (payment.refunded_minor, payment.refund_pending_minor) == (3 * PART, 0)
    listed = gateway.client().v1.refunds.list(params={"payment_intent": payment.provider_id})
    assert [row.amount for row in listed.data] == [PART] * 3


def reserve(order: Order) -> None:
    """Count a part of the payment as on its way, without the order's lock that normally makes others wait."""
    payment = Payment.objects.get(order=order)
    with transaction.atomic():
        refunds.request(
            order,
            [Part(payment.pk, "card_online", PART)],
            return_record=None,
            reason="",
            actor=None,
            approved_by=None,
            at=now(),
        )


def test_the_payment_guards_itself_where_nobody_holds_the_order(order: Order, audit_after: None) -> None:
    assert Counter(together(*[partial(outcome, partial(reserve, order))] * 20)) == {"done": 3, "refund_too_large": 17}
    assert Payment.objects.get().refund_pending_minor == 3 * PART
    for refund in Refund.objects.all():
        with transaction.atomic():
            refunds.succeed(refund, at=now(), provider_id=f"re_{refund.pk}")


def test_without_the_guard_the_database_still_says_no_and_without_both_the_money_is_gone(order: Order) -> None:
    """The negative control: first the CHECK stands alone, then nothing does, and the audit sees it."""
    failpoints.arm("orders.refund_guard", "off")
    try:
        assert Counter(together(*[partial(outcome, partial(reserve, order))] * 8)) == {"done": 3, "CheckViolation": 5}
        with without_check():
            assert Counter(together(*[partial(outcome, partial(reserve, order))] * 8)) == {"done": 8}
            assert "I15b " in audit()
            Refund.objects.all().delete()
            Payment.objects.update(refund_pending_minor=0)
    finally:
        failpoints.arm("orders.refund_guard", None)


class without_check:
    """The database without the CHECK behind the guard, for as long as the block lasts."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE orders_payment DROP CONSTRAINT payment_refund_bounded")

    def __exit__(self, *args: object) -> None:
        bounded = "refunded_minor >= 0 AND refund_pending_minor >= 0 AND"
        bounded += " refunded_minor <= captured_minor - refund_pending_minor"
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE orders_payment ADD CONSTRAINT payment_refund_bounded CHECK ({bounded})")


def take_back(world: World, order: Order, place: Location, uid: Any = None) -> None:
    wishes = [ReturnWish(order.lines.get().pk, 2)]
    accept_return(order.pk, wishes, uid=uid or new_uid(), location=place, channel="pos", person=world.manager, at=now())


def test_two_tills_take_the_same_units_back_and_the_second_is_told(
    world: World, order: Order, audit_after: None
) -> None:
    places = [world.store, LocationFactory(code="SEA-1")]
    before = sum(StockLevel.objects.filter(variant=world.mug).values_list("on_hand", flat=True))
    calls = [partial(outcome, partial(take_back, world, order, place)) for place in places * 4]
    assert Counter(together(*calls)) == {"done": 1, "not_returnable": 7}
    assert (Return.objects.count(), order.lines.get().returned) == (1, 2)
    assert sum(StockLevel.objects.filter(variant=world.mug).values_list("on_hand", flat=True)) == before + 2
    assert Payment.objects.get().refunded_minor == TOTAL


def test_one_return_that_is_sent_eight_times_is_one(world: World, order: Order, audit_after: None) -> None:
    uid = new_uid()
    calls = [partial(outcome, partial(take_back, world, order, world.store, uid))] * 8
    assert Counter(together(*calls)) == {"done": 8}
    assert (Return.objects.count(), Refund.objects.count(), Payment.objects.get().refunded_minor) == (1, 1, TOTAL)


def test_a_return_and_an_allowance_at_once_share_what_was_paid(world: World, order: Order, audit_after: None) -> None:
    def allow() -> None:
        refund_amount(order.pk, Money(TOTAL, "USD"), uid=new_uid(), reason="", person=world.manager, at=now())

    calls = [partial(outcome, partial(take_back, world, order, world.store)), partial(outcome, allow)]
    assert Counter(together(*calls)) <= Counter({"done": 2, "refund_too_large": 1})
    assert Payment.objects.get().refunded_minor == TOTAL
