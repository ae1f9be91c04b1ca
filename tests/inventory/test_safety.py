"""Safety stock: the location's, unless a level has its own."""

import pytest
from django.db import transaction

from commerce.company import locations
from commerce.events.models import Event
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from inventory import availability, stock
from inventory.actions.set_safety_stock import set_safety_stock
from inventory.levels import Demand, Source
from inventory.models import StockLevel
from inventory.tasks import keep_safety_stock
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.stock import receive

pytestmark = pytest.mark.django_db


@action
def save(location) -> None:
    locations.save(location, at=now())


def test_a_locations_safety_stock_is_that_of_all_that_has_none_of_its_own(tell) -> None:
    store = LocationFactory(code="PDX-1")
    mug, tote = VariantFactory(sku="MUG"), VariantFactory(sku="TOTE")
    receive(mug, store, 10)
    receive(tote, store, 10)
    own = StockLevel.objects.get(variant=tote)
    set_safety_stock(own.pk, 5, person=None, at=now())
    store.safety_stock = 2
    save(store)
    tell()
    assert dict(StockLevel.objects.values_list("variant__sku", "safety")) == {"MUG": 2, "TOTE": 5}
    assert availability.totals([mug.pk, tote.pk], at=now()) == {mug.pk: 8, tote.pk: 5}
    set_safety_stock(own.pk, None, person=None, at=now())
    own.refresh_from_db()
    assert (own.safety, own.safety_is_own) == (2, False)


def test_what_comes_in_new_is_kept_back_as_well() -> None:
    store = LocationFactory(code="PDX-1", safety_stock=3)
    lamp = VariantFactory(sku="LAMP")
    with transaction.atomic():
        stock.sell([Demand(lamp.pk, store.pk, 1)], source=Source("sale", new_uid()), at=now())
    assert StockLevel.objects.get(variant=lamp).safety == 3


def test_of_what_is_measured_as_many_meters_are_kept_back(tell) -> None:
    store = LocationFactory(code="PDX-1", safety_stock=3)
    ribbon = VariantFactory(sku="RIB", unit="m", unit_scale=100)
    receive(ribbon, store, 1000, safety=300)
    with transaction.atomic():
        stock.own_levels([(VariantFactory(sku="CORD", unit="m", unit_scale=10).pk, store.pk)])
    level = StockLevel.objects.get(variant=ribbon)
    assert dict(StockLevel.objects.values_list("variant__sku", "safety")) == {"RIB": 300, "CORD": 30}
    store.safety_stock = 2
    save(store)
    tell()
    assert dict(StockLevel.objects.values_list("variant__sku", "safety")) == {"RIB": 200, "CORD": 20}
    set_safety_stock(level.pk, 35, person=None, at=now())
    set_safety_stock(level.pk, None, person=None, at=now())
    level.refresh_from_db()
    assert level.safety == 200


@pytest.fixture
def tell():
    """Deliver what was recorded of locations."""

    def deliver() -> None:
        for event in Event.objects.filter(topic="location.changed"):
            with transaction.atomic():
                keep_safety_stock(event)

    return deliver
