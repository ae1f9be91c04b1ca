"""Transfers from the request to the last unit: stock at every step, and every refusal with nothing half-written."""

from datetime import timedelta

import pytest
from django.db import transaction

from commerce.company import locations
from commerce.company.models import Location
from commerce.events.models import Event
from commerce.kernel import audit
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput, KeyReused, NotAllowed, NotFound
from commerce.kernel.ids import new_uid
from inventory import stock
from inventory.actions.approve_transfer import approve_transfer
from inventory.actions.cancel_transfer import cancel_transfer
from inventory.actions.change_transfer import change_transfer
from inventory.actions.receive_transfer import receive_transfer
from inventory.actions.request_transfer import request_transfer
from inventory.actions.ship_transfer import ship_transfer
from inventory.errors import (
    AlreadyReceived,
    KitHasNoStock,
    MoreThanAllowed,
    MoreThanOnTheWay,
    NotEnoughToSend,
    NothingToDo,
    NotNow,
    NotOnDocument,
    NotOnHand,
)
from inventory.levels import Source
from inventory.models import KitComponent, Reservation, StockLevel, StockMovement, Transfer
from tests.factories import transfers
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory

pytestmark = pytest.mark.django_db

MORE = " Receive what is on the way; if there really are more, adjust the stock by them as found."


class Goods:
    """Two products at a warehouse, at a known cost, and a store that wants them."""

    def __init__(self):
        self.warehouse = LocationFactory(code="WH-1", name="Sparks", warehouse=True)
        self.store = LocationFactory(code="PDX-1", name="Portland")
        self.mug, self.tent = VariantFactory(sku="MUG"), VariantFactory(sku="TENT")
        self.put(self.mug, 10, 5_003)
        self.put(self.tent, 3, 9_000)

    def put(self, variant, units, value):
        pair = (variant.pk, self.warehouse.pk)
        with transaction.atomic():
            stock.move({pair: units}, kind=StockMovement.Kind.RECEIPT, source=Source("goods_receipt", new_uid()),
                       at=now(), values={pair: value})  # fmt: skip

    def at(self, variant, place):
        """On hand, reserved and value."""
        found = StockLevel.objects.filter(variant=variant, location=place).values_list(
            "on_hand", "reserved", "value_minor"
        )
        return found.first() or (0, 0, 0)

    @property
    def transit(self):
        return Location.objects.get(kind="transit")


@pytest.fixture
def goods(db):
    return Goods()


def clean():
    return {finding.invariant.code: finding.offences for finding in audit.run() if finding.count}


def test_goods_go_from_shelf_to_shelf_with_their_value(goods) -> None:
    transfer = transfers.requested(goods.warehouse, goods.store, {goods.mug: 7, goods.tent: 2})
    assert (transfer.number, transfer.state) == ("T-000001", "requested")
    assert goods.at(goods.mug, goods.warehouse) == (10, 0, 5_003)
    approve_transfer(transfer.uid, person=None, at=now())
    assert goods.at(goods.mug, goods.warehouse) == (10, 7, 5_003)
    held = Reservation.objects.filter(source_type="transfer", source_uid=transfer.uid)
    assert {(row.state, row.quantity) for row in held} == {("allocated", 7), ("allocated", 2)}
    ship_transfer(transfer.uid, person=None, at=now())
    assert goods.at(goods.mug, goods.warehouse) == (3, 0, 1_501)
    assert goods.at(goods.mug, goods.transit) == (7, 0, 3_502)
    assert not goods.transit.is_active
    transfers.receive(transfer, {goods.mug: 4})
    assert goods.at(goods.mug, goods.store) == (4, 0, 2_001)
    assert Transfer.objects.get().state == "shipped"
    done = transfers.receive(transfer, {goods.mug: 3, goods.tent: 2})
    assert (done.state, done.closed_at is not None) == ("received", True)
    assert goods.at(goods.mug, goods.store) == (7, 0, 3_502)
    assert goods.at(goods.mug, goods.transit) == (0, 0, 0)
    assert goods.at(goods.tent, goods.store) == (2, 0, 6_000)
    moved = StockMovement.objects.filter(source_type="transfer", source_uid=transfer.uid)
    assert {row.kind for row in moved} == {"transfer"}
    assert sum(row.value_minor for row in moved) == 0
    told = list(Event.objects.filter(key=str(transfer.uid)).order_by("pk").values_list("topic", flat=True))
    assert told == [
        *("transfer.requested", "transfer.approved", "transfer.shipped"),
        *("transfer.received", "transfer.received", "transfer.closed"),
    ]
    assert clean() == {}


