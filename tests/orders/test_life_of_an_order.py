"""An order from checkout to the shopper's hands, room by room."""

from datetime import timedelta

import pytest

from commerce.cases.models import Case
from commerce.events.models import Event
from commerce.kernel.clock import now
from commerce.kernel.errors import IllegalMove, NotAllowed
from commerce.ledger.models import JournalEntry, Posting
from customers.models import Customer
from inventory.errors import NotOnHand
from inventory.models import Reservation, StockLevel, StockMovement
from orders import codes, gateway, timeline
from orders.actions.close_expired_checkouts import close_expired_checkouts
from orders.actions.hand_over import find_by_code, hand_over
from orders.actions.prepare_pickup import prepare_pickup
from orders.actions.settle_payment import settle_payment
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.errors import PickupCodeUnknown
from orders.models import Order
from tests.factories.company import LocationFactory, UserFactory
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


def balances(source: Order) -> dict[str, int]:
    """The books' view of an order: postings of its sale and of its payments, by account."""
    uids = [source.uid, *source.payments.values_list("uid", flat=True)]
    summed: dict[str, int] = {}
    for posting in Posting.objects.filter(entry__source_uid__in=uids).select_related("account"):
        summed[posting.account.code] = summed.get(posting.account.code, 0) + posting.amount_minor
    return {account: amount for account, amount in summed.items() if amount}


def test_a_web_order_promises_units_and_is_in_the_books(world: World) -> None:
    order = world.order(world.mug, 2)
    assert (order.state, order.payment_status, order.fulfillment_status) == ("open", "paid", "unfulfilled")
    assert (order.subtotal_minor, order.tax_minor, order.total_minor) == (3200, 256, 3456)
    assert Customer.objects.get().orders.get() == order
    reservation = Reservation.objects.get()
    assert (reservation.state, reservation.quantity, reservation.expires_at) == ("allocated", 2, None)
    level = reservation.level
    assert (level.on_hand, level.reserved) == (20, 2)
    assert balances(order) == {"card_clearing": 3456, "undelivered": -3200, "sales_tax": -256}
    assert [timeline.words(entry) for entry in order.timeline.all()] == [
        f"Order placed as {order.number}.",
        "$34.56 paid: Card.",
    ]
    assert set(Event.objects.values_list("topic", flat=True)) >= {"order.placed", "tasks.changed", "stock.changed"}


def test_a_parcel_leaves_and_the_order_is_closed(world: World) -> None:
    order = world.order(world.mug, 2)
    fulfillment = order.fulfillments.get()
    ship_fulfillment(fulfillment.uid, carrier="PostNL", tracking="3SABC", person=world.manager, at=now())
    order.refresh_from_db()
    assert (order.state, order.fulfillment_status) == ("closed", "fulfilled")
    movement = StockMovement.objects.get(kind="fulfillment")
    assert (movement.quantity, movement.balance_after, movement.actor) == (-2, 18, world.manager)
    with pytest.raises(IllegalMove):
        ship_fulfillment(fulfillment.uid, carrier="", tracking="", person=world.manager, at=now())
    assert StockMovement.objects.filter(kind="fulfillment").count() == 1


def test_a_pickup_once_around(world: World) -> None:
    order = world.order(world.mug, pickup=True)
    fulfillment = order.fulfillments.get()
    code = codes.pickup_code(fulfillment.uid)
    assert find_by_code(code.lower(), world.store) == fulfillment
    prepare_pickup(fulfillment.uid, person=world.manager, at=now())
    hand_over(fulfillment.uid, person=world.manager, at=now())
    order.refresh_from_db()
    assert (order.state, order.fulfillment_status) == ("closed", "fulfilled")
    with pytest.raises(PickupCodeUnknown):  # collected: the code is worth nothing any more
        find_by_code(code, world.store)


def test_a_code_opens_nothing_at_another_store(world: World) -> None:
    order = world.order(world.mug, pickup=True)
    code = codes.pickup_code(order.fulfillments.get().uid)
    with pytest.raises(PickupCodeUnknown):
        find_by_code(code, LocationFactory())
    with pytest.raises(PickupCodeUnknown):
        find_by_code("P-AAAAA-AAAAA", world.store)


