"""What to order: the formulas to the unit, what is read from the movements, and what is made of the suggestions."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from commerce.catalog.models import Variant
from commerce.company.models import Location, User
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput, NotAllowed
from commerce.kernel.ids import new_uid
from inventory import demand, replenishment, reservations, stock
from inventory import tiles as stock_tiles
from inventory.actions.reorder import reorder
from inventory.errors import NothingRunsLow
from inventory.levels import Demand, Source
from inventory.models import PurchaseOrder, StockLevel, StockMovement, Supplier, SupplierItem, Transfer
from inventory.replenishment import Item, Supply, velocity
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory

STEADY, NO_GAPS = [7] * 8, [0.0] * 8
ACME = Supply(1, "Acme", lead_days=10, pack=6)


def item(**given: Any) -> Item:
    plain = {"variant": 1, "on_hand": 0, "reserved": 0, "incoming": 0, "sold": STEADY, "empty": NO_GAPS}
    return Item(**{**plain, **given})


class TestVelocity:
    def test_steady_demand_has_no_spread(self) -> None:
        found = velocity(STEADY, NO_GAPS)
        assert (found.per_day, found.deviation, found.days) == (1.0, 0.0, 56.0)

    def test_recent_weeks_count_twice(self) -> None:
        assert velocity([14] * 4 + [7] * 4, NO_GAPS).per_day == pytest.approx((2 * 56 + 28) / (2 * 28 + 28))

    def test_days_without_stock_are_not_days_without_demand(self) -> None:
        sold_out_half_the_time = velocity([7, 0] * 4, [0.0, 7.0] * 4)
        assert sold_out_half_the_time.per_day == 1.0
        assert velocity([7, 0] * 4, NO_GAPS).per_day == 0.5

    def test_what_sold_on_the_day_it_ran_out(self) -> None:
        assert velocity([3, *[0] * 7], [6.9, *[7.0] * 7]).per_day == 3.0

    def test_what_was_never_there_says_nothing(self) -> None:
        assert velocity([0] * 8, [7.0] * 8) == velocity([0] * 8, [9.0] * 8)
        assert velocity([0] * 8, [7.0] * 8).per_day == 0

    def test_the_spread_of_weekly_demand(self) -> None:
        found = velocity([14, 0] * 4, NO_GAPS)
        assert found.per_day == 1.0
        assert found.deviation == pytest.approx((8 * 49 / 7 / 7) ** 0.5)


class TestPlan:
    def test_reorder_point_and_up_to_level(self) -> None:
        made = replenishment.plan(item(), lead_days=10)
        assert (made.point, made.up_to) == (10, 24)

    def test_spread_adds_a_reserve(self) -> None:
        made = replenishment.plan(item(sold=[14, 0] * 4), lead_days=9)
        reserve = 1.65 * (8 * 49 / 7 / 7) ** 0.5 * 3
        assert 9 + reserve <= made.point < 10 + reserve

    def test_what_is_set_by_hand_wins(self) -> None:
        made = replenishment.plan(item(own_point=3, own_up_to=5), lead_days=10)
        assert (made.point, made.up_to, made.is_own) == (3, 5, True)
        assert replenishment.plan(item(own_point=100), lead_days=10).up_to == 101


def suggested(given: Item, donors: Any = None) -> Any:
    found = replenishment.suggest([given], donors or {})
    return found[0] if found else None


class TestSuggestions:
    def test_buys_whole_packs_up_to_the_level(self) -> None:
        found = suggested(item(on_hand=5, supply=ACME))
        assert (found.quantity, found.supply, found.donor) == (24, ACME, None)  # 24 - 5 = 19, in packs of 6

    def test_what_comes_and_what_is_reserved_count(self) -> None:
        assert suggested(item(on_hand=5, incoming=6, supply=ACME)) is None
        assert suggested(item(on_hand=15, reserved=10, supply=ACME)).quantity == 24

    def test_at_the_point_is_low_one_above_is_not(self) -> None:
        assert suggested(item(on_hand=10, supply=ACME)).quantity == 18
        assert suggested(item(on_hand=11, supply=ACME)) is None

    def test_a_warehouse_that_can_spare_it_goes_first(self) -> None:
        found = suggested(item(on_hand=1, supply=ACME), {7: {1: 100}})
        assert (found.donor, found.quantity, found.plan.lead_days) == (7, 15, 2)  # up to 16 days

    def test_a_warehouse_gives_what_it_can_spare(self) -> None:
        assert suggested(item(on_hand=1, supply=ACME), {7: {1: 5}}).quantity == 5
        too_little = suggested(item(on_hand=-5, supply=ACME), {7: {1: 5}})
        assert (too_little.donor, too_little.supply) == (None, ACME)

    def test_nobody_asks_for_it(self) -> None:
        assert suggested(item(sold=[0] * 8)) is None
        assert suggested(item(sold=[0] * 8, own_point=2)).quantity == 3

    def test_nobody_sells_it(self) -> None:
        found = suggested(item())
        assert (found.donor, found.supply, found.quantity) == (None, None, 21)

    def test_surplus_keeps_what_the_place_needs_itself(self) -> None:
        assert replenishment.surplus(item(on_hand=50, incoming=99, reserved=5), lead_days=10) == 21
        assert replenishment.surplus(item(on_hand=5), lead_days=10) == 0


AT = now()


@pytest.fixture
def store(db: None) -> Location:
    return LocationFactory(code="PDX-1", name="Pearl")


@pytest.fixture
def warehouse(db: None) -> Location:
    return LocationFactory(code="WH-1", name="Main warehouse", warehouse=True)


@pytest.fixture
def mug(db: None) -> Variant:
    return VariantFactory(sku="MUG")


def bring(variant: Variant, place: Location, units: int, at: datetime) -> None:
    with transaction.atomic():
        stock.move(
            {(variant.pk, place.pk): units},
            kind=StockMovement.Kind.RECEIPT,
            source=Source("goods_receipt", new_uid()),
            at=at,
        )


def sell(variant: Variant, place: Location, units: int, at: datetime) -> None:
    with transaction.atomic():
        stock.sell([Demand(variant.pk, place.pk, units)], source=Source("order", new_uid()), at=at)


def ago(days: float) -> datetime:
    return AT - timedelta(days=days)


def promise_three(variant: Variant, place: Location) -> None:
    """Two are left then: from a warehouse goods are there in two days."""
    with transaction.atomic():
        reservations.reserve([Demand(variant.pk, place.pk, 3)], until=None, source=Source("order", new_uid()), at=AT)


@pytest.fixture
def selling(mug: Variant, store: Location) -> Supplier:
    """One mug a day for eight weeks, five left; Acme sells it in sixes and needs ten days."""
    bring(mug, store, 61, ago(57))
    for day in range(56):
        sell(mug, store, 1, ago(day + 0.5))
    supplier = Supplier.objects.create(code="ACME", name="Acme", currency="USD", lead_days=10)
    SupplierItem.objects.create(supplier=supplier, variant=mug, cost_minor=450, pack=6)
    return supplier


def test_demand_is_read_from_sales(selling: Supplier, mug: Variant, store: Location) -> None:
    (found,) = demand.items_of(store.pk, at=AT)
    assert (found.sold, found.empty, found.on_hand) == ([7] * 8, [0] * 8, 5)
    assert found.supply == Supply(selling.pk, "Acme", 10, 6)
    (suggestion,) = demand.suggestions(store, at=AT)
    assert (suggestion.item.variant, suggestion.quantity) == (mug.pk, 24)


def test_spells_without_stock_are_read_from_balances(mug: Variant, store: Location) -> None:
    bring(mug, store, 7, ago(28))
    sell(mug, store, 7, ago(21))
    bring(mug, store, 10, ago(7))
    sell(mug, store, 1, ago(1))
    (found,) = demand.items_of(store.pk, at=AT)
    assert found.sold == [1, 0, 0, 7, 0, 0, 0, 0]
    assert found.empty == pytest.approx([0, 7, 7, 0, 7, 7, 7, 7], abs=1e-6)


def test_what_was_sent_or_broken_is_no_demand(mug: Variant, store: Location) -> None:
    bring(mug, store, 10, ago(20))
    with transaction.atomic():
        source = Source("transfer", new_uid())
        stock.move({(mug.pk, store.pk): -5}, kind=StockMovement.Kind.TRANSFER, source=source, at=ago(3))
    assert demand.items_of(store.pk, at=AT) == []
    assert demand.suggestions(store, at=AT) == []


def test_a_warehouse_keeps_what_it_sells_itself(
    selling: Supplier, mug: Variant, store: Location, warehouse: Location
) -> None:
    bring(mug, warehouse, 40, ago(57))
    promise_three(mug, store)
    (suggestion,) = demand.suggestions(store, at=AT)
    assert (suggestion.donor, suggestion.quantity) == (warehouse.pk, 14)
    for day in range(35):
        sell(mug, warehouse, 1, ago(day + 0.5))
    (suggestion,) = demand.suggestions(store, at=AT)
    assert suggestion.supply is not None


@pytest.fixture
def manager(db: None) -> User:
    return UserFactory(username="mina", role="manager")


def test_suggestions_become_a_draft_once(selling: Supplier, mug: Variant, store: Location, manager: User) -> None:
    done = reorder(store, {mug.pk: 24}, person=manager, at=AT)
    (order,) = done.orders
    line = order.lines.get()
    assert (order.supplier, order.location, order.state) == (selling, store, "draft")
    assert (line.variant, line.ordered, line.cost_minor) == (mug, 24, 450)
    with pytest.raises(NothingRunsLow, match="Nothing of this is needed at Pearl any more"):
        reorder(store, {mug.pk: 24}, person=manager, at=AT)
    assert PurchaseOrder.objects.count() == 1


def test_suggestions_become_a_transfer(
    selling: Supplier, mug: Variant, store: Location, warehouse: Location, manager: User
) -> None:
    bring(mug, warehouse, 400, ago(57))
    promise_three(mug, store)
    done = reorder(store, {mug.pk: 99}, person=manager, at=AT)
    (transfer,) = done.transfers
    assert (transfer.source, transfer.destination, transfer.state) == (warehouse, store, "requested")
    assert transfer.lines.get().requested == 14  # never more than was suggested from there
    assert done.orders == []


def test_all_or_nothing(selling: Supplier, mug: Variant, store: Location, warehouse: Location, manager: User) -> None:
    tent = VariantFactory(sku="TENT")
    bring(tent, store, 57, ago(57))
    for day in range(56):
        sell(tent, store, 1, ago(day + 0.5))
    bring(tent, warehouse, 400, ago(57))
    with pytest.raises(InvalidInput, match="MUG comes in packs of 6: order 24 or 30"):
        reorder(store, {mug.pk: 25, tent.pk: 5}, person=manager, at=AT)
    assert not Transfer.objects.exists()


def test_only_who_may_orders(selling: Supplier, mug: Variant, store: Location) -> None:
    with pytest.raises(NotAllowed):
        reorder(store, {mug.pk: 24}, person=UserFactory(role="associate"), at=AT)
    with pytest.raises(NotAllowed):
        reorder(store, {mug.pk: 24}, person=UserFactory(role="manager", locations=[LocationFactory()]), at=AT)
    assert not PurchaseOrder.objects.exists()


def test_dead_stock_is_what_nobody_asks_for(selling: Supplier, mug: Variant, store: Location) -> None:
    lamp, new = VariantFactory(sku="LAMP"), VariantFactory(sku="NEW")
    bring(lamp, store, 5, ago(300))
    sell(lamp, store, 1, ago(200))
    bring(new, store, 5, ago(10))
    (found,) = demand.dead_stock(store.pk, at=AT)
    assert (found.sku, found.on_hand, found.last_sold_at) == ("LAMP", 4, ago(200))


@pytest.fixture
def browser(manager: User) -> Client:
    browser = Client()
    browser.force_login(manager)
    return browser


def test_the_page_suggests_and_orders(selling: Supplier, mug: Variant, store: Location, browser: Client) -> None:
    address = reverse("admin:stock-reorder")
    text = browser.get(address).content.decode()
    assert "Buy from Acme, in packs of 6" in text
    assert "Sells 7 a week: lasts 5 days. It takes 10 days to come." in text
    wrong = browser.post(address, {"location": "PDX-1", "pick": [mug.pk], f"units-{mug.pk}": "25"})
    assert wrong.status_code == 422
    assert "order 24 or 30" in wrong.content.decode()
    assert 'value="25"' in wrong.content.decode()
    answer = browser.post(address, {"location": "PDX-1", "pick": [mug.pk], f"units-{mug.pk}": "30"}, follow=True)
    number = PurchaseOrder.objects.get().number
    assert [number in str(message) for message in get_messages(answer.wsgi_request)] == [True]
    assert "Nothing runs low" in answer.content.decode()


def test_nothing_ticked_orders_nothing(selling: Supplier, mug: Variant, store: Location, browser: Client) -> None:
    answer = browser.post(reverse("admin:stock-reorder"), {"location": "PDX-1", f"units-{mug.pk}": "24"})
    assert answer.status_code == 422
    assert "Tick what you want to order." in answer.content.decode()
    assert not PurchaseOrder.objects.exists()


def test_the_dead_stock_page(mug: Variant, store: Location, browser: Client) -> None:
    bring(mug, store, 5, ago(300))
    text = browser.get(reverse("admin:stock-dead")).content.decode()
    assert "1 items with 5 units" in text or "1 item with 5 units" in text
    assert "Never" in text


def test_pages_open_where_there_is_something_to_do(
    selling: Supplier, mug: Variant, store: Location, warehouse: Location, browser: Client
) -> None:
    cache.clear()
    Location.objects.exclude(pk=store.pk).update(position=0)
    Location.objects.filter(pk=store.pk).update(position=9)
    bring(VariantFactory(sku="LAMP"), store, 5, ago(300))
    for address, something in (("stock-reorder", "Buy from Acme"), ("stock-dead", "LAMP")):
        chosen = browser.get(reverse(f"admin:{address}"))
        assert chosen.context["here"] == store
        assert something in chosen.content.decode()
        asked = browser.get(reverse(f"admin:{address}"), {"location": warehouse.code})
        assert asked.context["here"] == warehouse


def test_dead_stock_of_a_young_company_is_looked_for_in_a_shorter_time(
    mug: Variant, store: Location, warehouse: Location, browser: Client
) -> None:
    lamp = VariantFactory(sku="LAMP")
    bring(lamp, store, 5, ago(40))
    sell(mug, store, 1, ago(1))
    shown = browser.get(reverse("admin:stock-dead"))
    assert (shown.context["here"], shown.context["days"]) == (store, "30")
    assert "LAMP" in shown.content.decode()
    assert browser.get(reverse("admin:stock-dead"), {"days": "90"}).context["days"] == "90"


def test_nothing_is_ordered_for_a_place_that_nobody_named(
    selling: Supplier, mug: Variant, store: Location, browser: Client
) -> None:
    sent = {"pick": [mug.pk], f"units-{mug.pk}": "24"}
    for place in ({}, {"location": "NOWHERE"}):
        assert browser.post(reverse("admin:stock-reorder"), {**sent, **place}).status_code == 404
    assert not PurchaseOrder.objects.exists()


def test_the_tile_counts_what_is_low_and_asked_for(
    selling: Supplier, mug: Variant, store: Location, manager: User
) -> None:
    cache.clear()
    forgotten = VariantFactory()
    bring(forgotten, store, 1, ago(300))
    low = stock_tiles.tiles(manager, at=AT)[1]
    assert (str(low.label), low.figure) == ("Low stock", "1")  # type: ignore[union-attr]
    assert low.sentence == "1 item is at or below its reorder point."  # type: ignore[union-attr]
    StockLevel.objects.filter(variant=mug).update(on_hand=61)
    assert stock_tiles.tiles(manager, at=AT)[1].figure == "1"  # type: ignore[union-attr]
    cache.clear()
    assert stock_tiles.tiles(manager, at=AT)[1].figure == "0"  # type: ignore[union-attr]
