"""Serial numbers follow the goods: on transfers, with deliveries, through adjustments. Refusals change nothing."""

from typing import Any

import pytest

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from inventory import audit
from inventory.actions.adjust_stock import adjust_stock
from inventory.actions.receive_purchase_order import receive_purchase_order
from inventory.actions.receive_transfer import receive_transfer
from inventory.actions.report_missing import report_missing
from inventory.actions.settle_missing import settle_missing
from inventory.actions.ship_transfer import ship_transfer
from inventory.models import PurchaseOrder, SerialUnit, StockLevel, Transfer
from tests.factories import purchases, transfers
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.stock import receive

pytestmark = pytest.mark.django_db
State = SerialUnit.State


@pytest.fixture
def store() -> Location:
    return LocationFactory(code="PDX-1", name="Pearl")


@pytest.fixture
def other() -> Location:
    return LocationFactory(code="SEA-1", name="Ballard")


@pytest.fixture
def stove(store: Location) -> Variant:
    """Three stoves in Pearl, A-1 to A-3."""
    variant = VariantFactory(sku="STOVE", tracks_serials=True)
    receive(variant, store, 3, numbers=["A-1", "A-2", "A-3"])
    return variant


@pytest.fixture(autouse=True)
def audited() -> Any:
    yield
    for invariant in audit.INVARIANTS:
        assert rows(invariant.sql) == [], invariant.code


def standing(location: Location | None, state: str = "in_stock") -> list[str]:
    found = SerialUnit.objects.filter(location=location, state=state).order_by("serial")
    return list(found.values_list("serial", flat=True))


def ship(transfer: Transfer, variant: Variant, *numbers: str, units: int | None = None) -> None:
    sent = None if units is None else {variant.pk: units}
    ship_transfer(transfer.uid, units=sent, numbers={variant.pk: numbers}, person=None, at=now())


def arrive(transfer: Transfer, variant: Variant, units: int, *numbers: str) -> None:
    given = {variant.pk: numbers}
    receive_transfer(transfer.uid, {variant.pk: units}, reception=new_uid(), numbers=given, person=None, at=now())


def test_the_units_that_are_named_go_and_arrive(stove: Variant, store: Location, other: Location) -> None:
    transfer = transfers.approved(store, other, {stove: 2})
    ship(transfer, stove, "a-1", "A-3")
    assert standing(store) == ["A-2"]
    assert sorted(SerialUnit.objects.filter(state="in_transit").values_list("serial", flat=True)) == ["A-1", "A-3"]
    arrive(transfer, stove, 1, "A-3")
    assert standing(other) == ["A-3"]
    arrive(transfer, stove, 1)  # only one can be meant
    assert standing(other) == ["A-1", "A-3"]


def test_a_shortage_leaves_on_the_way_which_ones_are_missing(stove: Variant, store: Location, other: Location) -> None:
    transfer = transfers.approved(store, other, {stove: 3})
    ship(transfer, stove)  # all there are
    arrive(transfer, stove, 1, "A-2")
    report_missing(transfer.uid, person=None, at=now())
    settle_missing(
        transfer.uid, "never_left", {stove.pk: 1}, numbers={stove.pk: ["A-1"]}, reason="On the table", person=None,
        at=now(),
    )  # fmt: skip
    assert (standing(store), standing(other)) == (["A-1"], ["A-2"])
    settle_missing(transfer.uid, "lost", None, reason="Stolen", person=None, at=now())
    assert standing(None, "gone") == ["A-3"]


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ([], "STOVE needs 2 serial numbers, 0 were given. Scan or type one for each piece."),
        (["A-1"], "STOVE needs 2 serial numbers, 1 were given. Scan or type one for each piece."),
        (["A-1", "A-2", "A-3"], "STOVE needs 2 serial numbers, 3 were given. Scan or type one for each piece."),
        (["A-1", "a-1"], "Each piece has a number of its own; this was given twice: A-1."),
        (["A-1", "X-9"], "STOVE with the serial number X-9: nobody has received it. Check the label."),
    ],
)
def test_what_cannot_be_sent_stays(
    stove: Variant, store: Location, other: Location, numbers: list[str], says: str
) -> None:
    transfer = transfers.approved(store, other, {stove: 2})
    with pytest.raises(DomainError) as refused:
        ship(transfer, stove, *numbers)
    fields = getattr(refused.value, "fields", None)
    assert (str(fields["serials"][0]) if fields else str(refused.value)) == says
    assert standing(store) == ["A-1", "A-2", "A-3"]
    assert Transfer.objects.get().state == "approved"


def test_only_what_was_sent_arrives(stove: Variant, store: Location, other: Location) -> None:
    transfer = transfers.approved(store, other, {stove: 2})
    ship(transfer, stove, "A-1", "A-2")
    for units, numbers, says in (
        (1, [], "STOVE needs 1 serial numbers, 0 were given"),
        (1, ["A-1", "A-2"], "STOVE needs 1 serial numbers, 2 were given"),
        (1, ["A-3"], "STOVE with the serial number A-3: it was not sent with this transfer. Check the label."),
    ):
        with pytest.raises(DomainError, match=says):
            arrive(transfer, stove, units, *numbers)
    assert StockLevel.objects.filter(location=other, on_hand__gt=0).count() == 0