def test_less_is_approved_and_less_is_shipped(goods) -> None:
    transfer = transfers.requested(goods.warehouse, goods.store, {goods.mug: 9, goods.tent: 3})
    approve_transfer(transfer.uid, units={goods.mug.pk: 6}, person=None, at=now())
    assert goods.at(goods.mug, goods.warehouse)[:2] == (10, 6)
    ship_transfer(transfer.uid, units={goods.mug.pk: 4, goods.tent.pk: 0}, person=None, at=now())
    assert goods.at(goods.mug, goods.warehouse)[:2] == (6, 0)
    assert goods.at(goods.tent, goods.warehouse)[:2] == (3, 0)
    assert goods.at(goods.mug, goods.transit)[:2] == (4, 0)
    ends = Reservation.objects.filter(source_uid=transfer.uid).order_by("state", "quantity")
    assert [(row.state, row.quantity) for row in ends] == [("consumed", 4), ("released", 2), ("released", 3)]
    assert transfers.receive(transfer, {goods.mug: 4}).state == "received"
    assert clean() == {}


def test_approving_takes_all_or_nothing_and_names_what_is_missing(goods) -> None:
    StockLevel.objects.filter(variant=goods.mug).update(safety=2)
    transfer = transfers.requested(goods.warehouse, goods.store, {goods.mug: 9, goods.tent: 4})
    with pytest.raises(NotEnoughToSend) as refused:
        approve_transfer(transfer.uid, person=None, at=now())
    assert str(refused.value) == (
        "Sparks has too few to send: MUG (9 wanted, 8 free), TENT (4 wanted, 3 free)."
        " Approve less, or ask another location."
    )
    missing = {"sku": "TENT", "requested": 4, "available": 3, "unit": "each", "scale": 1}
    assert refused.value.context["items"][1] == missing
    assert Transfer.objects.get().state == "requested"
    assert not Reservation.objects.exists()
    approve_transfer(transfer.uid, units={goods.mug.pk: 8, goods.tent.pk: 3}, person=None, at=now())


def test_what_may_be_backordered_cannot_be_sent(goods) -> None:
    StockLevel.objects.filter(variant=goods.tent).update(policy="backorder", backorder_limit=10)
    transfer = transfers.requested(goods.warehouse, goods.store, {goods.tent: 4})
    with pytest.raises(NotEnoughToSend, match=r"TENT \(4 wanted, 3 free\)"):
        approve_transfer(transfer.uid, person=None, at=now())


def test_units_that_vanished_before_the_van_came_are_refused(goods) -> None:
    transfer = transfers.approved(goods.warehouse, goods.store, {goods.tent: 3})
    with transaction.atomic():
        stock.move({(goods.tent.pk, goods.warehouse.pk): -2}, kind=StockMovement.Kind.ADJUSTMENT,
                   source=Source("adjustment", new_uid()), at=now())  # fmt: skip
    with pytest.raises(NotOnHand) as refused:
        ship_transfer(transfer.uid, person=None, at=now())
    assert str(refused.value) == "TENT is not there: 1 on hand, 3 needed. Count the shelf, then adjust the stock."
    assert goods.at(goods.tent, goods.warehouse)[:2] == (1, 3)
    ship_transfer(transfer.uid, units={goods.tent.pk: 1}, person=None, at=now())
    assert goods.at(goods.tent, goods.warehouse)[:2] == (0, 0)


@pytest.mark.parametrize(
    ("units", "error", "says"),
    [
        (8, MoreThanOnTheWay, "T-000001 has 7 of MUG on the way, not 8." + MORE),
        (0, NothingToDo, "T-000001: enter at least one unit. Scan the goods, or type how many there are."),
        (-1, MoreThanOnTheWay, "T-000001 has 7 of MUG on the way, not -1." + MORE),
    ],
)
def test_no_more_arrives_than_is_on_the_way(goods, units, error, says) -> None:
    transfer = transfers.shipped(goods.warehouse, goods.store, {goods.mug: 7, goods.tent: 1})
    with pytest.raises(error) as refused:
        receive_transfer(transfer.uid, {goods.mug.pk: units}, reception=new_uid(), person=None, at=now())
    assert str(refused.value) == says
    assert goods.at(goods.mug, goods.transit)[:2] == (7, 0)
    assert goods.at(goods.mug, goods.store) == (0, 0, 0)
    assert clean() == {}


def test_half_a_reception_is_not_written(goods) -> None:
    transfer = transfers.shipped(goods.warehouse, goods.store, {goods.mug: 7, goods.tent: 1})
    reception = new_uid()
    with pytest.raises(MoreThanOnTheWay):
        receive_transfer(transfer.uid, {goods.mug.pk: 7, goods.tent.pk: 2}, reception=reception, person=None, at=now())
    assert goods.at(goods.mug, goods.transit)[:2] == (7, 0)
    receive_transfer(transfer.uid, {goods.mug.pk: 7, goods.tent.pk: 1}, reception=reception, person=None, at=now())
    assert Transfer.objects.get().state == "received"


