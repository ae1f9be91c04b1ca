"""A whole catalog priced at once costs what each of its goods costs alone."""

import random
from typing import Any

import pytest

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.pricing import many_prices, queries
from commerce.pricing.many_prices import web_prices
from commerce.pricing.models import CustomerGroup, Market
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory, PriceListFactory
from tests.pricing.test_candidates import AT, price

pytestmark = pytest.mark.django_db
DAYS = [("", ""), ("2026-11-01", "2026-12-01"), ("", "2026-11-23"), ("2026-11-24", ""), ("2026-12-01", "")]


@pytest.fixture
def us() -> Market:
    return MarketFactory()


@pytest.fixture
def goods() -> list[Variant]:
    product = ProductFactory()
    return [VariantFactory(product=product, price=False) for _each in range(60)]


def scatter(goods: list[Variant], market: Market, dice: random.Random) -> None:
    """Prices on lists of every kind: of the market, a store's, a group's, one that is over, and from a quantity on."""
    shop: Location = LocationFactory(code="PDX-1")
    here, club, over = (PriceListFactory(code=code) for code in ("here", "club", "over"))
    here.only_locations.add(shop)
    club.only_groups.add(CustomerGroup.objects.create(code="club", name="Club"))
    over.ends_on = AT.date().replace(day=1)
    over.save()
    for variant in goods:
        for found in dice.sample([market.price_list, here, club, over], dice.choice([0, 1, 1, 1, 2])):
            first, end = dice.choice(DAYS)
            least = dice.choice([1, 1, 1, 3])
            price(variant, found, dice.randrange(100, 9_000), first, end, from_quantity=least)


@pytest.mark.parametrize("derived", ["", "sale", "club"])
@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_what_each_costs_alone(us: Market, goods: list[Variant], seed: int, derived: str) -> None:
    scatter(goods, us, random.Random(seed))
    if derived == "sale":
        PriceListFactory(code="sale", derived_from=us.price_list, factor_ppm=900_000, step_minor=100, ending_minor=99)
    if derived == "club":
        secret = PriceListFactory(code="secret", derived_from=us.price_list, factor_ppm=500_000)
        secret.only_groups.add(CustomerGroup.objects.get(code="club"))
    ids = [variant.pk for variant in goods]
    alone = {pk: minor for pk, (minor, _was) in queries.unit_prices(ids, market=us, at=AT).items()}
    assert alone
    assert web_prices(ids, market=us, at=AT) == alone


def test_goods_with_one_price_are_not_asked_about_one_by_one(
    us: Market, goods: list[Variant], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    for number, variant in enumerate(goods):
        price(variant, us.price_list, 1_000 + number)
    asked: list[int] = []
    one_by_one = queries.unit_prices
    monkeypatch.setattr(
        many_prices.queries, "unit_prices", lambda ids, **more: asked.extend(ids) or one_by_one(ids, **more)
    )
    with django_assert_num_queries(1):
        found = web_prices([variant.pk for variant in goods], market=us, at=AT)
    assert found == {variant.pk: 1_000 + number for number, variant in enumerate(goods)}
    assert asked == []
