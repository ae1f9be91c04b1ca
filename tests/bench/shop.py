"""A shop to trade in: goods on the shelf of a store and of a warehouse, taxed, at one price."""

from dataclasses import dataclass

from django.db import transaction

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.kernel.ids import new_uid
from commerce.pricing import listings
from inventory import stock
from inventory.levels import Source
from inventory.models import StockMovement
from tests.bench.data import make_catalog
from tests.factories.company import LocationFactory
from tests.factories.pricing import TaxRateFactory

PRICE = 2_500  # one price, so that every errand writes the same amounts
TAX_PPM = 80_000


@dataclass(frozen=True)
class Shop:
    store: Location
    warehouse: Location
    variants: list[Variant]

    @classmethod
    def open(cls, skus: int, *, units: int) -> "Shop":
        """A shop with so many SKUs, and so many units of each in both places."""
        made = make_catalog(skus, 1)
        store = LocationFactory(code="PDX-1")
        warehouse = LocationFactory(code="WH-1", warehouse=True)
        TaxRateFactory(country="US", rate_ppm=TAX_PPM)
        with transaction.atomic(durable=True):
            rows("UPDATE pricing_price SET amount_minor = %s, compare_at_minor = NULL", [PRICE])
            listings.refresh(made.products, at=now())
        shop = cls(
            store,
            warehouse,
            list(Variant.objects.select_related("product").filter(pk__in=made.variants).order_by("pk")),
        )
        for place in (warehouse, store):
            shop.receive({variant.pk: units for variant in shop.variants}, place)
        rows("ANALYZE")
        return shop

    def receive(self, units: dict[int, int], place: Location) -> None:
        """Put units (by the variant's primary key) on the shelf."""
        with transaction.atomic(durable=True):
            stock.move(
                {(variant, place.pk): quantity for variant, quantity in units.items()},
                kind=StockMovement.Kind.RECEIPT,
                source=Source("goods_receipt", new_uid()),
                at=now(),
            )