def test_one_reception_counts_once(goods) -> None:
    transfer = transfers.shipped(goods.warehouse, goods.store, {goods.mug: 7})
    reception = new_uid()
    receive_transfer(transfer.uid, {goods.mug.pk: 3}, reception=reception, person=None, at=now())
    with pytest.raises(AlreadyReceived) as refused:
        receive_transfer(transfer.uid, {goods.mug.pk: 3}, reception=reception, person=None, at=now())
    assert str(refused.value) == (
        "This delivery of T-000001 was booked already, once. Nothing was changed; open the page again."
    )
    with pytest.raises(KeyReused):
        receive_transfer(transfer.uid, {goods.mug.pk: 4}, reception=reception, person=None, at=now())
    assert goods.at(goods.mug, goods.store)[:2] == (3, 0)


def test_a_transfer_received_twice_is_refused(goods) -> None:
    transfer = transfers.shipped(goods.warehouse, goods.store, {goods.mug: 7})
    transfers.receive(transfer, {goods.mug: 7})
    with pytest.raises(NotNow) as refused:
        transfers.receive(transfer, {goods.mug: 7})
    assert str(refused.value) == ("T-000001 is “Received”: nothing is on the way any more. Request another transfer.")
    assert goods.at(goods.mug, goods.store)[:2] == (7, 0)


def test_what_is_not_on_it_is_refused_by_name(goods) -> None:
    lamp = VariantFactory(sku="LAMP")
    transfer = transfers.requested(goods.warehouse, goods.store, {goods.mug: 7})
    says = "LAMP is not on T-000001. Scan it again; if it did come, adjust the stock by it as found."
    with pytest.raises(NotOnDocument) as refused:
        approve_transfer(transfer.uid, units={lamp.pk: 1}, person=None, at=now())
    assert str(refused.value) == says
    approve_transfer(transfer.uid, person=None, at=now())
    ship_transfer(transfer.uid, person=None, at=now())
    with pytest.raises(NotOnDocument, match="LAMP is not on T-000001"):
        transfers.receive(transfer, {lamp: 1})


def test_no_more_is_sent_than_was_asked_for(goods) -> None:
    transfer = transfers.requested(goods.warehouse, goods.store, {goods.mug: 4})
    with pytest.raises(MoreThanAllowed) as refused:
        approve_transfer(transfer.uid, units={goods.mug.pk: 5}, person=None, at=now())
    assert str(refused.value) == ("At most 4 of MUG can be sent with T-000001, not 5: no more were requested.")
    approve_transfer(transfer.uid, units={goods.mug.pk: 3}, person=None, at=now())
    with pytest.raises(MoreThanAllowed, match=r"At most 3 of MUG .* not 4: no more were approved"):
        ship_transfer(transfer.uid, units={goods.mug.pk: 4}, person=None, at=now())
    with pytest.raises(NothingToDo, match="If nothing is to be sent at all, cancel it"):
        ship_transfer(transfer.uid, units={goods.mug.pk: 0}, person=None, at=now())
    assert goods.at(goods.mug, goods.warehouse)[:2] == (10, 3)


def test_steps_come_in_their_order(goods) -> None:
    transfer = transfers.requested(goods.warehouse, goods.store, {goods.mug: 4})
    with pytest.raises(NotNow) as early:
        ship_transfer(transfer.uid, person=None, at=now())
    assert str(early.value) == "T-000001 is “Requested”: approve it first."
    with pytest.raises(NotNow, match="approve it first"):
        transfers.receive(transfer, {goods.mug: 1})
    approve_transfer(transfer.uid, person=None, at=now())
    with pytest.raises(NotNow, match="ship it first"):
        transfers.receive(transfer, {goods.mug: 1})
    with pytest.raises(NotNow, match="ship it first"):
        approve_transfer(transfer.uid, person=None, at=now())
    ship_transfer(transfer.uid, person=None, at=now())
    with pytest.raises(NotNow, match="the goods have left"):
        cancel_transfer(transfer.uid, person=None, at=now())
    with pytest.raises(NotNow, match="the goods have left"):
        change_transfer(transfer.uid, {goods.mug.pk: 1}, person=None, at=now())


@pytest.mark.parametrize("make", [transfers.requested, transfers.approved])
def test_canceling_frees_what_was_set_aside(goods, make) -> None:
    transfer = make(goods.warehouse, goods.store, {goods.mug: 4})
    cancel_transfer(transfer.uid, person=None, at=now())
    assert goods.at(goods.mug, goods.warehouse)[:2] == (10, 0)
    assert Transfer.objects.get().state == "canceled"
    with pytest.raises(NotNow) as refused:
        approve_transfer(transfer.uid, person=None, at=now())
    assert str(refused.value) == "T-000001 is “Canceled”: nothing was sent. Request another transfer."
    assert clean() == {}


