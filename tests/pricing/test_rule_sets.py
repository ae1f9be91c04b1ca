"""From the tables to the rules that the engine takes: made once per change, and never from what was rolled back."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commerce.catalog.models import Category, Collection
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.pricing import rules
from commerce.pricing.models import (
    CustomerGroup,
    ExchangeRate,
    Fee,
    Market,
    PriceList,
    Promotion,
    PromotionItem,
    TaxArea,
    TaxRate,
)
from tests.factories.catalog import CategoryFactory, VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory, TaxRateFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 3, 21, 0, tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def market() -> Market:
    return MarketFactory()


def set_of(market: Market, **more: Any) -> rules.RuleSet:
    return rules.rule_set(market, channel=more.pop("channel", "web"), at=more.pop("at", AT), **more)


def promotion(code: str = "spring", **fields: Any) -> Promotion:
    made = {"name": code, "label": code.title(), "kind": "percent", "percent_ppm": 100_000, "is_active": True}
    return Promotion.objects.create(code=code, created_at=AT, **{**made, **fields})


TRIO = {
    "id": "trio",
    "label": "Three for two",
    "kind": "buy_get",
    "scope": "line",
    "value": 100_000,
    "currency": "USD",
    "select": {"skus": ["SOCK"], "categories": [], "collections": ["rain"]},
    "exclude": {"skus": [], "categories": ["boots"], "collections": []},
    "qualify": {"skus": ["MUG"], "categories": [], "collections": []},
    "parts": [],
    "buy_quantity": 2,
    "get_quantity": 1,
    "tier_kind": "percent",
    "tiers": [],
    "min_spend_minor": 5000,
    "min_quantity": 0,
    "max_times": 3,
    "max_minor": 2000,
    "groups": ["club"],
    "locations": [],
    "channels": ["web", "pos"],
    "weekdays": [5, 6],
    "starts": "2026-05-01",
    "ends": "2026-06-01",
    "daily_from": "09:00",
    "daily_until": "17:30",
    "needs_coupon": False,
    "priority": 7,
    "exclusive": True,
    "best_of": "spring",
}


def test_a_promotion_as_the_engine_takes_it(market: Market) -> None:
    boots, rain = CategoryFactory(slug="boots"), Collection.objects.create(slug="rain", name="Rain")
    mug, sock = VariantFactory(sku="MUG"), VariantFactory(sku="SOCK")
    made = promotion(
        "trio",
        label="Three for two",
        kind="buy_get",
        buy_quantity=2,
        get_quantity=1,
        min_spend={"USD": 5000, "EUR": 4500},
        max_discount={"USD": 2000, "EUR": 1800},
        max_times=3,
        weekdays=[5, 6],
        starts_on=date(2026, 5, 1),
        ends_on=date(2026, 5, 31),
        daily_from=time(9),
        daily_until=time(17, 30),
        only_channels=["web", "pos"],
        priority=7,
        is_exclusive=True,
        best_of="spring",
    )
    made.only_groups.add(CustomerGroup.objects.create(code="club", name="Club"))
    for role, target in (
        ("select", {"variant": sock}),
        ("exclude", {"category": boots}),
        ("qualify", {"variant": mug}),
    ):
        PromotionItem.objects.create(promotion=made, role=role, **target)
    PromotionItem.objects.create(promotion=made, role="select", collection=rain)
    known = set_of(market)
    assert known.document["promotions"] == [TRIO]
    assert known.asks_for_shelves


def test_parts_of_a_bundle_and_tiers(market: Market) -> None:
    tent, mat, wool = (VariantFactory(sku=sku) for sku in ("TENT", "MAT", "WOOL"))
    bundle = promotion("camp", kind="bundle", amounts={"USD": 25_000})
    for part, variant, quantity in ((1, tent, 1), (2, mat, 2), (2, wool, 2)):
        PromotionItem.objects.create(promotion=bundle, role="part", part=part, variant=variant, quantity=quantity)
    steps = [{"from_quantity": 3, "amounts": {"USD": 100}}, {"from_quantity": 6, "amounts": {"USD": 250}}]
    promotion("steps", kind="tiers", tier_kind="amount", tiers=steps)
    camp, tiers = set_of(market).document["promotions"]
    nothing: dict[str, list[str]] = {"categories": [], "collections": []}
    assert camp["parts"] == [
        {"select": {"skus": ["TENT"], **nothing}, "quantity": 1},
        {"select": {"skus": ["MAT", "WOOL"], **nothing}, "quantity": 2},
    ]
    assert tiers["tiers"] == [{"from_quantity": 3, "value": 100}, {"from_quantity": 6, "value": 250}]


def test_what_cannot_count_there_is_left_out(market: Market) -> None:
    europe, store, other = MarketFactory(eu=True), LocationFactory(code="PDX-1"), LocationFactory(code="NYC-1")
    promotion("web-only", only_channels=["web"])
    promotion("till-only", only_channels=["pos"])
    promotion("euros", kind="amount", amounts={"EUR": 500})
    promotion("euro-threshold", min_spend={"EUR": 500})
    promotion("long-over", ends_on=date(2026, 2, 1))
    promotion("over-lately", ends_on=date(2026, 4, 30))
    promotion("draft", is_active=False)
    promotion("here").only_locations.add(store)
    promotion("there").only_locations.add(other)
    promotion("abroad").only_markets.add(europe)

    def codes(market: Market, **more: Any) -> set[str]:
        return {row["id"] for row in set_of(market, **more).document["promotions"]}

    assert codes(market) == {"web-only", "over-lately"}
    assert codes(market, channel="pos", location=store) == {"till-only", "over-lately", "here"}
    assert codes(europe) == {"web-only", "over-lately", "euros", "euro-threshold", "abroad"}


def test_a_fee_names_its_goods_or_is_for_none(market: Market) -> None:
    bottle = VariantFactory(sku="COLA")
    fee = Fee.objects.create(
        code="deposit", label="Deposit", kind="deposit", currency="USD", amount_minor=10, country="US", region="OR"
    )
    assert set_of(market).document["fees"] == []
    fee.variants.add(bottle)
    assert set_of(market).document["fees"] == [
        {
            "code": "deposit",
            "label": "Deposit",
            "kind": "deposit",
            "amount_minor": 10,
            "currency": "USD",
            "tax_class": "",
            "select": {"skus": ["COLA"], "categories": [], "collections": []},
            "jurisdictions": ["US-OR"],
        }
    ]


CHANGES: dict[str, Callable[[Market, Location], Any]] = {
    "price list": lambda market, store: PriceList.objects.update(rank=3),
    "its markets": lambda market, store: market.price_list.only_markets.add(market),
    "its stores": lambda market, store: market.price_list.only_locations.add(store),
    "market": lambda market, store: Market.objects.update(margin_floor_ppm=1),
    "excluded": lambda market, store: market.excluded_products.add(VariantFactory(price=False).product),
    "tax rate": lambda market, store: TaxRate.objects.update(rate_ppm=1),
    "tax area": lambda market, store: TaxArea.objects.create(country="US", postal_prefix="9", localities=["X"]),
    "promotion": lambda market, store: promotion("more"),
    "its items": lambda market, store: PromotionItem.objects.create(
        promotion=Promotion.objects.get(code="spring"), variant=VariantFactory(price=False)
    ),
    "its end": lambda market, store: Promotion.objects.all().delete(),
    "fee": lambda market, store: Fee.objects.create(code="f", label="F", currency="USD", amount_minor=1),
    "exchange rate": lambda market, store: ExchangeRate.objects.create(currency="EUR", rate=1, valid_from=AT.date()),
    "a category's name": lambda market, store: Category.objects.update(slug="renamed"),
    "a store's code": lambda market, store: Location.objects.update(code="PDX-9"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_a_rule_makes_the_rules_old(market: Market, change: str) -> None:
    store, _category, _rate = LocationFactory(code="PDX-1"), CategoryFactory(slug="boots"), TaxRateFactory()
    promotion()
    before = rules.version()
    assert rules.version() == before
    CHANGES[change](market, store)
    assert rules.version() != before


def test_a_set_is_made_once_and_its_taxes_once_per_place(market: Market) -> None:
    TaxRateFactory(country="US", region="TX", code="tx")
    first = set_of(market)
    with CaptureQueriesContext(connection) as seen:
        assert set_of(market) is first
    assert len(seen) == 1
    texas = set_of(market, where=["US", "US-TX"])
    assert [tax["code"] for tax in texas.document["taxes"]] == ["tx"]
    assert texas.version != first.version
    with CaptureQueriesContext(connection) as seen:
        assert set_of(market, where=["US", "US-TX"]) is texas
    assert len(seen) == 1


class Refused(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_not_remembered() -> None:
    market = MarketFactory()
    with suppress(Refused), transaction.atomic():
        promotion("never")
        assert [row["id"] for row in set_of(market).document["promotions"]] == ["never"]
        raise Refused
    promotion("after", priority=1)
    assert [row["id"] for row in set_of(market, at=now()).document["promotions"]] == ["after"]
