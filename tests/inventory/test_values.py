"""What stock is worth: at average cost, to the minor unit, however much comes and goes."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.kernel.ids import new_uid
from inventory import stock
from inventory.levels import Change, Demand, Source
from inventory.models import StockLevel, StockMovement
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
KINDS = StockMovement.Kind
Pair = tuple[int, int]

units = st.integers(min_value=1, max_value=40)
steps = st.one_of(
    st.tuples(st.just("buy"), st.integers(0, 1), units, st.integers(min_value=0, max_value=20_000)),
    st.tuples(st.just("return"), st.integers(0, 1), units, st.just(0)),
    st.tuples(st.just("sell"), st.integers(0, 1), units, st.just(0)),
    st.tuples(st.just("send"), st.integers(0, 1), units, st.just(0)),
    st.tuples(st.just("damage"), st.integers(0, 1), units, st.just(0)),
)


def source() -> Source:
    return Source("test", new_uid())


def move(pair: Pair, quantity: int, kind: StockMovement.Kind, *, value: int | None = None, damaged: int = 0) -> int:
    """The value that moved."""
    change = Change(on_hand=quantity, damaged=damaged, value_minor=value)
    return stock.change({pair: change}, kind=kind, source=source(), at=AT)[0].value_minor


def level_of(pair: Pair) -> StockLevel:
    return StockLevel.objects.get(variant=pair[0], location=pair[1])


def do(what: str, here: Pair, there: Pair, quantity: int, value: int) -> None:
    """One step of trade. Nothing but the till takes more than is there."""
    on_hand = level_of(here).on_hand
    if what == "buy":
        move(here, quantity, KINDS.RECEIPT, value=value)
    elif what == "return":
        move(here, quantity, KINDS.RETURN)
    elif what == "sell":
        stock.sell([Demand(*here, quantity)], source=source(), at=AT)
    elif on_hand > 0 and what == "damage":
        gone = min(quantity, on_hand)
        move(here, -gone, KINDS.ADJUSTMENT, damaged=gone)
    elif on_hand > 0:
        sent = min(quantity, on_hand)
        left = move(here, -sent, KINDS.TRANSFER)
        move(there, sent, KINDS.TRANSFER, value=-left)


@settings(max_examples=150, deadline=None, database=None)
@given(trade=st.lists(steps, min_size=1, max_size=25))
def test_no_trade_makes_value_drift(trade: list[tuple[str, int, int, int]]) -> None:
    with transaction.atomic():
        variant = VariantFactory(barcode=False, price=False)
        pairs = [(variant.pk, LocationFactory(code=code).pk) for code in ("A", "B")]
        stock.own_levels(pairs)
        for what, place, quantity, value in trade:
            do(what, pairs[place], pairs[1 - place], quantity, value)
            for pair in pairs:
                level = level_of(pair)
                moved = StockMovement.objects.filter(level=level).values_list("value_minor", flat=True)
                assert level.value_minor == sum(moved)
                assert level.on_hand or not level.value_minor, "an empty shelf is worth nothing"
                # Half a minor unit, and as much as four decimals of the average leave out of all units.
                off = abs(level.value_minor - level.unit_cost * level.on_hand)
                assert off <= Decimal("0.5") + abs(level.on_hand) * Decimal("0.00005")
                assert level.on_hand < 0 or level.value_minor >= 0
        transaction.set_rollback(True)


@settings(max_examples=60, deadline=None, database=None)
@given(
    bought=st.lists(st.tuples(units, st.integers(0, 20_000)), min_size=1, max_size=6), sold=st.lists(units, max_size=20)
)
def test_what_was_paid_is_what_leaves_and_what_is_left(bought: list[tuple[int, int]], sold: list[int]) -> None:
    with transaction.atomic():
        pair = (VariantFactory(barcode=False, price=False).pk, LocationFactory(code="A").pk)
        for quantity, value in bought:
            assert move(pair, quantity, KINDS.RECEIPT, value=value) == value
        left = 0
        for quantity in sold:
            there = level_of(pair).on_hand
            if there:
                left -= move(pair, -min(quantity, there), KINDS.FULFILLMENT)
        level = level_of(pair)
        assert left + level.value_minor == sum(value for _quantity, value in bought)
        average = Decimal(sum(value for _q, value in bought)) / sum(quantity for quantity, _v in bought)
        assert abs(level.value_minor - average * level.on_hand) <= 1
        transaction.set_rollback(True)


@pytest.fixture
def pair(db: None) -> Pair:
    return VariantFactory().pk, LocationFactory(code="PDX-1").pk


def standing(pair: Pair) -> tuple[int, int, Decimal]:
    level = level_of(pair)
    return level.on_hand, level.value_minor, level.unit_cost


def test_the_average_of_two_prices(pair: Pair) -> None:
    with transaction.atomic():
        move(pair, 10, KINDS.RECEIPT, value=1_000)
        move(pair, 5, KINDS.RECEIPT, value=800)
        assert standing(pair) == (15, 1_800, Decimal(120))
        assert move(pair, -4, KINDS.FULFILLMENT) == -480
        assert move(pair, 1, KINDS.RETURN) == 120
    assert standing(pair) == (12, 1_440, Decimal(120))


def test_a_third_of_a_dollar_leaves_in_whole_minor_units(pair: Pair) -> None:
    with transaction.atomic():
        move(pair, 3, KINDS.RECEIPT, value=100)
        assert [move(pair, -1, KINDS.FULFILLMENT) for _unit in range(3)] == [-33, -34, -33]
    assert standing(pair)[:2] == (0, 0)


def test_units_sold_before_they_came_in_cost_what_those_cost(pair: Pair) -> None:
    """Two sold that the books did not have: they count against the shelf at the last average, until the delivery says
    what they cost. Nothing of it is left on the empty shelf."""
    with transaction.atomic():
        move(pair, 3, KINDS.RECEIPT, value=300)
        stock.sell([Demand(*pair, 5)], source=source(), at=AT)
        assert standing(pair) == (-2, -200, Decimal(100))
        assert move(pair, 2, KINDS.RECEIPT, value=500) == 200
        assert standing(pair) == (0, 0, Decimal(250))
        stock.sell([Demand(*pair, 1)], source=source(), at=AT)
        move(pair, 5, KINDS.RECEIPT, value=1_000)
    assert standing(pair) == (4, 800, Decimal(200))


def test_damaged_units_are_worth_nothing_until_they_are_repaired(pair: Pair) -> None:
    with transaction.atomic():
        move(pair, 4, KINDS.RECEIPT, value=1_002)
        assert move(pair, -4, KINDS.ADJUSTMENT, damaged=4) == -1_002
        assert standing(pair) == (0, 0, Decimal("250.5"))
        assert move(pair, 0, KINDS.ADJUSTMENT, damaged=-1) == 0
        move(pair, 3, KINDS.REPAIR, damaged=-3)
    assert standing(pair) == (3, 752, Decimal("250.5"))