def test_who_may_not_hands_nothing_over(world: World) -> None:
    fulfillment = world.order(world.mug, pickup=True).fulfillments.get()
    elsewhere = UserFactory(role="associate", locations=[LocationFactory()])
    with pytest.raises(NotAllowed):
        prepare_pickup(fulfillment.uid, person=elsewhere, at=now())
    with pytest.raises(NotAllowed):
        hand_over(fulfillment.uid, person=UserFactory(role="office"), at=now())
    fulfillment.refresh_from_db()
    assert fulfillment.state == "pending"


def test_goods_that_are_not_on_the_shelf_are_not_handed_over(world: World) -> None:
    order = world.order(world.tent, 5, pickup=True)
    world.sell(world.tent, 2)
    with pytest.raises(NotOnHand, match="3 on hand, 5 needed"):
        hand_over(order.fulfillments.get().uid, person=world.manager, at=now())
    case = Case.objects.get()
    assert (case.kind, case.owner_role, case.context["orders"]) == ("oversell", "manager", [order.number])
    assert case.subject == "TENT at PDX-1"


def test_a_till_sale_takes_from_unpaid_checkouts_before_it_breaks_a_promise(world: World) -> None:
    paid = world.order(world.tent, 2, pickup=True)
    unpaid = world.draft(world.tent, 3, pickup=True)
    world.sell(world.tent, 3)
    level = StockLevel.objects.get(variant=world.tent, location=world.store)
    assert (level.on_hand, level.reserved, level.oversold) == (2, 2, False)
    assert Reservation.objects.get(source_uid=paid.uid).state == "allocated"
    assert Reservation.objects.get(source_uid=unpaid.order.uid).state == "released"
    assert Case.objects.count() == 0


def test_a_split_order_leaves_from_two_places(world: World) -> None:
    order = world.order(world.tent, 8)
    parts = {part.location.code: part.lines.get().quantity for part in order.fulfillments.all()}
    assert sorted(parts.values()) == [3, 5]
    assert set(parts) == {"PDX-1", "WH-1"}


def test_a_checkout_that_nobody_finishes_is_given_up(world: World) -> None:
    payment = world.draft(world.tent, 2)
    order = payment.order
    assert close_expired_checkouts(at=now() + timedelta(minutes=20)) == 0  # a payment may still be on its way
    assert close_expired_checkouts(at=now() + timedelta(minutes=40)) == 1
    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.state, payment.state) == ("canceled", "canceled")
    assert gateway.retrieve(payment.provider_id).status == "canceled"
    assert set(StockLevel.objects.values_list("reserved", flat=True)) == {0}


def test_a_checkout_that_was_paid_behind_our_back_is_placed_not_given_up(world: World) -> None:
    payment = world.draft(world.tent, 2)
    gateway.client().v1.payment_intents.confirm(
        payment.provider_id, params={"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/"}
    )
    assert close_expired_checkouts(at=now() + timedelta(minutes=40)) == 0
    payment.order.refresh_from_db()
    assert (payment.order.state, payment.order.payment_status) == ("open", "paid")


def test_settling_again_changes_nothing(world: World) -> None:
    order = world.order(world.mug)
    entries = JournalEntry.objects.count()
    for _n in range(3):
        assert settle_payment(order.payments.get().uid, at=now()).number == order.number
    assert JournalEntry.objects.count() == entries


def test_a_shift_from_float_to_count(world: World) -> None:
    shift = world.open_shift(float_minor=10_000)
    world.sell(world.mug, 2, shift=shift)
    closed = world.close_shift(shift, counted_minor=13_000)
    assert (closed.expected_minor, closed.counted_minor) == (13_456, 13_000)
    postings = {row.account.code: row.amount_minor for row in Posting.objects.filter(entry__source_uid=shift.uid)}
    assert postings == {"cash": -456, "cash_over_short": 456}
