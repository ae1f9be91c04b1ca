"""The demo's stock: what stood on the shelves on the first morning, and everything that was bought and sent since."""

from collections import defaultdict
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction

from commerce.catalog.demo_amounts import Amounts
from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel import demo
from commerce.kernel.demo import Advance, Stage
from commerce.kernel.ids import new_uid
from commerce.pricing.engine import price_of
from inventory import kits, safety, serials, stock
from inventory.demo_goods import Goods
from inventory.demo_numbers import Labels
from inventory.demo_shelves import Shelves
from inventory.levels import Source
from inventory.models import StockLevel, StockMovement, Supplier, SupplierItem

EURO_PPM = 1_085_000  # what a euro costs in dollars


class Demo(demo.Room):
    def stages(self, *, at: datetime) -> list[Stage]:
        self._at = at
        return [
            Stage("Suppliers", len(self.retailer.suppliers()), self._meet),
            Stage("Kits", len(self._kits), self._assemble),
            Stage("Opening stock", len(self.retailer.locations()), self._open),
        ]

    def happenings(self) -> dict[str, Any]:
        return {
            "delivery_sent": self._goods.send,
            "delivery_came": self._goods.come,
            "shelves_counted": self._shelves.count,
            "mishap": self._shelves.suffer,
        }

    def finish(self, *, at: datetime) -> None:
        self._goods.leave_open(at=at)
        self._shelves.leave_open(at=at)

    @cached_property
    def _goods(self) -> Goods:
        return Goods(variants=self._variants, amounts=self._amounts, labels=self._labels, rate_ppm=EURO_PPM)

    @cached_property
    def _shelves(self) -> Shelves:
        return Shelves(self._variants, self._amounts, self._labels)

    @cached_property
    def _labels(self) -> Labels:
        return Labels()

    @cached_property
    def _amounts(self) -> Amounts:
        return Amounts()

    @cached_property
    def _variants(self) -> dict[str, int]:
        return dict(Variant.objects.values_list("sku", "pk"))

    @cached_property
    def _places(self) -> dict[str, int]:
        return dict(Location.objects.values_list("code", "pk"))

    @cached_property
    def _costs(self) -> dict[int, int]:
        """What one unit of each variant costs, in cents of the dollar."""
        known = self.retailer.variants_by_sku()
        return {pk: known[sku][1].cost_usd for sku, pk in self._variants.items() if sku in known}

    @cached_property
    def _scales(self) -> dict[int, int]:
        return {pk: self._amounts.scale(sku) for sku, pk in self._variants.items()}

    @cached_property
    def _kits(self) -> dict[str, Any]:
        """By SKU: what is in one, as (SKU, quantity)."""
        known = self.retailer.variants_by_sku()
        return {sku: variant.parts for sku, (_product, variant) in known.items() if variant.parts}

    def _assemble(self, advance: Advance) -> None:
        for sku, parts in self._kits.items():
            with transaction.atomic():
                inside = {self._variants[part]: self._amounts.of(part, quantity) for part, quantity in parts}
                kits.set_components(Variant.objects.get(pk=self._variants[sku]), inside, at=self._at)
            advance(1)

    def _meet(self, advance: Advance) -> None:
        copied = ("name", "email", "phone", "currency", "lead_days")
        known = self.retailer.variants_by_sku()
        brands = {sku: product.brand for sku, (product, _variant) in known.items() if sku not in self._kits}
        for each in self.retailer.suppliers():
            with transaction.atomic():
                facts = {name: getattr(each, name) for name in copied}
                supplier, _created = Supplier.objects.get_or_create(code=each.code, defaults=facts)
                made = sorted(sku for sku, brand in brands.items() if brand == each.brand)
                SupplierItem.objects.bulk_create(
                    [
                        SupplierItem(
                            supplier=supplier,
                            variant_id=self._variants[sku],
                            supplier_sku=f"{each.code}-{100 + number}",
                            cost_minor=self._cost(self._variants[sku], each.currency),
                            pack=known[sku][1].reel or 1,
                        )
                        for number, sku in enumerate(made)
                    ],
                    ignore_conflicts=True,
                )
            advance(1)

    def _cost(self, variant: int, currency: str) -> int:
        cost = self._costs[variant]
        return cost if currency == "USD" else round(cost * 1_000_000 / EURO_PPM)

    def _open(self, advance: Advance) -> None:
        shelves: dict[str, dict[tuple[int, int], int]] = defaultdict(dict)
        for line in self.retailer.initial_stock(self.scale):
            place = self._places[line.location_code]
            there = self._amounts.of(line.sku, line.quantity)
            shelves[line.location_code][self._variants[line.sku], place] = there
        for place in self.retailer.locations():
            with transaction.atomic():
                if not StockLevel.objects.filter(location=self._places[place.code]).exists():
                    self._fill(shelves[place.code])
                    safety.keep_all(self._places[place.code], place.safety_stock, at=self._at)
            advance(1)

    def _fill(self, shelf: dict[tuple[int, int], int]) -> None:
        worth = {
            (variant, place): price_of(self._costs[variant], units, self._scales[variant])
            for (variant, place), units in shelf.items()
        }
        source = Source("opening", new_uid())
        stock.move(shelf, kind=StockMovement.Kind.RECEIPT, source=source, at=self._at, values=worth)
        if shelf:
            numbers = self._labels.fresh({variant: units for (variant, _place), units in shelf.items()})
            serials.receive(numbers, next(iter(shelf))[1], source=source, at=self._at)
