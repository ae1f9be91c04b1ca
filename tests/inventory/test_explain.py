"""The sum behind what is available is right to the unit, whatever has happened to the shelf."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.kernel.ids import new_uid
from inventory import availability, documents, reservations, stock
from inventory.explain import Explanation, explain
from inventory.levels import Change, Demand, Source
from inventory.models import KitComponent, StockLevel, StockMovement
from tests.api.test_contract import Api, new_token_in_test
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.stock import receive
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db
Kind = StockMovement.Kind


@pytest.fixture
def mug() -> Variant:
    return VariantFactory(sku="MUG")


@pytest.fixture
def store() -> Location:
    return LocationFactory(code="PDX-1", name="Pearl")


def move(variant: Variant, store: Location, change: Change, kind: Kind, source: str = "adjustment") -> None:
    with transaction.atomic():
        stock.change({(variant.pk, store.pk): change}, kind=kind, source=Source(source, new_uid()), at=now())


def hold(variant: Variant, store: Location, units: int, *, minutes: int | None) -> None:
    """`minutes` may be negative: a hold that lapsed unswept; None allocates."""
    at = now() - timedelta(hours=1)
    with transaction.atomic():
        until = now() + timedelta(minutes=minutes) if minutes is not None else None
        reservations.reserve(
            [Demand(variant.pk, store.pk, units)], until=until, source=Source("order", new_uid()), at=at
        )


def said(variant: Variant, store: Location) -> int:
    return next(
        each.available for each in availability.of_variants([variant.pk], at=now()) if each.location == store.pk
    )


def why(variant: Variant, store: Location) -> Explanation:
    found = explain(variant, store, at=now())
    for shelf in found.shelves:
        assert shelf.on_hand == sum(each.quantity for each in shelf.sums) + shelf.drift
        listed = sum(each.quantity for each in shelf.holdings if not each.lapsed)
        assert shelf.others or listed == shelf.counting
        assert shelf.free == shelf.on_hand - shelf.reserved - shelf.safety
    return found


def test_the_sum_adds_up(mug: Variant, store: Location) -> None:
    receive(mug, store, 12, safety=2)
    move(mug, store, Change(-2, damaged=2), Kind.ADJUSTMENT)
    hold(mug, store, 3, minutes=None)
    hold(mug, store, 1, minutes=10)
    hold(mug, store, 4, minutes=-10)
    found = why(mug, store)
    (shelf,) = found.shelves
    assert [(each.kind, each.count, each.quantity, each.damaged) for each in shelf.sums] == [
        ("receipt", 1, 12, 0),
        ("adjustment", 1, -2, 2),
    ]
    assert (shelf.on_hand, shelf.reserved, shelf.lapsed, shelf.safety, shelf.damaged) == (10, 4, 4, 2, 2)
    assert [(each.quantity, each.state, each.lapsed) for each in shelf.holdings] == [
        (3, "allocated", False),
        (1, "held", False),
        (4, "held", True),
    ]
    assert (found.available, shelf.free, found.sellable) == (4, 4, 6)
    assert found.available == said(mug, store)
    assert [each.balance for each in shelf.movements] == [10, 12]


def test_a_kit_is_explained_by_its_components(mug: Variant, store: Location) -> None:
    kit, spoon = VariantFactory(sku="KIT"), VariantFactory(sku="SPOON")
    KitComponent.objects.bulk_create(
        [KitComponent(kit=kit, component=mug, quantity=2), KitComponent(kit=kit, component=spoon, quantity=1)]
    )
    receive(mug, store, 7)
    receive(spoon, store, 9, safety=1)
    found = why(kit, store)
    assert [(shelf.sku, shelf.per, shelf.makes) for shelf in found.shelves] == [("MUG", 2, 3), ("SPOON", 1, 8)]
    assert found.scarcest is found.shelves[0]
    assert found.available == said(kit, store) == 3


def test_what_the_location_never_held(mug: Variant, store: Location) -> None:
    found = why(mug, store)
    assert (found.available, found.shelves, found.scarcest) == (0, [], None)


def test_a_location_that_does_not_feed_the_web(mug: Variant, store: Location) -> None:
    Location.objects.filter(pk=store.pk).update(feeds_web=False)
    receive(mug, store, 5)
    found = why(mug, Location.objects.get())
    assert (found.available, found.is_counted, found.shelves[0].free) == (0, False, 5)


def test_a_drift_is_shown_not_hidden(mug: Variant, store: Location) -> None:
    receive(mug, store, 5)
    hold(mug, store, 1, minutes=None)
    with transaction.atomic():
        rows("UPDATE inventory_stocklevel SET on_hand = 7, reserved = 2")
    (shelf,) = why(mug, store).shelves
    assert (shelf.drift, shelf.reserved_drift) == (2, 1)


def test_many_reservations_are_summed_and_some_are_listed(mug: Variant, store: Location) -> None:
    receive(mug, store, 100)
    for _each in range(55):
        hold(mug, store, 1, minutes=None)
    (shelf,) = why(mug, store).shelves
    assert (len(shelf.holdings), shelf.others, shelf.reserved) == (50, 5, 55)


def test_the_number_of_statements_is_the_same_for_any_history(mug: Variant, store: Location) -> None:
    receive(mug, store, 50)
    move(mug, store, Change(-1), Kind.ADJUSTMENT)
    hold(mug, store, 1, minutes=None)
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as asked:
            explain(mug, store, at=now())
        counts.append(len(asked))
        for _each in range(10):
            move(mug, store, Change(-1), Kind.ADJUSTMENT)
            hold(mug, store, 1, minutes=None)
    assert counts[0] == counts[1] <= 12


def test_documents_are_called_as_people_call_them(card_network: Server) -> None:
    world = World.make()
    world.live_a_day()
    (shelf,) = explain(world.mug, world.store, at=now()).shelves
    titles = {each.document.title.split(" ")[0] for each in shelf.movements}
    assert titles == {"Goods", "Till", "Order", "Return"}
    back = next(each for each in shelf.movements if each.kind == "return")
    assert (back.document.title, back.document.note[:9]) == (f"Return {back.document.number}", "of order ")
    holding = shelf.holdings[0]
    assert holding.document.title == f"Order {holding.document.number}"
    shelves = [
        shelf for place in (world.store, world.warehouse) for shelf in explain(world.tent, place, at=now()).shelves
    ]
    notes = {each.document.title: each.document.note for shelf in shelves for each in shelf.holdings}
    assert notes["Checkout"].startswith("cart …")
    assert "not paid yet" in notes["Checkout"]
    sale = next(each for each in explain(world.mug, world.store, at=now()).shelves[0].movements if each.kind == "sale")
    assert sale.person == world.manager.get_full_name()


def test_every_source_has_one_name() -> None:
    assert {"order", "fulfillment", "return", "transfer", "stock_count", "adjustment", "import"} <= set(
        documents._registry()
    )
    assert settings.STOCK_DOCUMENTS
    unknown = documents.of([("moon_landing", new_uid())])
    assert [each.title for each in unknown.values()] == ["Moon landing"]


def test_the_api_explains(mug: Variant, store: Location) -> None:
    receive(mug, store, 5, safety=1)
    hold(mug, store, 2, minutes=None)
    api = Api(new_token_in_test("stock"))
    status, body = api("GET", "/availability/explain?sku=mug&location=PDX-1")
    assert (status, body["available"], body["sku"], body["location"]) == (200, 2, "MUG", "PDX-1")
    shelf = body["shelves"][0]
    assert shelf["on_hand"] - shelf["reserved"] - shelf["safety"] == shelf["free"] == 2
    assert shelf["sums"] == [{"kind": "receipt", "count": 1, "quantity": 5, "damaged": 0}]
    assert shelf["holdings"][0]["document"]["type"] == "order"
    json.dumps(body)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 422, "invalid_input"),
        ("?sku=MUG", 422, "invalid_input"),
        ("?sku=NONE&location=PDX-1", 404, "not_found"),
        ("?sku=MUG&location=MARS", 404, "not_found"),
    ],
)
def test_the_api_says_what_it_needs(mug: Variant, store: Location, query: str, status: int, code: str) -> None:
    answer, body = Api(new_token_in_test("stock"))("GET", f"/availability/explain{query}")
    assert (answer, body["code"]) == (status, code)


def test_the_api_asks_for_the_scope(mug: Variant, store: Location) -> None:
    status, _body = Api(new_token_in_test("availability"))("GET", "/availability/explain?sku=MUG&location=PDX-1")
    assert status == 403


def page(browser: Client, variant: Variant, store: Location) -> Any:
    return browser.get(reverse("admin:stock-explanation", args=[variant.pk, store.pk]))


def test_the_page_reads_like_a_statement(mug: Variant, store: Location) -> None:
    receive(mug, store, 12, safety=2)
    hold(mug, store, 3, minutes=None)
    hold(mug, store, 4, minutes=-10)
    browser = Client()
    browser.force_login(UserFactory(username="mina", role="manager"))
    answer = page(browser, mug, store)
    assert answer.status_code == 200
    lines = [
        (strip_tags(str(label)), line.figure, line.role) for label, line in answer.context["statements"][0]["lines"]
    ]
    assert lines == [
        ("Goods received", "+12", "item"),
        ("On hand", "12", "sum"),
        ("Order", "−3", "item"),
        ("Order", "−4", "quiet"),
        ("Safety stock", "−2", "item"),
        ("Available to the web", "7", "result"),
    ]


def test_the_page_is_for_the_places_of_the_person(mug: Variant, store: Location) -> None:
    receive(mug, store, 12)
    browser = Client()
    browser.force_login(UserFactory(username="far", role="manager", locations=[LocationFactory()]))
    assert page(browser, mug, store).status_code == 404
    assert StockLevel.objects.exists()
    nobody = Client()
    nobody.force_login(UserFactory(username="new", role="associate"))
    assert page(nobody, mug, store).status_code in (302, 403)


def test_measured_goods_are_explained_in_units(store: Location) -> None:
    ribbon = VariantFactory(sku="RIBBON")
    Variant.objects.filter(pk=ribbon.pk).update(unit="m", unit_scale=100)
    receive(ribbon, store, 250, safety=35)
    _status, body = Api(new_token_in_test("stock"))("GET", "/availability/explain?sku=RIBBON&location=PDX-1")
    shelf = body["shelves"][0]
    assert (body["available"], shelf["on_hand"], shelf["safety"], shelf["unit"]) == ("2.15", "2.5", "0.35", "m")
    assert shelf["movements"][0]["balance"] == "2.5"
    browser = Client()
    browser.force_login(UserFactory(username="mina", role="manager"))
    answer = page(browser, Variant.objects.get(pk=ribbon.pk), store)
    assert answer.context["title"] == "Why 2.15 m are available"
    assert [line.figure for _label, line in answer.context["statements"][0]["lines"]] == [
        "+2.5 m",
        "2.5 m",
        "−0.35 m",
        "2.15 m",
    ]
