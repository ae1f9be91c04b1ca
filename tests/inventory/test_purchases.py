"""Purchase orders from the draft to the last delivery: costs, parts, what is beyond and what is short."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from commerce.events.models import Event
from commerce.kernel import audit
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.kernel.errors import InvalidInput, NotAllowed, NotFound
from commerce.kernel.ids import new_uid
from inventory import incoming, stock
from inventory.actions.cancel_purchase_order import cancel_purchase_order
from inventory.actions.change_purchase_order import change_purchase_order
from inventory.actions.close_purchase_order import close_purchase_order
from inventory.actions.draft_purchase_order import draft_purchase_order
from inventory.actions.place_purchase_order import place_purchase_order
from inventory.actions.receive_purchase_order import receive_purchase_order
from inventory.costs import converted
from inventory.errors import AlreadyReceived, KitHasNoStock, NothingToDo, NotNow, NotOnDocument, UnknownCode
from inventory.levels import Source
from inventory.models import KitComponent, PurchaseOrder, Receipt, StockLevel, StockMovement, SupplierItem
from inventory.quantities import parse_units, variant_by_code
from tests.factories import purchases
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.pricing import MarketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    MarketFactory()
    return LocationFactory(code="PDX-1", name="Portland")


@pytest.fixture
def northfold():
    return purchases.SupplierFactory()


@pytest.fixture
def mug(northfold):
    variant = VariantFactory(sku="MUG", barcode="4006381333931")
    purchases.item(northfold, variant, 500, sku="NF-100")
    return variant


@pytest.fixture
def tent(northfold):
    variant = VariantFactory(sku="TENT")
    purchases.item(northfold, variant, 9_000, sku="NF-200", pack=2)
    return variant


def level(variant, place):
    return StockLevel.objects.get(variant=variant, location=place)


def clean():
    return {finding.invariant.code: finding.offences for finding in audit.run() if finding.count}


def test_goods_come_in_parts_and_average_cost_follows(northfold, store, mug, tent) -> None:
    with transaction.atomic():  # what was there cost 3.00
        stock.move({(mug.pk, store.pk): 10}, kind=StockMovement.Kind.RECEIPT, at=now(),
                   source=Source("goods_receipt", new_uid()), values={(mug.pk, store.pk): 3_000})  # fmt: skip
    order = purchases.drafted(northfold, store, {mug: 10, tent: 4})
    assert (order.number, order.state, order.currency) == ("PO-000001", "draft", "USD")
    assert incoming.of([mug.pk]) == []
    place_purchase_order(order.uid, person=None, at=now())
    order.refresh_from_db()
    assert (order.state, order.expected_on) == ("ordered", (now() + timedelta(days=7)).date())
    assert [(each.quantity, each.stage) for each in incoming.of([mug.pk])] == [(10, "ordered")]
    first = purchases.receive(order, {mug: 7})
    assert (first.units, first.beyond, first.is_complete) == (7, (), False)
    assert [each.quantity for each in incoming.of([mug.pk])] == [3]
    held = level(mug, store)
    assert (held.on_hand, held.value_minor, held.unit_cost) == (17, 6_500, Decimal("382.3529"))
    last = purchases.receive(order, {mug: 3, tent: 4})
    assert last.is_complete
    order.refresh_from_db()
    assert (order.state, order.closed_at is not None) == ("received", True)
    assert level(mug, store).value_minor == 8_000
    assert (level(tent, store).on_hand, level(tent, store).value_minor) == (4, 36_000)
    assert [receipt.quantities for receipt in Receipt.objects.order_by("pk")] == [{"MUG": 7}, {"MUG": 3, "TENT": 4}]
    moved = StockMovement.objects.filter(source_type="purchase_order", source_uid=order.uid)
    assert {row.kind for row in moved} == {"receipt"}
    told = Event.objects.filter(key=str(order.uid)).order_by("pk").values_list("topic", flat=True)
    assert [topic.removeprefix("purchase_order.") for topic in told] == [
        *("drafted", "ordered", "received", "received", "closed"),
    ]
    assert clean() == {}


def test_more_than_was_ordered_is_accepted_and_said(northfold, store, mug) -> None:
    order = purchases.placed(northfold, store, {mug: 10})
    purchases.receive(order, {mug: 8})
    found = purchases.receive(order, {mug: 4})
    assert (found.beyond, found.is_complete) == ((("MUG", 2),), True)
    assert order.lines.get().received == 12
    assert incoming.of([mug.pk]) == []
    assert clean() == {}


def test_what_is_short_stays_due_until_it_is_closed(northfold, store, mug) -> None:
    order = purchases.placed(northfold, store, {mug: 10})
    purchases.receive(order, {mug: 7})
    close_purchase_order(order.uid, person=None, at=now(), reason="Not made any more.")
    order.refresh_from_db()
    assert order.state == "received"
    assert incoming.of([mug.pk]) == []
    assert Event.objects.get(topic="purchase_order.closed").payload["reason"] == "Not made any more."
    with pytest.raises(NotNow) as refused:
        purchases.receive(order, {mug: 3})
    assert str(refused.value) == (
        "PO-000001 is “Received”: it is closed. Order again, or adjust the stock by what came as received without an"
        " order."
    )
    assert level(mug, store).on_hand == 7


def test_an_order_of_which_nothing_came_is_canceled_by_closing(northfold, store, mug) -> None:
    order = purchases.placed(northfold, store, {mug: 10})
    close_purchase_order(order.uid, person=None, at=now())
    assert PurchaseOrder.objects.get().state == "canceled"


def test_one_delivery_counts_once(northfold, store, mug) -> None:
    order = purchases.placed(northfold, store, {mug: 10})
    receipt = new_uid()
    receive_purchase_order(order.uid, {mug.pk: 4}, receipt=receipt, person=None, at=now())
    with pytest.raises(AlreadyReceived) as refused:
        receive_purchase_order(order.uid, {mug.pk: 4}, receipt=receipt, person=None, at=now())
    assert str(refused.value) == (
        "This delivery of PO-000001 was booked already, once. Nothing was changed; open the page again."
    )
    assert level(mug, store).on_hand == 4
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        rows("DELETE FROM inventory_receipt")


def test_half_a_delivery_is_not_written(northfold, store, mug) -> None:
    lamp = VariantFactory(sku="LAMP")
    order = purchases.placed(northfold, store, {mug: 10})
    with pytest.raises(NotOnDocument) as refused:
        purchases.receive(order, {mug: 4, lamp: 1})
    assert str(refused.value) == (
        "LAMP is not on PO-000001. Scan it again; if it did come, adjust the stock by it as found."
    )
    for wrong in ({mug: 0}, {}):
        with pytest.raises(NothingToDo, match="PO-000001: enter at least one unit"):
            purchases.receive(order, wrong)
    with pytest.raises(InvalidInput, match="MUG: enter between 0 and 1,000,000"):
        purchases.receive(order, {mug: -1})
    assert not StockLevel.objects.exists()
    assert not Receipt.objects.exists()


def test_goods_in_another_currency_come_at_the_orders_rate(store, mug) -> None:
    delft = purchases.SupplierFactory(code="DW", name="Delft Works", currency="EUR")
    with pytest.raises(InvalidInput) as refused:
        purchases.drafted(delft, store, {mug: 3})
    assert refused.value.fields == {"rate": ["Write how many USD one EUR costs."]}
    order = draft_purchase_order(supplier=delft, location=store, units={mug.pk: 3}, rate_ppm=1_083_333, person=None,
                                 at=now())  # fmt: skip
    change_purchase_order(order.uid, {mug.pk: 3}, costs={mug.pk: 333}, person=None, at=now())
    place_purchase_order(order.uid, person=None, at=now())
    purchases.receive(order, {mug: 3})
    assert level(mug, store).value_minor == 1_082  # 9.99 euros at 1.083333: rounded once, not three times
    assert purchases.drafted(delft, store, {mug: 1}).rate_ppm == 1_083_333
    item = SupplierItem.objects.get(supplier=delft)
    assert (item.cost_minor, item.is_preferred) == (333, False)


@pytest.mark.parametrize(
    ("minor", "currency", "rate", "into", "value"),
    [
        (1_000, "USD", 1_000_000, "USD", 1_000),
        (1, "USD", 500_000, "EUR", 1),  # half a cent goes up
        (1, "USD", 499_999, "EUR", 0),
        (10_000, "JPY", 6_500, "USD", 6_500),  # ten thousand yen are 65 dollars
        (6_500, "USD", 153_846_154, "JPY", 10_000),
        (1_000, "KWD", 3_250_000, "USD", 325),
        (7, "USD", 1_000_000, None, 7),
    ],
)
def test_costs_are_converted_and_rounded_once(minor, currency, rate, into, value) -> None:
    assert converted(minor, currency, rate_ppm=rate, into=into) == value


def test_drafts_that_make_no_sense_are_refused(northfold, store, mug, tent) -> None:
    with pytest.raises(InvalidInput) as packs:
        purchases.drafted(northfold, store, {tent: 3})
    assert packs.value.fields == {"items": ["TENT comes in packs of 2: order 2 or 4."]}
    with pytest.raises(NothingToDo, match="If nothing is to be ordered, cancel it"):
        purchases.drafted(northfold, store, {})
    kit = VariantFactory(sku="SET")
    KitComponent.objects.create(kit=kit, component=mug, quantity=2)
    with pytest.raises(KitHasNoStock, match="SET is a kit"):
        purchases.drafted(northfold, store, {kit: 1})
    with pytest.raises(InvalidInput, match=r"Old Town is closed\."):
        purchases.drafted(northfold, LocationFactory(name="Old Town", is_active=False), {mug: 1})
    gone = purchases.SupplierFactory(code="OLD", name="Old Mill", is_active=False)
    with pytest.raises(InvalidInput, match="Nothing is bought from Old Mill any more"):
        purchases.drafted(gone, store, {mug: 1})
    assert not PurchaseOrder.objects.exists()


def test_goods_without_a_cost_are_not_ordered(northfold, store, mug) -> None:
    lamp, leaflet = VariantFactory(sku="LAMP"), VariantFactory(sku="LEAFLET")
    purchases.item(northfold, leaflet, 0)  # free, and known to be
    order = purchases.drafted(northfold, store, {mug: 1, lamp: 1, leaflet: 5})
    with pytest.raises(InvalidInput) as refused:
        place_purchase_order(order.uid, person=None, at=now())
    assert refused.value.fields == {"costs": ["Enter what one unit costs: LAMP."]}
    change_purchase_order(order.uid, {lamp.pk: 2}, costs={lamp.pk: 1_250}, person=None, at=now())
    place_purchase_order(order.uid, person=None, at=now())
    kept = SupplierItem.objects.get(variant=lamp)
    assert (kept.cost_minor, kept.is_preferred) == (1_250, True)
    with pytest.raises(InvalidInput, match="A cost cannot be negative"):
        change_purchase_order(order.uid, {lamp.pk: 2}, costs={lamp.pk: -1}, person=None, at=now())


def test_steps_come_in_their_order(northfold, store, mug) -> None:
    order = purchases.drafted(northfold, store, {mug: 2})
    with pytest.raises(NotNow) as early:
        purchases.receive(order, {mug: 1})
    assert str(early.value) == "PO-000001 is “Draft”: order it first."
    place_purchase_order(order.uid, person=None, at=now())
    for late in (place_purchase_order, cancel_purchase_order):
        with pytest.raises(NotNow, match="it is with the supplier"):
            late(order.uid, person=None, at=now())
    with pytest.raises(NotNow):
        change_purchase_order(order.uid, {mug.pk: 3}, person=None, at=now())
    other = purchases.drafted(northfold, store, {mug: 2})
    cancel_purchase_order(other.uid, person=None, at=now())
    with pytest.raises(NotNow, match=r"it was canceled\. Draft another order\."):
        place_purchase_order(other.uid, person=None, at=now())


def test_who_may_buy_and_who_may_unpack(northfold, store, mug) -> None:
    lead = UserFactory(username="lee", role="lead", locations=[store])
    elsewhere = UserFactory(username="aus", role="manager", locations=[LocationFactory(code="AUS-1")])
    manager = UserFactory(username="mina", role="manager", locations=[store])
    wanted = {"supplier": northfold, "location": store, "units": {mug.pk: 2}, "at": now()}
    for person in (lead, elsewhere):
        with pytest.raises(NotAllowed):
            draft_purchase_order(**wanted, person=person)
    order = draft_purchase_order(**wanted, person=manager)
    for step in (place_purchase_order, cancel_purchase_order, close_purchase_order):
        with pytest.raises(NotAllowed):
            step(order.uid, person=lead, at=now())
    place_purchase_order(order.uid, person=manager, at=now())
    with pytest.raises(NotAllowed):
        receive_purchase_order(order.uid, {mug.pk: 1}, receipt=new_uid(), person=elsewhere, at=now())
    receive_purchase_order(order.uid, {mug.pk: 1}, receipt=new_uid(), person=lead, at=now())
    assert Receipt.objects.get().received_by == lead


def test_an_order_that_does_not_exist_is_not_found() -> None:
    for step in (place_purchase_order, cancel_purchase_order, close_purchase_order):
        with pytest.raises(NotFound, match="There is no purchase order"):
            step(new_uid(), person=None, at=now())


def test_one_draft_sent_twice_is_one_order(northfold, store, mug) -> None:
    uid = new_uid()
    for _again in range(2):
        draft_purchase_order(supplier=northfold, location=store, units={mug.pk: 1}, person=None, at=now(), uid=uid)
    assert PurchaseOrder.objects.count() == 1


def test_goods_are_named_by_barcode_sku_or_the_suppliers_sku(northfold, mug, tent) -> None:
    assert variant_by_code(" 4006381333931 ") == mug
    assert variant_by_code("mug") == mug
    assert variant_by_code("nf-200", supplier=northfold) == tent
    with pytest.raises(UnknownCode) as unknown:
        variant_by_code("NF-999", supplier=northfold)
    assert str(unknown.value) == "Nothing has the code “NF-999”. Check the label, or type the SKU."
    with pytest.raises(UnknownCode):
        variant_by_code("nf-200", supplier=purchases.SupplierFactory(code="DW", name="Delft Works"))


def test_lists_are_read_line_by_line(northfold, mug, tent) -> None:
    text = "MUG 12\n4006381333931; 3\n\n TENT\tx 2 \nnf-200,4\nMUG"
    assert parse_units(text, supplier=northfold) == {mug.pk: 16, tent.pk: 6}
    with pytest.raises(InvalidInput) as refused:
        parse_units("MUG 1.5\nLAMP 2\nMUG -3\nTENT 0\nTENT 4")
    assert refused.value.fields == {
        "items": [
            "Line 1: “MUG 1.5” has no whole number of units.",
            "Line 2: nothing has the code “LAMP 2”.",
            "Line 3: “MUG -3” has no whole number of units.",
            "Line 4: “TENT 0” has no whole number of units.",
        ]
    }
    with pytest.raises(InvalidInput, match="Name at least one product"):
        parse_units("  \n")
