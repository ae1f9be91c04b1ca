"""Writing prices in bulk, and what lists then show."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from commerce.catalog.models import Listing, Variant
from commerce.events.models import Event
from commerce.kernel.db import rows
from commerce.pricing import prices, tasks
from commerce.pricing.models import Price
from tests.factories.catalog import ProductFactory, VariantFactory
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
    euros = PriceListFactory(code="eu", currency="EUR").pk
    put(us, {variant: (1999, None)})
    put(euros, {variant: (2199, None)})
    assert sorted(Listing.objects.values_list("price_list", "from_minor")) == sorted([(us, 1999), (euros, 2199)])
    with transaction.atomic():
        prices.remove(us, [variant.pk], at=AT)
    assert list(Listing.objects.values_list("price_list", "from_minor")) == [(euros, 2199)]


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
