"""Writing prices in bulk, and what lists then show."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from commerce.catalog.models import Listing, Variant
from commerce.events.models import Event
from commerce.kernel.db import rows
from commerce.kernel.errors import NotAllowed, NotFound
from commerce.pricing import prices, tasks
from commerce.pricing.actions.change_prices import change_prices
from commerce.pricing.actions.take_price_back import take_price_back
from commerce.pricing.errors import OverlappingPrices, StandingPrice, in_words
from commerce.pricing.models import Price
from commerce.pricing.timeline import ALWAYS, Days
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.company import UserFactory
from tests.factories.pricing import MarketFactory, PriceListFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def put(price_list: int, wanted: dict[Variant, prices.Amount]) -> prices.Written:
    with transaction.atomic():
        return prices.put(price_list, {variant.pk: amount for variant, amount in wanted.items()}, at=AT)


@pytest.fixture
def us() -> int:
    return int(MarketFactory().price_list_id)


def ranges() -> list[tuple[int, int, int | None]]:
    return list(Listing.objects.values_list("from_minor", "to_minor", "compare_at_minor"))


def test_new_changed_and_the_same(us: int) -> None:
    product = ProductFactory()
    small, large = VariantFactory(product=product, price=False), VariantFactory(product=product, price=False)
    assert put(us, {small: (1999, None), large: (2499, 2999)}) == prices.Written(
        frozenset({small.pk, large.pk}), frozenset()
    )
    assert ranges() == [(1999, 2499, None)]
    before = rows("SELECT xmin::text FROM pricing_price UNION ALL SELECT xmin::text FROM catalog_listing")
    assert put(us, {small: (1999, None), large: (2499, 2999)}) == prices.Written(frozenset(), frozenset())
    assert rows("SELECT xmin::text FROM pricing_price UNION ALL SELECT xmin::text FROM catalog_listing") == before
    assert put(us, {small: (1999, None), large: (1499, 2999)}) == prices.Written(frozenset(), frozenset({large.pk}))
    assert ranges() == [(1499, 1999, 2999)]
    events = Event.objects.filter(topic="catalog.changed").order_by("id")
    assert [event.key for event in events] == [str(product.uid)] * 2


def test_a_compare_at_price_that_compares_to_nothing_is_none(us: int) -> None:
    variant = VariantFactory(price=False)
    put(us, {variant: (2000, 2000)})
    assert Price.objects.get().compare_at_minor is None
    assert put(us, {variant: (2000, 1500)}) == prices.Written(frozenset(), frozenset())


@pytest.mark.parametrize("amount", [-1, prices.MAX_MINOR + 1])
def test_prices_out_of_range(amount: int, us: int) -> None:
    with pytest.raises(ValueError, match="negative or above"):
        put(us, {VariantFactory(price=False): (amount, None)})
    assert not Price.objects.exists()


def test_lists_of_two_currencies_do_not_mix(us: int) -> None:
    variant = VariantFactory(price=False)
    here, eu = MarketFactory().pk, MarketFactory(eu=True)
    euros = eu.price_list_id
    put(us, {variant: (1999, None)})
    put(euros, {variant: (2199, None)})
    assert sorted(Listing.objects.values_list("market", "from_minor")) == sorted([(here, 1999), (eu.pk, 2199)])
    with transaction.atomic():
        prices.remove(us, [variant.pk], at=AT)
    assert list(Listing.objects.values_list("market", "from_minor")) == [(eu.pk, 2199)]


def test_a_variant_that_is_not_sold_any_more_leaves_the_range(us: int) -> None:
    product = ProductFactory()
    cheap, dear = VariantFactory(product=product, price=False), VariantFactory(product=product, price=False)
    put(us, {cheap: (100, None), dear: (900, None)})
    Variant.objects.filter(pk=cheap.pk).update(is_active=False)
    event = Event(
        topic="catalog.changed", key=str(product.uid), payload={"products": [str(product.uid)]}, created_at=AT
    )
    with transaction.atomic():
        tasks.refresh_listings(event)
    assert ranges() == [(900, 900, None)]
    Variant.objects.update(is_active=False)
    with transaction.atomic():
        tasks.refresh_listings(event)
    assert ranges() == []


CHRISTMAS = Days(date(2026, 12, 1), date(2026, 12, 25))


def change(price_list: int, variant: Variant, *wanted: tuple[Days, prices.Amount], quantity: int = 1) -> prices.Written:
    with transaction.atomic():
        return prices.change(price_list, {(variant.pk, quantity): list(wanted)}, at=AT)


def shown(variant: Variant) -> list[tuple[int, int, str]]:
    found = Price.objects.filter(variant=variant).order_by("from_quantity", "during")
    return [(price.amount_minor, price.from_quantity, in_words(as_days(price))) for price in found]


def as_days(price: Price) -> Days:
    return Days(price.during.lower, price.during.upper)


def test_a_price_for_some_days_splits_the_standing_one_and_the_history_keeps_it(us: int) -> None:
    mug = VariantFactory(price=(5900, 6900))
    assert change(us, mug, (CHRISTMAS, (4900, None))) == prices.Written(frozenset(), frozenset({mug.pk}))
    assert shown(mug) == [
        (5900, 1, "until Nov. 30, 2026"),
        (4900, 1, "from Dec. 1, 2026 to Dec. 24, 2026"),
        (5900, 1, "from Dec. 25, 2026 on"),
    ]
    assert list(Price.objects.order_by("during").values_list("compare_at_minor", flat=True)) == [6900, None, 6900]
    assert Price.history.filter(withdrawn_at__isnull=False).get().amount_minor == 5900
    assert Event.objects.get(topic="catalog.changed").key == str(mug.product.uid)


def test_an_import_changes_the_standing_price_and_leaves_what_is_planned(us: int) -> None:
    mug, lamp = VariantFactory(), VariantFactory()
    change(us, mug, (CHRISTMAS, (1900, None)))
    assert put(us, {mug: (2700, None), lamp: (2700, None)}).updated == {mug.pk, lamp.pk}
    assert [row[0] for row in shown(mug)] == [2700, 1900, 2700]
    assert [row[0] for row in shown(lamp)] == [2700]
    assert put(us, {mug: (2700, None), lamp: (2700, None)}) == prices.Written(frozenset(), frozenset())


def test_quantities_have_prices_of_their_own(us: int) -> None:
    mug = VariantFactory()
    change(us, mug, (ALWAYS, (2200, None)), quantity=3)
    change(us, mug, (CHRISTMAS, (2000, None)), quantity=3)
    put(us, {mug: (2600, None)})
    assert [row[:2] for row in shown(mug)] == [(2600, 1), (2200, 3), (2000, 3), (2200, 3)]
    with transaction.atomic():
        prices.change(us, {(mug.pk, 3): None}, at=AT)
    assert [row[:2] for row in shown(mug)] == [(2600, 1)]


def test_nothing_is_written_when_one_of_many_is_refused(us: int) -> None:
    mug, lamp = VariantFactory(sku="MUG"), VariantFactory(sku="LAMP")
    change(us, lamp, (CHRISTMAS, (1900, None)))
    wanted: dict[prices.Key, prices.Wanted | None] = {
        (variant.pk, 1): [(Days(date(2026, 12, 24)), (1700, None))] for variant in (mug, lamp)
    }
    with pytest.raises(OverlappingPrices) as refused, transaction.atomic():
        prices.change(us, wanted, at=AT)
    assert list(refused.value.found) == [(lamp.pk, 1)]
    assert str(refused.value).startswith("LAMP: $19.00 is planned from Dec. 1, 2026 to Dec. 24, 2026 already.")
    assert [row[0] for row in shown(mug)] == [2500]


def test_the_database_holds_two_prices_on_a_day_apart(us: int) -> None:
    mug = VariantFactory()
    with pytest.raises(IntegrityError, match="price_once"), transaction.atomic():
        Price.objects.create(price_list_id=us, variant=mug, amount_minor=1, during=tuple(CHRISTMAS))


def test_taking_back(us: int) -> None:
    mug = VariantFactory()
    change(us, mug, (CHRISTMAS, (1900, None)))
    limited = Price.objects.get(is_limited=True)
    with transaction.atomic():
        assert prices.take_back(us, limited.pk, at=AT).amount == (1900, None)
    assert shown(mug) == [(2500, 1, "always")]
    with pytest.raises(NotFound), transaction.atomic():
        prices.take_back(us, limited.pk, at=AT)
    with pytest.raises(StandingPrice), transaction.atomic():
        prices.take_back(us, Price.objects.get().pk, at=AT)


def test_whose_day_it_is(us: int) -> None:
    eu = MarketFactory(eu=True, time_zone="Pacific/Auckland")
    late = datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert prices.day_of(us, late) == date(2026, 11, 20)
    assert prices.day_of(eu.price_list_id, late) == date(2026, 11, 21)
    trade = PriceListFactory(code="trade")
    assert prices.day_of(trade.pk, late) == date(2026, 11, 20)
    trade.only_markets.add(eu)
    assert prices.day_of(trade.pk, late) == date(2026, 11, 21)


def test_who_may_change_prices(us: int) -> None:
    mug = VariantFactory()
    with pytest.raises(NotAllowed):
        change_prices.__wrapped__(us, {(mug.pk, 1): None}, person=UserFactory(role="manager"), at=AT)
    with pytest.raises(NotAllowed):
        take_price_back.__wrapped__(us, Price.objects.get().pk, person=UserFactory(role="manager"), at=AT)