def test_what_is_wanted_can_be_changed_until_it_is_approved(goods) -> None:
    transfer = transfers.requested(goods.warehouse, goods.store, {goods.mug: 4})
    change_transfer(transfer.uid, {goods.mug.pk: 0, goods.tent.pk: 2}, person=None, at=now())
    assert list(transfer.lines.values_list("variant__sku", "requested")) == [("TENT", 2)]
    with pytest.raises(NothingToDo, match="If nothing is wanted any more, cancel it"):
        change_transfer(transfer.uid, {goods.tent.pk: 0}, person=None, at=now())
    with pytest.raises(InvalidInput, match="TENT: enter between 0 and 1,000,000"):
        change_transfer(transfer.uid, {goods.tent.pk: -2}, person=None, at=now())


def test_requests_that_make_no_sense_are_refused(goods) -> None:
    closed = LocationFactory(code="OLD", name="Old Town", is_active=False)
    wanted = {goods.mug.pk: 1}

    def ask(**changes):
        request_transfer(**{"source": goods.warehouse, "destination": goods.store, "units": wanted, "person": None,
                            "at": now(), **changes})  # fmt: skip

    with pytest.raises(InvalidInput, match="Choose another location than the one that sends"):
        ask(destination=goods.warehouse)
    with pytest.raises(InvalidInput, match=r"Old Town is closed\. Choose another one"):
        ask(source=closed)
    with pytest.raises(InvalidInput, match="This day is over"):
        ask(expected_on=(now() - timedelta(days=2)).date())
    with pytest.raises(NothingToDo):
        ask(units={})
    kit = VariantFactory(sku="SET")
    KitComponent.objects.create(kit=kit, component=goods.mug, quantity=2)
    with pytest.raises(KitHasNoStock, match="SET is a kit"):
        ask(units={kit.pk: 1})
    assert not Transfer.objects.exists()
    assert transfers.requested(goods.warehouse, goods.store, {goods.mug: 1}).number == "T-000001"


def test_one_request_sent_twice_is_one_transfer(goods) -> None:
    uid = new_uid()
    made = [
        request_transfer(source=goods.warehouse, destination=goods.store, units={goods.mug.pk: 1}, person=None,
                         at=now(), uid=uid)
        for _again in range(2)
    ]  # fmt: skip
    assert made[0] == made[1]
    assert Transfer.objects.count() == 1


def test_each_end_does_its_part(goods) -> None:
    sender = UserFactory(username="sparks", role="manager", locations=[goods.warehouse])
    receiver = UserFactory(username="portland", role="lead", locations=[goods.store])
    other = UserFactory(username="austin", role="manager", locations=[LocationFactory(code="AUS-1")])
    wanted = {"source": goods.warehouse, "destination": goods.store, "units": {goods.mug.pk: 2}, "at": now()}
    with pytest.raises(NotAllowed):
        request_transfer(**wanted, person=other)
    transfer = request_transfer(**wanted, person=receiver)
    assert transfer.requested_by == receiver
    with pytest.raises(NotAllowed):
        approve_transfer(transfer.uid, person=receiver, at=now())
    approve_transfer(transfer.uid, person=sender, at=now())
    with pytest.raises(NotAllowed):
        ship_transfer(transfer.uid, person=receiver, at=now())
    ship_transfer(transfer.uid, person=sender, at=now())
    for person in (sender, other):
        with pytest.raises(NotAllowed):
            receive_transfer(transfer.uid, {goods.mug.pk: 2}, reception=new_uid(), person=person, at=now())
    receive_transfer(transfer.uid, {goods.mug.pk: 2}, reception=new_uid(), person=receiver, at=now())
    moved = StockMovement.objects.filter(source_uid=transfer.uid)
    assert {row.actor for row in moved} == {sender, receiver}
    with pytest.raises(NotAllowed):
        cancel_transfer(transfer.uid, person=other, at=now())


def test_a_transfer_that_does_not_exist_is_not_found(goods) -> None:
    for ask in (approve_transfer, ship_transfer, cancel_transfer):
        with pytest.raises(NotFound, match="There is no transfer"):
            ask(new_uid(), person=None, at=now())
    with pytest.raises(NotFound, match="There is no transfer"):
        receive_transfer(new_uid(), {}, reception=new_uid(), person=None, at=now())


def test_the_place_of_goods_on_their_way_is_made_once(goods) -> None:
    LocationFactory(code="IN-TRANSIT", name="Bar In-Transit")  # somebody's store
    with transaction.atomic():
        found = [locations.in_transit() for _again in range(2)]
    assert found[0] == found[1]
    assert (found[0].kind, found[0].code, found[0].is_active) == ("transit", "IN-TRANSIT-1", False)
