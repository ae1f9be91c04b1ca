"""Adjusting by hand: what each reason does to the shelf, to the damaged units, to their worth, and to promises."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from commerce.cases.models import Case
from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.db import action, rows
from commerce.kernel.errors import InvalidInput, NotAllowed, NotFound
from commerce.kernel.ids import new_uid
from inventory import audit, reservations, stock
from inventory.actions.adjust_stock import adjust_stock
from inventory.adjustments import REASONS
from inventory.errors import NotOnHand
from inventory.levels import Demand, Source
from inventory.models import Reservation, StockAdjustment, StockLevel, StockMovement
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
GONE = "Units that are gone take a minus. Units that came in have another reason."
CAME = "Units that came in take no minus. Units that are gone have another reason."


@pytest.fixture
def store() -> Location:
    return LocationFactory(code="PDX-1")


@pytest.fixture
def mug(store: Location) -> Variant:
    """Ten mugs of 4.00 each."""
    variant = VariantFactory(sku="MUG")
    receive(variant, store, 10, 4_000)
    return variant


@action
def receive(variant: Variant, store: Location, units: int, worth: int) -> None:
    pair = (variant.pk, store.pk)
    source = Source("goods_receipt", new_uid())
    stock.move({pair: units}, kind=StockMovement.Kind.RECEIPT, source=source, at=AT, values={pair: worth})


@action
def promise(variant: Variant, store: Location, units: int, *, until: datetime | None = None) -> Reservation:
    source = Source("order", new_uid())
    return reservations.reserve([Demand(variant.pk, store.pk, units)], until=until, source=source, at=AT)[0]


def level_of(variant: Variant) -> StockLevel:
    return StockLevel.objects.get(variant=variant)


def standing(variant: Variant) -> tuple[int, int, int]:
    level = level_of(variant)
    return level.on_hand, level.damaged, level.value_minor


def adjust(variant: Variant, reason: str, change: int | None = None, **more: object) -> object:
    return adjust_stock(level_of(variant).pk, reason=reason, change=change, person=None, at=AT, **more)


@pytest.mark.parametrize(
    ("reason", "change", "on_hand", "damaged", "worth"),
    [
        ("recount", -3, 7, 2, 3_500 - 1_000),
        ("recount", 3, 13, 2, 4_000),
        ("damaged", -3, 5, 5, 2_000),
        ("repaired", 2, 10, 0, 4_000),
        ("disposed", -2, 8, 0, 3_200),
        ("lost", -1, 7, 2, 2_800),
        ("expired", -8, 0, 2, 0),
        ("internal_use", -1, 7, 2, 2_800),
        ("gift", -2, 6, 2, 2_400),
        ("found", 4, 12, 2, 4_800),
        ("received", 1, 9, 2, 3_600),
    ],
)
def test_each_reason_does_what_it_says(
    reason: str, change: int, on_hand: int, damaged: int, worth: int, mug: Variant
) -> None:
    adjust(mug, "damaged", -2)
    before = standing(mug)
    assert before == (8, 2, 3_200)
    uid = adjust(mug, reason, change, note=" Shelf 4 ")
    after = level_of(mug)
    if reason == "recount":  # eight at 4.00 each
        on_hand, worth = 8 + change, 400 * (8 + change)
    assert (after.on_hand, after.damaged, after.value_minor) == (on_hand, damaged, worth)
    movement = StockMovement.objects.get(source_uid=uid)
    assert (movement.kind, movement.quantity, movement.damaged, movement.value_minor) == (
        "adjustment", on_hand - 8, damaged - 2, worth - 3_200,
    )  # fmt: skip
    document = StockAdjustment.objects.get(uid=uid)
    assert (document.reason, document.note, document.level_id) == (reason, "Shelf 4", after.pk)


def test_every_reason_is_tried_above() -> None:
    tried = test_each_reason_does_what_it_says.pytestmark[0].args[1]
    assert {case[0] for case in tried} == set(REASONS)


def test_counting_damaged_units_off_the_shelf(mug: Variant) -> None:
    adjust(mug, "damaged", counted=6)
    assert standing(mug) == (6, 4, 2_400)


@pytest.mark.parametrize(
    ("reason", "given", "field", "says"),
    [
        ("stolen", {"change": -1}, "reason", "Choose why the stock changes."),
        ("lost", {"change": 1}, "change", GONE),
        ("found", {"change": -1}, "change", CAME),
        ("damaged", {"counted": 12}, "change", GONE),
        ("repaired", {"change": 1}, "change", "Only 0 damaged units are here. Check the quantity."),
        ("disposed", {"change": -1}, "change", "Only 0 damaged units are here. Check the quantity."),
        ("disposed", {"counted": 1}, "counted", "Say how many damaged units are gone, not what is on the shelf."),
        ("recount", {"change": 0}, "change", "That is what the books say already."),
        ("recount", {"counted": 10}, "counted", "That is what the books say already."),
        ("recount", {}, "change", "Give either the change or what you counted, not both."),
        ("recount", {"counted": 1_000_001}, "counted", "Count between 0 and 1,000,000."),
        ("found", {"change": 1_000_001}, "change", "Change at most 1,000,000 units at once."),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    reason: str, given: dict[str, int], field: str, says: str, mug: Variant
) -> None:
    with pytest.raises(InvalidInput) as refused:
        adjust(mug, reason, given.get("change"), counted=given.get("counted"))
    assert refused.value.fields == {field: [says]}
    assert standing(mug) == (10, 0, 4_000)
    assert not StockAdjustment.objects.exists()


def test_more_than_is_there_cannot_go(mug: Variant) -> None:
    with pytest.raises(NotOnHand, match="MUG is not there: 10 on hand, 11 needed"):
        adjust(mug, "lost", -11)
    assert not StockAdjustment.objects.exists()


def test_a_promise_that_is_broken_becomes_a_case(mug: Variant, store: Location) -> None:
    """What only a checkout holds gives way first; what an order was promised is reported."""
    promised = promise(mug, store, 7)
    held = promise(mug, store, 2, until=AT.replace(hour=16))
    uid = adjust(mug, "damaged", -4)
    held.refresh_from_db()
    assert held.state == "released"
    case = Case.objects.get()
    assert (case.kind, case.subject, case.status) == ("oversell", "MUG at PDX-1", "open")
    assert case.text == "An adjustment took MUG. Missing for orders: 1."
    assert case.context == {
        "sku": "MUG", "missing": 1, "orders": [str(promised.source_uid)], "adjustment": str(uid),
        "level": level_of(mug).pk,
    }  # fmt: skip
    assert [rule.says for rule in audit.INVARIANTS if rows(rule.sql)] == []


def test_who_may_not_and_what_is_not_there(mug: Variant) -> None:
    with pytest.raises(NotFound):
        adjust_stock(0, reason="found", change=1, person=None, at=AT)
    elsewhere = UserFactory(role="manager", locations=[LocationFactory()])
    with pytest.raises(NotAllowed):
        adjust_stock(level_of(mug).pk, reason="found", change=1, person=elsewhere, at=AT)


def test_the_document_stays_as_it_was_written(mug: Variant) -> None:
    adjust(mug, "found", 1)
    for change in ("UPDATE inventory_stockadjustment SET reason = 'gift'", "DELETE FROM inventory_stockadjustment"):
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            rows(change)
