"""An order is canceled while a store packs it, hands it over, or cancels it, too: one of them wins."""

from collections import Counter
from functools import partial

import pytest

from commerce.kernel import failpoints
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory.models import StockLevel
from orders.actions import cancel_order as canceling
from orders.actions.cancel_order import cancel_order
from orders.actions.hand_over import hand_over
from orders.actions.prepare_pickup import prepare_pickup
from orders.models import Cancellation, Order, Refund
from tests.concurrency.test_one_effect import together
from tests.concurrency.test_refunds import outcome
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.timeout(120)]
ROUNDS = 4


@pytest.fixture
def world(transactional_db: None, card_network: Server) -> World:
    return World.make()


def cancel(world: World, order: Order, *, only_untouched: bool = False) -> None:
    facts = {"uid": new_uid(), "reason": "", "person": world.manager, "at": now()}
    cancel_order(order.pk, only_untouched=only_untouched, **facts)


def give(world: World, order: Order) -> None:
    hand_over(order.fulfillments.get().uid, person=world.manager, at=now())


def gather(world: World, order: Order) -> None:
    prepare_pickup(order.fulfillments.get().uid, person=world.manager, at=now())


def test_it_is_handed_over_or_canceled_never_both(world: World, audit_after: None) -> None:
    for _round in range(ROUNDS):
        order = world.order(world.mug, 2, pickup=True)
        calls = [partial(cancel, world, order), partial(give, world, order)]
        found = Counter(together(*[partial(outcome, call) for call in calls * 2]))
        assert found["done"] == 1, found
        assert set(found) <= {"done", "nothing_to_cancel", "illegal_move"}
        line = order.lines.get()
        assert sorted([line.fulfilled, line.canceled]) == [0, 2]
    canceled = Cancellation.objects.count()
    assert Refund.objects.filter(state="succeeded").count() == canceled
    left = StockLevel.objects.get(variant=world.mug, location=world.store)
    assert (left.on_hand, left.reserved) == (20 - 2 * (ROUNDS - canceled), 0)


def test_a_shopper_cancels_before_it_is_gathered_or_is_told_that_it_is_too_late(
    world: World, audit_after: None
) -> None:
    for _round in range(ROUNDS):
        order = world.order(world.mug, pickup=True)
        calls = [partial(cancel, world, order, only_untouched=True), partial(gather, world, order)]
        found = together(*[partial(outcome, call) for call in calls])
        assert found in (["done", "illegal_move"], ["already_under_way", "done"])
        assert order.fulfillments.get().state == ("canceled" if found[0] == "done" else "ready")


def test_eight_who_cancel_at_once_give_the_money_back_once(world: World, audit_after: None) -> None:
    order = world.order(world.mug, 2)
    calls = [partial(outcome, partial(cancel, world, order))] * 8
    assert Counter(together(*calls)) == {"done": 1, "nothing_to_cancel": 7}
    assert list(Refund.objects.values_list("amount_minor", "state")) == [(3_456, "succeeded")]


def test_without_the_orders_lock_it_leaves_and_is_canceled(world: World) -> None:
    """The negative control: nobody waits, and both are told that they have done it."""
    order = world.order(world.mug, 2, pickup=True)
    failpoints.arm(canceling.LOCK, "off")
    failpoints.arm("orders.before_cancellation", "sleep=1")
    try:
        calls = [partial(cancel, world, order), partial(give, world, order)]
        assert together(*[partial(outcome, call) for call in calls]) == ["done", "done"]
        assert (order.lines.get().fulfilled, order.fulfillments.get().state) == (2, "done")
    finally:
        failpoints.arm(canceling.LOCK, None)
        failpoints.arm("orders.before_cancellation", None)
