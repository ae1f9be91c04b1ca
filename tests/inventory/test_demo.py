"""The demo's stock, told with next to nothing on the shelves: it comes to its end whatever the history left."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from commerce.catalog.demo_amounts import Amounts
from commerce.kernel.clock import now
from inventory.demo import Demo
from inventory.demo_goods import Goods
from inventory.demo_numbers import Labels
from inventory.models import PurchaseOrder, StockLevel, SupplierItem, Transfer
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory
from tests.factories.purchases import SupplierFactory
from tests.factories.stock import receive

pytestmark = pytest.mark.django_db


def retailer(units: int) -> Any:
    """One location with one thing on its shelf, of which a retailer twice as large has twice as many."""
    return SimpleNamespace(
        locations=lambda: [SimpleNamespace(code="WH-1", safety_stock=0)],
        suppliers=list,
        initial_stock=lambda scale: [SimpleNamespace(location_code="WH-1", sku="MUG", quantity=round(units * scale))],
        variants_by_sku=lambda: {"MUG": (None, SimpleNamespace(cost_usd=300, parts=(), reel=None))},
    )


@pytest.mark.parametrize(("scale", "on_hand"), [(1, 10), (2.5, 25)])
def test_the_shelves_are_as_full_as_the_history_takes_them_to_be(scale: float, on_hand: int) -> None:
    LocationFactory(code="WH-1")
    VariantFactory(sku="MUG")
    stages = {stage.title: stage for stage in Demo(retailer(10), scale).stages(at=now())}
    stages["Opening stock"].run(lambda done: None)
    assert StockLevel.objects.get().on_hand == on_hand
    assert StockLevel.objects.get().value_minor == 300 * on_hand


@pytest.mark.parametrize("spare", [0, 1])
def test_documents_are_left_open_though_the_stores_have_nothing_to_spare(spare: int) -> None:
    MarketFactory()
    places = {code: LocationFactory(code=code) for code in ("WH-1", "PDX-1", "BKN-1", "AUS-1", "MSP-1")}
    variants = [VariantFactory() for _n in range(20)]
    for variant in variants:
        receive(variant, places["WH-1"], 1)
        for code in ("PDX-1", "BKN-1"):
            if spare:
                receive(variant, places[code], spare)
    for n in range(3):
        supplier = SupplierFactory(code=f"S{n}")
        for variant in variants[3 * n : 3 * n + 3]:
            SupplierItem.objects.create(supplier=supplier, variant=variant, cost_minor=100)
    known = {variant.sku: variant.pk for variant in variants}
    goods = Goods(variants=known, amounts=Amounts(), labels=Labels(), rate_ppm=1_000_000)
    with transaction.atomic():
        goods.leave_open(at=now())
    states = sorted(Transfer.objects.values_list("state", flat=True))
    assert states == ["approved", "canceled", "requested", "shipped", "shipped"]
    assert sorted(PurchaseOrder.objects.values_list("state", flat=True)) == ["draft", "ordered", "ordered"]
