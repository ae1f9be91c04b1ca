"""Which prices may count in a market: fetched, never decided, in one statement."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from commerce.catalog.models import Variant
from commerce.pricing import lists
from commerce.pricing.models import Market, Price, PriceList
from commerce.pricing.queries import candidates
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory, PriceListFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 19, tzinfo=UTC)


@pytest.fixture
def us() -> Market:
    return MarketFactory()


def price(variant: Variant, price_list: PriceList, amount: int, first: str = "", end: str = "", **more: Any) -> None:
    during = tuple(date.fromisoformat(day) if day else None for day in (first, end))
    Price.objects.create(price_list=price_list, variant=variant, amount_minor=amount, during=during, **more)


def codes(variant: Variant, market: Market, **asked: Any) -> set[str]:
    return {row[0] for row in candidates([variant.pk], market=market, at=AT, **asked).get(variant.pk, [])}


def test_rows_as_the_engine_takes_them_in_one_statement(us: Market, django_assert_num_queries: Any) -> None:
    mug, lamp, bare = VariantFactory(price=(2500, 2900)), VariantFactory(), VariantFactory(price=False)
    price(mug, us.price_list, 2200, from_quantity=3)
    price(mug, us.price_list, 2100, "2026-11-20", "2026-11-25", from_quantity=6)
    with django_assert_num_queries(1):
        found = candidates([mug.pk, lamp.pk, bare.pk, 0], market=us, at=AT)
    assert found == {
        mug.pk: [
            ["us", 2500, 2900, 1, "", ""],
            ["us", 2200, None, 3, "", ""],
            ["us", 2100, None, 6, "2026-11-20", "2026-11-25"],
        ],
        lamp.pk: [["us", 2500, None, 1, "", ""]],
    }


def test_lists_that_may_count_in_a_market(us: Market) -> None:
    eu = MarketFactory(eu=True)
    canada = MarketFactory(code="ca", countries=["CA"], price_list=PriceListFactory(code="ca"), is_default=False)
    mug = VariantFactory()
    for code, more in {"everywhere": {}, "retired": {"is_active": False}, "euros": {"currency": "EUR"}}.items():
        price(mug, PriceListFactory(code=code, **more), 100)
    for market in (us, canada, eu):
        own = PriceListFactory(code=f"only-{market.code}", currency=market.currency)
        own.only_markets.add(market)
        price(mug, own, 100)
    assert codes(mug, us) == {"us", "everywhere", "only-us"}
    assert codes(mug, canada) == {"everywhere", "only-ca"}
    assert codes(mug, eu) == {"euros", "only-eu"}


def test_a_list_that_others_are_derived_from_lends_its_prices_and_counts_nowhere(us: Market) -> None:
    canada = MarketFactory(code="ca", countries=["CA"], price_list=PriceListFactory(code="ca"), is_default=False)
    wholesale = PriceListFactory(code="wholesale", is_active=False)
    trade = PriceListFactory(code="trade", derived_from=wholesale, factor_ppm=800_000, step_minor=100, ending_minor=99)
    trade.only_markets.add(us)
    mug = VariantFactory(price=False)
    price(mug, wholesale, 1000)
    assert codes(mug, us) == {"wholesale"}
    assert codes(mug, canada) == set()
    found = {row["code"]: row for row in lists.rules_of(us)}
    assert {code: (row["base"], row["markets"], row["ends"], row["is_base"]) for code, row in found.items()} == {
        "us": ("", ["us"], "", True),
        "trade": ("wholesale", ["us"], "", False),
        "wholesale": ("", [], "0001-01-01", False),
    }
    assert (found["trade"]["factor_ppm"], found["trade"]["step_minor"], found["trade"]["ending_minor"]) == (
        800_000,
        100,
        99,
    )


def test_a_list_says_where_and_when_it_counts(us: Market) -> None:
    winter = PriceListFactory(
        code="winter", only_channels=["pos"], starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 24), rank=5
    )
    winter.only_locations.add(LocationFactory(code="PDX-1"))
    [found] = [row for row in lists.rules_of(us) if row["code"] == "winter"]
    assert (found["starts"], found["ends"], found["rank"]) == ("2026-12-01", "2026-12-25", 5)
    assert (found["locations"], found["channels"], found["groups"]) == (["PDX-1"], ["pos"], [])


def test_what_is_over_planned_or_withdrawn(us: Market) -> None:
    sale = PriceListFactory(code="sale")
    mug = VariantFactory()
    price(mug, sale, 900, "2026-11-01", "2026-11-22")
    price(mug, sale, 800, "2026-12-01", "2026-12-25")
    price(mug, sale, 700, withdrawn_at=AT, recorded_at=AT)
    assert codes(mug, us) == {"us"}
    assert [row[1] for row in candidates([mug.pk], market=us, at=AT, planned=True)[mug.pk]] == [800, 2500]


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_the_day_of_every_place_on_earth(hour: int, us: Market) -> None:
    """It may be yesterday or tomorrow where the till stands: the engine looks at its own clock."""
    sale = PriceListFactory(code="sale")
    mug = VariantFactory(price=False)
    price(mug, sale, 1, "2026-11-22", "2026-11-23")
    price(mug, sale, 3, "2026-11-24", "2026-11-25")
    found = candidates([mug.pk], market=us, at=AT.replace(hour=hour))[mug.pk]
    assert [row[1] for row in found] == [1, 3]


def test_what_a_market_does_not_sell_has_no_price_there(us: Market) -> None:
    mug, lamp = VariantFactory(), VariantFactory()
    us.excluded_products.add(mug.product)
    assert set(candidates([mug.pk, lamp.pk], market=us, at=AT)) == {lamp.pk}
