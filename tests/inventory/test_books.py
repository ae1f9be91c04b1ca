"""Stock in the books: every movement that carries value is posted with it, to the minor unit."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.db import action, rows
from commerce.kernel.ids import new_uid
from commerce.ledger.models import JournalEntry
from inventory import stock
from inventory.levels import Change, Demand, Source
from inventory.models import StockLevel, StockMovement
from tests.factories import purchases, transfers
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory

pytestmark = pytest.mark.django_db

Kind = StockMovement.Kind


@pytest.fixture
def store() -> Location:
    MarketFactory()
    return LocationFactory(code="PDX-1", time_zone="America/Los_Angeles")


@pytest.fixture
def mug(store: Location) -> Variant:
    return VariantFactory(sku="MUG", price=1_600)


@action
def came(variant: Variant, place: Location, units: int, value: int | None, kind: Kind = Kind.RECEIPT) -> None:
    pair = (variant.pk, place.pk)
    values = None if value is None else {pair: value}
    stock.move({pair: units}, kind=kind, source=Source("goods_receipt", new_uid()), at=now(), values=values)


@action
def sold(variant: Variant, place: Location, units: int, on: date | None = None) -> None:
    stock.sell([Demand(variant.pk, place.pk, units)], source=Source("order", new_uid(), on=on), at=now())


def posted() -> dict[tuple[str, str], int]:
    found = rows(
        "SELECT a.code, p.sub, sum(p.amount_minor)::bigint FROM ledger_posting p JOIN ledger_account a"
        " ON a.id = p.account_id GROUP BY 1, 2"
    )
    return {(code, sub): amount for code, sub, amount in found if amount}


def test_goods_come_in_and_are_sold_at_what_they_cost(mug: Variant, store: Location) -> None:
    came(mug, store, 3, 1_000)
    assert posted() == {("inventory", "PDX-1"): 1_000, ("goods_received", ""): -1_000}
    sold(mug, store, 1)
    assert posted() == {("inventory", "PDX-1"): 667, ("goods_received", ""): -1_000, ("cost_of_goods", ""): 333}
    sold(mug, store, 2)
    assert posted() == {("goods_received", ""): -1_000, ("cost_of_goods", ""): 1_000}
    entry = JournalEntry.objects.filter(kind="stock_sale").latest("pk")
    assert (entry.source_type, entry.location_code, entry.currency) == ("order", "PDX-1", "USD")


def test_goods_that_left_before_they_came_cost_what_they_turn_out_to_cost(mug: Variant, store: Location) -> None:
    came(mug, store, 1, 300)
    sold(mug, store, 3)  # two beyond what was there, at a guess of 300 each
    assert posted()["inventory", "PDX-1"] == -600
    came(mug, store, 4, 2_000)  # they cost 500 each; the supplier will bill 2,000
    assert StockLevel.objects.get().value_minor == 1_000
    assert posted() == {
        ("inventory", "PDX-1"): 1_000,
        ("goods_received", ""): -2_300,
        ("cost_of_goods", ""): 1_300,
    }


@pytest.mark.parametrize(
    ("kind", "account"),
    [
        (Kind.ADJUSTMENT, "stock_losses"),
        (Kind.COUNT, "stock_losses"),
        (Kind.REPAIR, "stock_losses"),
        (Kind.IMPORT, "opening"),
        (Kind.RETURN, "cost_of_goods"),
    ],
)
def test_what_stands_on_the_other_side(mug: Variant, store: Location, kind: Kind, account: str) -> None:
    came(mug, store, 2, 1_000)
    came(mug, store, 1, None, kind)
    assert posted() == {("inventory", "PDX-1"): 1_500, ("goods_received", ""): -1_000, (account, ""): -500}


def test_goods_on_the_way_are_a_part_of_the_account(mug: Variant, store: Location) -> None:
    home = LocationFactory(code="WH-1", warehouse=True)
    came(mug, home, 4, 2_000)
    transfer = transfers.shipped(home, store, {mug: 3})
    transit = Location.objects.get(kind="transit").code
    assert posted() == {
        ("inventory", "WH-1"): 500,
        ("inventory", transit): 1_500,
        ("goods_received", ""): -2_000,
    }
    transfers.receive(transfer, {mug: 2})
    assert posted()["inventory", "PDX-1"] == 1_000
    assert posted()["inventory", transit] == 500
    transfers.receive(transfer, {mug: 1})  # another entry of the same document
    assert posted() == {
        ("inventory", "WH-1"): 500,
        ("inventory", "PDX-1"): 1_500,
        ("goods_received", ""): -2_000,
    }


def test_a_purchase_in_two_deliveries(mug: Variant, store: Location) -> None:
    supplier = purchases.SupplierFactory()
    purchases.item(supplier, mug, 1_200)
    order = purchases.placed(supplier, store, {mug: 5})
    purchases.receive(order, {mug: 2})
    purchases.receive(order, {mug: 3})
    assert posted() == {("inventory", "PDX-1"): 6_000, ("goods_received", ""): -6_000}
    assert JournalEntry.objects.filter(source_uid=order.uid, kind="stock_receipt").count() == 2


def test_damaged_goods_are_lost_when_they_are_damaged(mug: Variant, store: Location) -> None:
    came(mug, store, 2, 1_000)
    break_one(mug, store)
    assert posted()["stock_losses", ""] == 500


@action
def break_one(variant: Variant, place: Location) -> None:
    source = Source("adjustment", new_uid())
    stock.change({(variant.pk, place.pk): Change(on_hand=-1, damaged=1)}, kind=Kind.ADJUSTMENT, source=source, at=now())


def test_a_sale_that_came_in_late_is_booked_on_its_day(mug: Variant, store: Location) -> None:
    came(mug, store, 2, 1_000)
    sold(mug, store, 1, on=date(2026, 3, 1))
    assert JournalEntry.objects.get(kind="stock_sale").business_date == date(2026, 3, 1)


def test_a_batch_is_one_statement_and_goods_without_value_none(mug: Variant, store: Location) -> None:
    cups = [VariantFactory(sku=f"CUP-{n}") for n in range(20)]
    demands = [Demand(cup.pk, store.pk, 1) for cup in cups]
    for cup in cups:
        came(cup, store, 5, None)
    assert posted() == {}

    @action
    def sell_all() -> None:
        stock.sell(demands, source=Source("order", new_uid()), at=now())

    with CaptureQueriesContext(connection) as free:
        sell_all()
    for cup in cups:
        came(cup, store, 5, 1_000)
    with CaptureQueriesContext(connection) as worth:
        sell_all()
    assert len(worth) == len(free) + 1
    assert posted()["cost_of_goods", ""] == sum(-row.value_minor for row in StockMovement.objects.filter(kind="sale"))