def test_units_that_nobody_named_need_no_name(stove: Variant, store: Location, other: Location) -> None:
    receive(stove, store, 2)
    transfer = transfers.approved(store, other, {stove: 3})
    ship(transfer, stove, "A-1")
    assert standing(store) == ["A-2", "A-3"]
    arrive(transfer, stove, 2)
    assert standing(other) == []
    arrive(transfer, stove, 1)
    assert standing(other) == ["A-1"]


@pytest.fixture
def ordered(stove: Variant, store: Location) -> PurchaseOrder:
    supplier = purchases.SupplierFactory()
    purchases.item(supplier, stove, 4_000)
    return purchases.placed(supplier, store, {stove: 4})


def deliver(order: PurchaseOrder, variant: Variant, units: int, *numbers: str) -> Any:
    given = {variant.pk: numbers}
    return receive_purchase_order(
        order.uid, {variant.pk: units}, receipt=new_uid(), numbers=given, person=None, at=now()
    )


def test_a_delivery_is_named(stove: Variant, store: Location, ordered: PurchaseOrder) -> None:
    done = deliver(ordered, stove, 2, "B-1 ", "b-2")
    assert done.nameless == ()
    assert standing(store) == ["A-1", "A-2", "A-3", "B-1", "B-2"]
    assert deliver(ordered, stove, 2).nameless == (("STOVE", 2),)
    assert len(standing(store)) == 5


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        (["B-1"], "STOVE needs 2 serial numbers, 1 were given. Scan or type one for each piece."),
        (["B-1", "A-1"], "STOVE with the serial number A-1: it is in stock here."),
    ],
)
def test_a_delivery_that_does_not_fit_changes_nothing(
    stove: Variant, store: Location, ordered: PurchaseOrder, numbers: list[str], says: str
) -> None:
    with pytest.raises(DomainError) as refused:
        deliver(ordered, stove, 2, *numbers)
    assert str(refused.value) == says
    assert standing(store) == ["A-1", "A-2", "A-3"]
    assert StockLevel.objects.get().on_hand == 3


def test_what_was_struck_off_can_be_delivered_again(stove: Variant, store: Location, ordered: PurchaseOrder) -> None:
    deliver(ordered, stove, 1, "B-1")
    adjust(stove, "recount", -1, "B-1")
    deliver(ordered, stove, 1, "B-1")
    assert "B-1" in standing(store)


def adjust(variant: Variant, reason: str, change: int, *numbers: str) -> None:
    level = StockLevel.objects.get(variant=variant)
    adjust_stock(level.pk, reason=reason, change=change, numbers=numbers, person=None, at=now())


def test_damaged_repaired_and_thrown_away(stove: Variant, store: Location) -> None:
    adjust(stove, "damaged", -2, "A-1", "A-2")
    assert (standing(store), standing(store, "damaged")) == (["A-3"], ["A-1", "A-2"])
    adjust(stove, "repaired", 1, "A-2")
    adjust(stove, "disposed", -1)  # one is damaged: that one
    assert (standing(store), standing(None, "gone")) == (["A-2", "A-3"], ["A-1"])


@pytest.mark.parametrize("reason", ["lost", "expired", "internal_use", "gift"])
def test_what_leaves_is_gone_and_can_be_found(stove: Variant, store: Location, reason: str) -> None:
    adjust(stove, reason, -1, "A-2")
    assert standing(None, "gone") == ["A-2"]
    adjust(stove, "found", 2, "A-2", "A-4")
    assert standing(store) == ["A-1", "A-2", "A-3", "A-4"]


def test_a_recount_may_leave_open_which_ones(stove: Variant, store: Location) -> None:
    adjust(stove, "recount", -1)
    assert standing(store) == ["A-1", "A-2", "A-3"]  # one number too many, until somebody says which
    adjust(stove, "recount", 1)
    adjust(stove, "recount", -1, "A-3")
    assert standing(store) == ["A-1", "A-2"]


@pytest.mark.parametrize(
    ("reason", "change", "numbers", "says"),
    [
        ("lost", -1, [], "STOVE needs 1 serial numbers, 0 were given. Scan or type one for each piece."),
        ("found", 1, [], "STOVE needs 1 serial numbers, 0 were given. Scan or type one for each piece."),
        ("found", 1, ["A-1"], "STOVE with the serial number A-1: it is in stock here."),
        ("damaged", -1, ["X-1"], "STOVE with the serial number X-1: nobody has received it. Check the label."),
        ("lost", -4, [], "STOVE is not there: 3 on hand, 4 needed. Count the shelf, then adjust the stock."),
    ],
)
def test_an_adjustment_that_does_not_fit_changes_nothing(
    stove: Variant, store: Location, reason: str, change: int, numbers: list[str], says: str
) -> None:
    with pytest.raises(DomainError) as refused:
        adjust(stove, reason, change, *numbers)
    assert str(refused.value) == says
    assert standing(store) == ["A-1", "A-2", "A-3"]
    assert StockLevel.objects.get().on_hand == 3
