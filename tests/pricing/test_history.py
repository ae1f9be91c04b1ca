""" "What was it on 3 May at 14:10 in this store": the price, the list that won, and why not the others."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.pricing import prices
from commerce.pricing.history import price_at
from commerce.pricing.models import CustomerGroup, Market, PriceList
from commerce.pricing.timeline import ALWAYS, Days
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory, PriceListFactory

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def us() -> Market:
    return MarketFactory(time_zone="America/New_York")


@pytest.fixture
def pearl() -> Location:
    return LocationFactory(code="PDX-1", time_zone="America/Los_Angeles")


@pytest.fixture
def mug(us: Market) -> Variant:
    made: Variant = VariantFactory(price=False)
    change(us.price_list, made, 5900, at=MARCH)
    return made


def change(
    price_list: PriceList, variant: Variant, amount: int | None, days: Days = ALWAYS, quantity: int = 1, *, at: datetime
) -> None:
    with transaction.atomic():
        wanted = None if amount is None else [(days, (amount, None))]
        prices.change(price_list.pk, {(variant.pk, quantity): wanted}, at=at)


def test_a_price_is_that_of_its_instant(us: Market, pearl: Location, mug: Variant) -> None:
    changed = datetime(2026, 5, 3, 21, 10, tzinfo=UTC)
    change(us.price_list, mug, 6400, at=changed)

    def then(at: datetime) -> int | None:
        return price_at(mug, market=us, location=pearl, at=at).amount_minor

    assert then(MARCH - timedelta(seconds=1)) is None
    assert then(MARCH) == then(changed - timedelta(seconds=1)) == 5900
    assert then(changed) == then(changed + timedelta(days=900)) == 6400


def test_what_was_planned_and_changed_before_its_day_never_was(us: Market, mug: Variant) -> None:
    christmas = Days(date(2026, 12, 1), date(2026, 12, 25))
    change(us.price_list, mug, 4900, christmas, at=MARCH + timedelta(days=1))
    day = datetime(2026, 12, 10, 15, tzinfo=UTC)
    assert price_at(mug, market=us, at=day).amount_minor == 4900
    [limited] = [span for span in prices.known(us.price_list_id, [(mug.pk, 1)])[mug.pk, 1] if span.is_limited]
    with transaction.atomic():
        prices.take_back(us.price_list_id, limited.key, at=MARCH + timedelta(days=2))
    assert price_at(mug, market=us, at=day).amount_minor == 5900


def test_each_store_by_its_own_midnight(us: Market, pearl: Location, mug: Variant) -> None:
    change(us.price_list, mug, 4900, Days(date(2026, 12, 1), date(2026, 12, 2)), at=MARCH)
    late = datetime(2026, 12, 1, 7, 59, 59, tzinfo=UTC)  # on the web, in New York, it is the 1st since three hours
    assert price_at(mug, market=us, at=late).amount_minor == 4900
    assert price_at(mug, market=us, location=pearl, at=late).amount_minor == 5900
    assert price_at(mug, market=us, location=pearl, at=late + timedelta(seconds=1)).amount_minor == 4900


def whys(found: Any) -> dict[str, tuple[int | None, str]]:
    return {row.price_list.code: (row.amount_minor, row.why) for row in found.considered}


def test_why_this_price(us: Market, pearl: Location, mug: Variant) -> None:
    staff, summer, web, local = (PriceListFactory(code=code) for code in ("staff", "summer", "web", "local"))
    staff.only_groups.add(CustomerGroup.objects.create(code="staff", name="Staff"))
    PriceList.objects.filter(pk=summer.pk).update(starts_on=date(2026, 6, 1), ends_on=date(2026, 8, 31))
    PriceList.objects.filter(pk=web.pk).update(only_channels=["web"])
    local.only_locations.add(pearl)
    for price_list, amount in ((staff, 3000), (summer, 4000), (web, 5000), (local, 5500)):
        change(price_list, mug, amount, at=MARCH)
    found = price_at(mug, market=us, location=pearl, at=datetime(2026, 5, 3, 21, 10, tzinfo=UTC))
    assert (found.amount_minor, found.considered[0].price_list) == (5500, local)
    assert whys(found) == {
        "local": (5500, "won"),
        "us": (5900, "less_specific"),
        "staff": (None, "group"),
        "summer": (None, "not_started"),
        "web": (None, "channel"),
    }
    PriceList.objects.filter(pk=us.price_list_id).update(rank=1)
    assert whys(price_at(mug, market=us, location=pearl, at=MARCH))["local"] == (5500, "outranked")
    assert price_at(mug, market=us, at=MARCH, groups=("staff",)).amount_minor == 5900


def test_lists_are_named_where_none_of_them_counts(us: Market) -> None:
    mug = VariantFactory(price=False)
    change(us.price_list, mug, 400, quantity=10, at=MARCH)
    found = price_at(mug, market=us, at=MARCH)
    assert (found.amount_minor, whys(found)) == (None, {"us": (None, "quantity")})
    assert price_at(mug, market=us, at=MARCH, quantity=10).amount_minor == 400


def test_what_was_taken_off_a_list_had_no_price_from_then_on(us: Market, mug: Variant) -> None:
    change(us.price_list, mug, None, at=MARCH + timedelta(days=3))
    assert price_at(mug, market=us, at=MARCH + timedelta(days=2)).amount_minor == 5900
    assert price_at(mug, market=us, at=MARCH + timedelta(days=4)).amount_minor is None
