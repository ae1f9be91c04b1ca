"""Which places a parcel leaves from: capacity, country, what feeds the web, what is there before what is to come."""

from datetime import timedelta

import pytest

from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from inventory.errors import InsufficientStock
from inventory.models import StockLevel
from orders.errors import CannotPickUp
from orders.fulfillment_types import get
from orders.fulfillment_types.base import Wish
from orders.models import Fulfillment
from orders.routing import sourcing
from tests.factories import trade
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory
from tests.factories.stock import receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug() -> Variant:
    return VariantFactory(sku="MUG")


def sent_from(mug: Variant, quantity: int) -> list[tuple[str, int]]:
    portions = sourcing.choose([(mug, quantity)], country="US", at=now())
    return [(portion.location.code, units) for portion in portions for _variant, units in portion.lines]


def test_a_place_that_does_not_feed_the_web_ships_nothing(mug: Variant) -> None:
    franchise = LocationFactory(code="FRA-1", feeds_web=False)
    receive(mug, franchise, 10)
    with pytest.raises(InsufficientStock) as refused:
        sent_from(mug, 1)
    assert refused.value.context["items"][0]["available"] == 0


def test_a_place_with_all_its_parcels_of_the_day_comes_last(mug: Variant) -> None:
    market = MarketFactory(name="United States")
    near, far = LocationFactory(code="PDX-1", ships_per_day=1), LocationFactory(code="SEA-1")
    receive(mug, near, 10)
    receive(mug, far, 10)
    assert sent_from(mug, 1) == [("PDX-1", 1)]
    trade.order_on_web(market, [(mug, 1)], email="ada@example.com", at=now())
    assert sent_from(mug, 1) == [("SEA-1", 1)]
    StockLevel.objects.filter(location=far).update(safety=10)
    assert sent_from(mug, 1) == [("PDX-1", 1)]  # late is better than never
    StockLevel.objects.filter(location=far).update(safety=0)
    Fulfillment.objects.update(created_at=now() - timedelta(days=1))
    assert sent_from(mug, 1) == [("PDX-1", 1)]  # another day, another parcel


def test_what_is_there_goes_before_what_is_to_come(mug: Variant) -> None:
    first, second = LocationFactory(code="PDX-1"), LocationFactory(code="SEA-1")
    receive(mug, first, 1)
    receive(mug, second, 4)
    StockLevel.objects.filter(location=first).update(policy="backorder", backorder_limit=5)
    assert sent_from(mug, 3) == [("SEA-1", 3)]
    assert sorted(sent_from(mug, 7)) == [("PDX-1", 6), ("SEA-1", 1)]
    with pytest.raises(InsufficientStock):
        sent_from(mug, 11)


def test_curbside_is_for_stores_that_offer_it() -> None:
    store = LocationFactory(code="PDX-1")
    with pytest.raises(CannotPickUp):
        get("curbside").check(Wish("curbside", location=store), ["US"])
    store.offers_curbside = True
    get("curbside").check(Wish("curbside", location=store), ["US"])
