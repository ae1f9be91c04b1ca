"""Goods come back, at any place, whatever the channel: units, stock, money and books agree."""

from typing import Any

import pytest

from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.errors import KeyReused, NotAllowed
from commerce.kernel.ids import new_uid
from commerce.ledger.models import Posting
from inventory.models import StockLevel, StockMovement
from orders import returns
from orders.actions.accept_return import accept_return
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.models import Order, Refund, Return
from orders.return_errors import AmountsChanged, NothingToReturn, NotReturnable
from orders.returns import ReturnWish
from tests.factories.company import LocationFactory, UserFactory
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


def shipped(world: World, quantity: int = 1) -> Order:
    """Mugs that were ordered on the web and have left the warehouse."""
    order = world.order(world.mug, quantity)
    for part in order.fulfillments.all():
        ship_fulfillment(part.uid, carrier="", tracking="", person=world.manager, at=now())
    order.refresh_from_db()
    return order


def bring(world: World, order: Order, quantity: int = 1, *, at: Location | None = None, **changes: Any) -> Return:
    """The first line's units come back to the store."""
    wish = ReturnWish(order.lines.order_by("pk")[0].pk, quantity, **changes.pop("wish", {}))
    facts = {"uid": new_uid(), "channel": "pos", "person": world.manager, "at": now(), **changes}
    return accept_return(order.pk, [wish], location=at or world.store, **facts)


def balances(order: Order) -> dict[str, int]:
    """What the books say of an order's money, by account; what its goods had cost is left out."""
    uids = [
        order.uid,
        *order.payments.values_list("uid", flat=True),
        *order.fulfillments.values_list("uid", flat=True),
        *order.returns.values_list("uid", flat=True),
        *order.allowances.values_list("uid", flat=True),
        *order.refunds.values_list("uid", flat=True),
    ]
    summed: dict[str, int] = {}
    for posting in Posting.objects.filter(entry__source_uid__in=uids).select_related("account"):
        summed[posting.account.code] = summed.get(posting.account.code, 0) + posting.amount_minor
    goods = {"inventory", "cost_of_goods"}
    return {account: amount for account, amount in summed.items() if amount and account not in goods}


def level(world: World, place: Location | None = None) -> StockLevel:
    return StockLevel.objects.get(variant=world.mug, location=place or world.store)


def test_a_web_order_comes_back_to_a_store_and_is_on_its_shelf(world: World) -> None:
    order = shipped(world, 2)
    assert order.state == "closed"
    record = bring(world, order)
    assert (record.goods_minor, record.tax_minor, record.total_minor) == (1_728, 128, 1_728)
    refund = record.refunds.get()
    assert (refund.tender, refund.state, refund.amount_minor) == ("card_online", "succeeded", 1_728)
    assert refund.provider_id.startswith("re_")
    payment = order.payments.get()
    assert (payment.refunded_minor, payment.refund_pending_minor, payment.refundable_minor) == (1_728, 0, 1_728)
    order.refresh_from_db()
    assert (order.state, order.payment_status, order.lines.get().returned) == ("closed", "partly_refunded", 1)
    assert level(world).on_hand == 19  # two were sent from here
    movement = StockMovement.objects.get(kind="return")
    assert (movement.quantity, movement.source_uid, movement.actor) == (1, record.uid, world.manager)
    assert balances(order) == {"card_clearing": 1_728, "sales": -1_600, "sales_tax": -128}


def test_all_of_it_back_is_a_refunded_order_and_empty_books(world: World) -> None:
    order = shipped(world, 3)
    for quantity in (1, 2):
        bring(world, order, quantity)
    order.refresh_from_db()
    assert (order.payment_status, order.state) == ("refunded", "closed")
    assert balances(order) == {}
    with pytest.raises(NotReturnable, match="Of MUG 0 can still come back, not 1"):
        bring(world, order)


def test_cash_goes_back_from_the_drawer_of_the_place(world: World) -> None:
    order = world.sell(world.mug, 2)
    record = bring(world, order)
    refund = record.refunds.get()
    assert (refund.tender, refund.state, refund.details) == ("cash", "succeeded", {"drawer": "PDX-1"})
    assert balances(order) == {"cash": 1_728, "sales": -1_600, "sales_tax": -128}


