"""What lists and pages show of prices: what the engine picks, changing at the market's midnight by itself."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from commerce.catalog.models import Listing, Variant
from commerce.catalog.queries import cards
from commerce.catalog.search import search
from commerce.events.models import Event
from commerce.kernel import audit
from commerce.pricing import listings, offers, prices, tasks, till_catalog
from commerce.pricing.actions.settle_listings import settle_lapsed
from commerce.pricing.models import CustomerGroup, Market, PriceList
from commerce.pricing.timeline import ALWAYS, Days
from tests.factories.catalog import CollectionFactory, ProductFactory, VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory, PriceListFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 19, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 1, 8, tzinfo=UTC)  # in Los Angeles
AFTER = datetime(2026, 12, 25, 8, tzinfo=UTC)
CHRISTMAS = Days(date(2026, 12, 1), date(2026, 12, 25))
MOMENT = timedelta(seconds=1)


@pytest.fixture
def us() -> Market:
    return MarketFactory(time_zone="America/Los_Angeles")


def change(price_list: PriceList, variant: Variant, amount: int, days: Days = ALWAYS, quantity: int = 1) -> None:
    with transaction.atomic():
        prices.change(price_list.pk, {(variant.pk, quantity): [(days, (amount, None))]}, at=AT)


def relist() -> None:
    with transaction.atomic():
        tasks.relist(Event(topic="lists.changed", key="USD", payload={}, created_at=AT))


def shown(variant: Variant, market: Market, at: datetime) -> tuple[int | None, int | None]:
    """What a list and its page say; both say the same."""
    [card] = cards([variant.product_id], market.pk, at=at)
    page = offers.product_page(variant.product.slug, market, at=at)
    assert (card.from_minor, card.to_minor) == (page.from_minor, page.to_minor)
    found = search(market=market.pk, at=at).products
    assert [each.from_minor for each in found] == ([card.from_minor] if card.from_minor is not None else [])
    return card.from_minor, card.to_minor


def sound() -> bool:
    return [finding.invariant.code for finding in audit.run() if finding.count] == []


def test_a_list_changes_at_the_markets_midnight_exactly(us: Market) -> None:
    mug = VariantFactory(price=5900)
    change(us.price_list, mug, 4900, CHRISTMAS)
    before = list(Listing.objects.values_list("pk", flat=True))
    assert shown(mug, us, AT) == shown(mug, us, MIDNIGHT - MOMENT) == (5900, 5900)
    assert shown(mug, us, MIDNIGHT) == shown(mug, us, AFTER - MOMENT) == (4900, 4900)
    assert shown(mug, us, AFTER) == (5900, 5900)
    assert list(Listing.objects.values_list("pk", flat=True)) == before


def test_what_is_over_is_tidied_and_told(us: Market) -> None:
    mug = VariantFactory(price=5900)
    change(us.price_list, mug, 4900, CHRISTMAS)
    told = Event.objects.filter(topic="catalog.changed").count()
    assert settle_lapsed(at=MIDNIGHT - MOMENT) == 0
    assert Listing.objects.count() == 3
    with transaction.atomic():
        listings.settle(listings.lapsed(at=MIDNIGHT), at=MIDNIGHT)
    assert Listing.objects.count() == 2
    assert Event.objects.filter(topic="catalog.changed").count() == told + 1
    assert listings.lapsed(at=MIDNIGHT) == []
    assert shown(mug, us, MIDNIGHT) == (4900, 4900)


def test_a_derived_list_ends_its_prices_alike(us: Market) -> None:
    mug = VariantFactory(price=(2030, 2900))
    PriceListFactory(
        code="outlet", derived_from=us.price_list, factor_ppm=900_000, step_minor=100, ending_minor=99, rank=1
    )
    relist()
    assert shown(mug, us, AT) == (1799, 1799)  # 18.27 is nearest to 17.99
    assert cards([mug.product_id], us.pk, at=AT)[0].compare_at_minor == 2599
    assert sound()


@pytest.mark.parametrize("limit", ["groups", "locations", "channels", "later", "over", "inactive", "other market"])
def test_lists_that_are_not_for_an_unknown_shopper_on_the_web(limit: str, us: Market) -> None:
    mug = VariantFactory(price=5900)
    special = PriceListFactory(code="special", rank=9)
    change(special, mug, 100)
    if limit == "groups":
        special.only_groups.add(CustomerGroup.objects.create(code="trade", name="Trade"))
    elif limit == "locations":
        special.only_locations.add(LocationFactory(code="PDX-1"))
    elif limit == "other market":
        canada = PriceListFactory(code="ca", currency="CAD")
        special.only_markets.add(MarketFactory(code="ca", countries=["CA"], price_list=canada, is_default=False))
    else:
        values: dict[str, Any] = {
            "channels": {"only_channels": ["pos"]},
            "later": {"starts_on": date(2026, 12, 24)},
            "over": {"ends_on": date(2026, 11, 22)},
            "inactive": {"is_active": False},
        }[limit]
        PriceList.objects.filter(pk=special.pk).update(**values)
    relist()
    assert shown(mug, us, AT) == (5900, 5900)
    assert shown(mug, us, datetime(2026, 12, 24, 9, tzinfo=UTC)) == ((100, 100) if limit == "later" else (5900, 5900))
    assert sound()


def test_the_range_over_variants_and_the_compare_at_price_of_the_cheapest(us: Market) -> None:
    product = ProductFactory()
    small = VariantFactory(product=product, price=(1999, 2999))
    VariantFactory(product=product, price=3999)
    change(PriceListFactory(code="sale", rank=1), small, 1499, CHRISTMAS)
    assert shown(small, us, AT) == (1999, 3999)
    assert cards([product.pk], us.pk, at=AT)[0].compare_at_minor == 2999
    assert shown(small, us, MIDNIGHT) == (1499, 3999)
    assert cards([product.pk], us.pk, at=MIDNIGHT)[0].compare_at_minor is None


def test_what_a_market_does_not_sell(us: Market) -> None:
    mug = VariantFactory()
    us.excluded_products.add(mug.product)
    relist()
    assert shown(mug, us, AT) == (None, None)
    assert [json.loads(chunk) for chunk in till_catalog.till_catalog(us, at=AT)[1]] == []
    assert sound()


def test_a_market_that_takes_another_list_forgets_the_old_one(us: Market) -> None:
    mug, lamp = VariantFactory(price=2500), VariantFactory(price=900)
    canada = PriceListFactory(code="ca", currency="CAD")
    change(canada, lamp, 1200)
    Market.objects.filter(pk=us.pk).update(price_list=canada)
    with transaction.atomic():
        tasks.relist(Event(topic="lists.changed", key="CAD", payload={}, created_at=AT))
    assert list(Listing.objects.values_list("product", "from_minor")) == [(lamp.product_id, 1200)]
    assert mug.prices.exists()
    assert sound()


def test_more_changes_than_are_kept_are_worked_out_in_time(us: Market) -> None:
    mug = VariantFactory(price=5900)
    for number in range(10):
        first = date(2027, 1, 1) + timedelta(days=10 * number)
        change(us.price_list, mug, 100 + number, Days(first, first + timedelta(days=5)))
    assert Listing.objects.count() == listings.MOST_PERIODS
    ends = max(row.ends_at for row in Listing.objects.all() if row.ends_at)
    assert listings.lapsed(at=ends) == [mug.product_id]
    with transaction.atomic():
        listings.settle([mug.product_id], at=ends)
    assert shown(mug, us, ends + timedelta(days=1))[0] in range(100, 5901)
    assert shown(mug, us, datetime(2027, 4, 2, 12, tzinfo=UTC)) == (109, 109)


def test_steps_say_from_which_quantity_it_costs_less(us: Market) -> None:
    mug = VariantFactory(price=500, product__slug="mug")
    change(us.price_list, mug, 450, quantity=3)
    change(us.price_list, mug, 470, quantity=6)  # never picked before the smaller quantity's, but larger is
    change(us.price_list, mug, 400, quantity=12)
    change(us.price_list, mug, 300, CHRISTMAS, quantity=24)
    [variant] = offers.product_page("mug", us, at=AT).variants
    assert (variant.price_minor, variant.steps) == (500, ((3, 450), (12, 400)))
    assert offers.product_page("mug", us, at=MIDNIGHT).variants[0].steps == ((3, 450), (12, 400), (24, 300))


def till_row(market: Market, sku: str) -> list[Any]:
    _position, chunks = till_catalog.till_catalog(market, at=AT)
    return next(row for chunk in chunks for row in json.loads(chunk) if row[1] == sku)


def test_a_till_keeps_what_is_planned_and_every_list_of_its_market(us: Market) -> None:
    plain, mug = VariantFactory(sku="PLAIN", price=(900, 1200)), VariantFactory(sku="MUG", price=5900)
    change(us.price_list, mug, 4900, CHRISTMAS)
    trade = PriceListFactory(code="trade")
    trade.only_groups.add(CustomerGroup.objects.create(code="trade", name="Trade"))
    change(trade, mug, 4500, quantity=10)
    assert till_row(us, plain.sku)[5] == [900, 1200]
    assert till_row(us, "MUG")[5] == [
        ["trade", 4500, None, 10, "", ""],
        ["us", 5900, None, 1, "", "2026-12-01"],
        ["us", 4900, None, 1, "2026-12-01", "2026-12-25"],
        ["us", 5900, None, 1, "2026-12-25", ""],
    ]
    assert till_catalog.lists_in(us) == "trade us"


def test_a_till_knows_the_collections_of_what_has_some(us: Market) -> None:
    mug = VariantFactory(sku="MUG")
    CollectionFactory(slug="winter", products=[mug.product])
    assert till_row(us, "MUG")[12:] == [{"collections": ["winter"]}]


@pytest.mark.parametrize("deed", ["excluded", "collection", "renamed", "price"])
@pytest.mark.django_db(transaction=True)
def test_what_changes_for_a_till_is_sent_again(deed: str) -> None:
    us = MarketFactory()
    mug = VariantFactory(sku="MUG")
    winter = CollectionFactory(slug="winter", products=[mug.product] if deed == "renamed" else [])
    position, _chunks = till_catalog.till_catalog(us, at=AT)
    assert list(till_catalog.till_catalog(us, since=position, at=AT)[1]) == []
    if deed == "excluded":
        us.excluded_products.add(mug.product)
    elif deed == "collection":
        winter.products.add(mug.product)
    elif deed == "renamed":
        type(winter).objects.update(slug="frost")
    else:
        change(us.price_list, mug, 100, CHRISTMAS)
    [chunk] = till_catalog.till_catalog(us, since=position, at=AT)[1]
    assert [(row[1], row[11]) for row in json.loads(chunk)] == [("MUG", deed != "excluded")]
