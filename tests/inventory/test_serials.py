"""Numbers of single units: one place at a time, sold at most once while not returned, each step with its refusals."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.db import action, rows
from commerce.kernel.errors import InvalidInput, NotAllowed
from commerce.kernel.ids import new_uid
from inventory import audit, numbered, serials
from inventory.actions.name_serials import name_serials
from inventory.actions.set_components import set_components
from inventory.errors import SerialNotHere, SerialsDoNotMatch, TooManySerials
from inventory.levels import Source
from inventory.models import SerialMove, SerialUnit, StockLevel
from inventory.serials import Clash
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.stock import receive

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
State = SerialUnit.State


@pytest.fixture
def store() -> Location:
    return LocationFactory(code="PDX-1", name="Pearl")


@pytest.fixture
def other() -> Location:
    return LocationFactory(code="SEA-1", name="Ballard")


@pytest.fixture
def stove(store: Location) -> Variant:
    """Two stoves, A-1 and A-2."""
    variant = VariantFactory(sku="STOVE", tracks_serials=True)
    receive(variant, store, 2)
    do(serials.receive, {variant.pk: ["a-1 ", " A-2"]}, store.pk)
    return variant


@action
def do(step: Callable[..., Any], *given: Any, source: Source | None = None, **more: Any) -> Any:
    return step(*given, source=source or Source("order", new_uid()), at=AT, **more)


def where(variant: Variant, number: str) -> tuple[str, int | None]:
    unit = SerialUnit.objects.get(variant=variant, serial=number)
    return unit.state, unit.location_id


@pytest.fixture(autouse=True)
def audited() -> Any:
    """Whatever a test has done, history and state agree."""
    yield
    for invariant in audit.INVARIANTS:
        if invariant.code.startswith("I07"):
            assert rows(invariant.sql) == [], invariant.code


def test_what_is_received_stands_there_by_its_number(stove: Variant, store: Location) -> None:
    assert where(stove, "A-1") == (State.IN_STOCK, store.pk)
    assert numbered.of_location(store.pk) == {"STOVE": ["A-1", "A-2"]}
    assert numbered.in_stock_at(store.pk, stove.pk) == ["A-1", "A-2"]


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (["B-1", "b-1 "], "Each piece has a number of its own; this was given twice: B-1."),
        (["B" * 81], "A serial number has at most 80 letters and figures, in one line."),
        (["B\n1"], "A serial number has at most 80 letters and figures, in one line."),
    ],
)
def test_numbers_that_cannot_be(stove: Variant, store: Location, numbers: list[str], message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        do(serials.receive, {stove.pk: numbers}, store.pk)
    assert refused.value.fields == {"serials": [message]}
    assert SerialUnit.objects.count() == 2


def test_as_many_numbers_as_units(stove: Variant) -> None:
    with pytest.raises(SerialsDoNotMatch) as refused:
        serials.demand_all({stove.pk: ["B-1"]}, {stove.pk: 3})
    assert str(refused.value) == ("STOVE needs 3 serial numbers, 1 were given. Scan or type one for each piece.")
    serials.demand_all({}, {stove.pk: 3})


def test_a_number_comes_in_once(stove: Variant, store: Location, other: Location) -> None:
    with pytest.raises(SerialNotHere) as refused:
        do(serials.receive, {stove.pk: ["A-3", "A-1"]}, other.pk)
    assert str(refused.value) == (
        "STOVE with the serial number A-1: the books have it at Pearl. Check the label, or transfer it."
    )
    do(serials.sell, {stove.pk: ["A-1"]}, store.pk)
    with pytest.raises(SerialNotHere, match="it is sold"):
        do(serials.receive, {stove.pk: ["A-1"]}, store.pk)
    assert SerialUnit.objects.count() == 2


def test_the_same_number_of_another_product_is_another_unit(stove: Variant, store: Location) -> None:
    lamp = VariantFactory(sku="LAMP", tracks_serials=True)
    do(serials.receive, {lamp.pk: ["A-1"]}, store.pk)
    do(serials.sell, {lamp.pk: ["A-1"]}, store.pk)
    assert where(stove, "A-1")[0] == State.IN_STOCK
    assert [unit.variant.sku for unit in numbered.named("a-1")] == ["STOVE", "LAMP"]


def test_a_sale_takes_it_once(stove: Variant, store: Location) -> None:
    assert do(serials.sell, {stove.pk: ["a-1"]}, store.pk) == []
    assert do(serials.sell, {stove.pk: ["A-1"]}, store.pk) == [Clash(stove.pk, "A-1", "sold")]
    assert where(stove, "A-1") == (State.SOLD, None)
    assert SerialMove.objects.filter(unit__serial="A-1", state="sold").count() == 1


def test_a_sale_is_a_fact_whatever_the_books_say(stove: Variant, store: Location, other: Location) -> None:
    assert do(serials.sell, {stove.pk: ["A-1", "X-9"]}, other.pk) == [
        Clash(stove.pk, "A-1", "elsewhere"),
        Clash(stove.pk, "X-9", "unknown"),
    ]
    assert where(stove, "A-1") == where(stove, "X-9") == (State.SOLD, None)
    do(serials.change, {stove.pk: ["A-2"]}, State.IN_STOCK, State.DAMAGED, store.pk)
    assert do(serials.sell, {stove.pk: ["A-2"]}, store.pk) == [Clash(stove.pk, "A-2", "damaged")]
    assert do(serials.sell, {stove.pk: ["A-2"]}, store.pk) == [Clash(stove.pk, "A-2", "sold")]


def test_a_hand_over_takes_only_what_stands_there(stove: Variant, store: Location, other: Location) -> None:
    for number, place, said in (
        ("X-9", store, "nobody has received it. Check the label."),
        ("A-1", other, "the books have it at Pearl. Check the label, or transfer it."),
    ):
        with pytest.raises(SerialNotHere) as refused:
            do(serials.hand_over, {stove.pk: [number]}, place.pk)
        assert str(refused.value) == f"STOVE with the serial number {number}: {said}"
    do(serials.hand_over, {stove.pk: ["A-1"]}, store.pk)
    with pytest.raises(SerialNotHere, match="it is sold"):
        do(serials.hand_over, {stove.pk: ["A-1"]}, store.pk)


def test_what_was_sold_comes_back_by_the_sale_that_sold_it(stove: Variant, store: Location, other: Location) -> None:
    sale = Source("order", new_uid())
    do(serials.sell, {stove.pk: ["A-1"]}, store.pk, source=sale)
    with pytest.raises(SerialNotHere) as refused:
        do(serials.take_back, {stove.pk: ["A-1"]}, other.pk, sold_by=[new_uid()])
    assert str(refused.value) == ("STOVE with the serial number A-1: it was sold with another order. Check the label.")
    do(serials.take_back, {stove.pk: ["A-1"]}, other.pk, sold_by=[sale.uid])
    assert where(stove, "A-1") == (State.IN_STOCK, other.pk)
    with pytest.raises(SerialNotHere, match="the books have it at Ballard"):
        do(serials.take_back, {stove.pk: ["A-1"]}, store.pk)
    do(serials.sell, {stove.pk: ["A-1"]}, other.pk)
    do(serials.take_back, {stove.pk: ["A-1"]}, other.pk, damaged=True)
    assert where(stove, "A-1") == (State.DAMAGED, other.pk)


def test_what_was_not_sold_after_all_is_where_it_was(stove: Variant, store: Location, other: Location) -> None:
    sale, mistake = Source("order", new_uid()), Source("serial_correction", new_uid())
    do(serials.change, {stove.pk: ["A-2"]}, State.IN_STOCK, State.DAMAGED, store.pk)
    do(serials.sell, {stove.pk: ["A-1", "A-2", "X-9"]}, other.pk, source=sale)
    do(serials.unsell, {stove.pk: ["A-1", "A-2", "X-9"]}, [new_uid()], source=mistake)
    assert where(stove, "A-1") == (State.SOLD, None)
    do(serials.unsell, {stove.pk: ["a-1", "A-2", "X-9", "B-1"]}, [sale.uid], source=mistake)
    assert where(stove, "A-1") == (State.IN_STOCK, store.pk)
    assert where(stove, "A-2") == (State.DAMAGED, store.pk)
    assert where(stove, "X-9") == (State.GONE, None)
    do(serials.unsell, {stove.pk: ["A-1"]}, [sale.uid], source=mistake)
    assert where(stove, "A-1") == (State.IN_STOCK, store.pk)


def test_damaged_repaired_and_gone(stove: Variant, store: Location) -> None:
    do(serials.change, {stove.pk: ["A-1"]}, State.IN_STOCK, State.DAMAGED, store.pk)
    with pytest.raises(SerialNotHere, match="it is damaged"):
        do(serials.change, {stove.pk: ["A-1"]}, State.IN_STOCK, State.GONE, store.pk)
    do(serials.change, {stove.pk: ["A-1"]}, State.DAMAGED, State.IN_STOCK, store.pk)
    do(serials.change, {stove.pk: ["A-1"]}, State.IN_STOCK, State.GONE, store.pk)
    assert where(stove, "A-1") == (State.GONE, None)
    assert do(serials.sell, {stove.pk: ["A-1"]}, store.pk) == [Clash(stove.pk, "A-1", "gone")]
    do(serials.receive, {stove.pk: ["A-1"]}, store.pk)
    assert where(stove, "A-1") == (State.IN_STOCK, store.pk)


def test_on_the_way_and_arrived(stove: Variant, store: Location, other: Location) -> None:
    transit = LocationFactory(code="TRANSIT", kind="transit", is_active=False)
    van, units = Source("transfer", new_uid()), {stove.pk: 1}
    do(serials.send, {stove.pk: ["A-1", "A-2"]}, store.pk, transit.pk, source=van)
    assert where(stove, "A-1") == (State.IN_TRANSIT, transit.pk)
    with pytest.raises(SerialsDoNotMatch, match="STOVE needs 1 serial numbers, 0 were given"):
        do(serials.arrive, units, other.pk, source=van, rest={stove.pk: 1})
    with pytest.raises(SerialNotHere, match="it was not sent with this transfer"):
        do(serials.arrive, units, other.pk, source=van, numbers={stove.pk: ["A-7"]})
    do(serials.arrive, units, other.pk, source=van, numbers={stove.pk: ["a-2"]}, rest={stove.pk: 1})
    assert where(stove, "A-2") == (State.IN_STOCK, other.pk)
    do(serials.arrive, units, None, source=van, rest={stove.pk: 0})
    assert where(stove, "A-1") == (State.GONE, None)


def test_units_without_a_number_are_seen_and_named(stove: Variant, store: Location) -> None:
    receive(stove, store, 3)
    level = StockLevel.objects.get(variant=stove)
    standing = numbered.standing_of([level.pk])[level.pk]
    assert (standing.on_hand, standing.named, standing.nameless, standing.excess) == (5, 2, 3, 0)
    manager = UserFactory(role="manager")
    with pytest.raises(TooManySerials) as refused:
        name_serials(level.pk, found=["A-3", "A-4", "A-5", "A-6"], person=manager, at=AT)
    assert str(refused.value) == (
        "STOVE at Pearl has 5 on hand; with these there would be 6 serial numbers. Name what is gone too, or adjust the"
        " stock first."
    )
    name_serials(level.pk, found=["A-3", "A-4", "A-5", "A-6"], gone=["A-1"], person=manager, at=AT)
    assert numbered.in_stock_at(store.pk, stove.pk) == ["A-2", "A-3", "A-4", "A-5", "A-6"]
    assert numbered.standing_of([level.pk])[level.pk].nameless == 0
    assert StockLevel.objects.get(pk=level.pk).on_hand == 5


def test_naming_says_what_is_wrong(stove: Variant, store: Location) -> None:
    level = StockLevel.objects.get(variant=stove)
    with pytest.raises(NotAllowed):
        name_serials(level.pk, found=["B"], person=UserFactory(role="associate"), at=AT)
    for found, gone, field, said in (
        ([], [], "found", "Scan or type at least one number."),
        (["A-1"], ["A-1"], "gone", "Both found and gone: A-1."),
    ):
        with pytest.raises(InvalidInput) as refused:
            name_serials(level.pk, found=found, gone=gone, person=None, at=AT)
        assert refused.value.fields == {field: [said]}
    plain = VariantFactory(sku="MUG")
    receive(plain, store, 1)
    with pytest.raises(InvalidInput, match="MUG has no serial numbers"):
        name_serials(StockLevel.objects.get(variant=plain).pk, found=["B"], person=None, at=AT)


def test_nothing_with_numbers_is_part_of_a_kit(stove: Variant) -> None:
    box, mug = VariantFactory(sku="BOX"), VariantFactory(sku="MUG")
    for kit, parts, says in (
        (box, {mug.pk: 1, stove.pk: 1},
         "Each piece of STOVE has a serial number, and nobody would be asked for it with the kit."),
        (VariantFactory(sku="BAG", tracks_serials=True), {mug.pk: 1},
         "A kit has no serial number of its own. Say on the page of BAG that it has none, then go on."),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            set_components(kit.pk, parts, person=None, at=AT)
        assert refused.value.fields == {"items": [says]}
    set_components(box.pk, {mug.pk: 1}, person=None, at=AT)


def test_a_number_is_found_without_reading_all_of_them(stove: Variant) -> None:
    rows("SET LOCAL enable_seqscan = off")
    plan = SerialUnit.objects.filter(serial="A-1").explain()
    assert "serial_once" in plan