def test_what_has_not_been_handed_over_cannot_come_back(world: World) -> None:
    order = world.order(world.mug, 2)
    with pytest.raises(NotReturnable, match="2 have not been handed over yet"):
        bring(world, order)
    assert not Return.objects.exists()


def test_nothing_is_no_return(world: World) -> None:
    order = shipped(world)
    with pytest.raises(NothingToReturn):
        accept_return(order.pk, [], uid=new_uid(), location=world.store, channel="web", person=world.manager, at=now())
    with pytest.raises(NothingToReturn):
        bring(world, order, 0)


def test_damaged_goods_are_set_aside_and_nothing_comes_back_where_nothing_did(world: World) -> None:
    order = shipped(world, 3)
    here = level(world).on_hand
    bring(world, order, wish={"disposition": "damaged", "reason": "faulty"})
    assert (level(world).on_hand, level(world).damaged) == (here, 1)
    bring(world, order, 2, wish={"disposition": "none", "reason": "damaged"})
    assert (level(world).on_hand, level(world).damaged) == (here, 1)
    order.refresh_from_db()
    assert order.payment_status == "refunded"


def test_a_place_that_never_had_it_has_it_now(world: World) -> None:
    order, elsewhere = shipped(world), LocationFactory(code="SEA-1")
    record = bring(world, order, at=elsewhere)
    assert level(world, elsewhere).on_hand == 1
    assert record.location == elsewhere


def test_the_same_return_again_is_the_first_one(world: World) -> None:
    order, uid = shipped(world, 2), new_uid()
    first = bring(world, order, uid=uid)
    again = bring(world, order, uid=uid)
    assert (again.pk, Return.objects.count(), Refund.objects.count()) == (first.pk, 1, 1)
    assert order.lines.get().returned == 1
    with pytest.raises(KeyReused):
        bring(world, order, 2, uid=uid)


def test_who_may_not_takes_nothing_back(world: World) -> None:
    order = shipped(world)
    elsewhere = UserFactory(role="associate", locations=[LocationFactory()])
    with pytest.raises(NotAllowed):
        bring(world, order, person=elsewhere)
    associate = UserFactory(role="associate", locations=[world.store])
    with pytest.raises(NotAllowed):  # by another tender than the card: not by an associate
        bring(world, order, person=associate, tender="cash")
    assert bring(world, order, person=associate).actor == associate


def test_a_card_payment_goes_back_in_cash_by_who_may(world: World) -> None:
    order = shipped(world)
    refund = bring(world, order, tender="cash").refunds.get()
    assert (refund.tender, refund.state, refund.payment.tender) == ("cash", "succeeded", "card_online")
    assert balances(order) == {"card_clearing": 1_728, "cash": -1_728}


def test_what_was_shown_is_what_is_given_back(world: World) -> None:
    order = shipped(world, 2)
    with pytest.raises(AmountsChanged, match=r"\$17.28 is to be given back, not \$17.00"):
        bring(world, order, due_minor=1_700)
    assert not Return.objects.exists()
    bring(world, order, due_minor=1_728)


def test_what_can_come_back_and_what_it_is_worth(world: World) -> None:
    order = shipped(world, 3)
    bring(world, order)
    (left,) = returns.returnable(order)
    assert (left.quantity, left.value_minor, left.serials) == (2, 3_456, [])
    due = returns.quote(order, [ReturnWish(left.line.pk, 2)])
    plan = returns.plan_for(order, due.total_minor)
    assert plan.explanation == "Give back $34.56 by Visa ending in 4242."


def test_a_return_costs_a_bounded_number_of_statements(world: World, django_assert_max_num_queries: Any) -> None:
    order = world.sell(world.mug, 3)
    line = order.lines.get()
    wishes = [ReturnWish(line.pk, 1), ReturnWish(line.pk, 1, disposition="damaged")]

    @action
    def take() -> Return:
        return returns.accept(
            order, wishes, uid=new_uid(), location=world.store, channel="pos", actor=world.manager, at=now()
        )

    with django_assert_max_num_queries(60):
        record = take()
    assert (record.total_minor, level(world).damaged) == (3_456, 1)
