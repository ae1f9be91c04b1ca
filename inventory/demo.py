"""The demo's stock: what stood on the shelves on the first morning, and every delivery since."""

from collections import defaultdict
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel import demo
from commerce.kernel.demo import Advance, Stage
from commerce.kernel.ids import new_uid
from inventory import safety, stock
from inventory.levels import Source
from inventory.models import StockLevel, StockMovement


class Demo(demo.Room):
    def stages(self, *, at: datetime) -> list[Stage]:
        self._at = at
        return [Stage("Opening stock", len(self.retailer.locations()), self._open)]

    def happenings(self) -> dict[str, Any]:
        return {"delivery": self.deliver}

    @cached_property
    def _variants(self) -> dict[str, int]:
        return dict(Variant.objects.values_list("sku", "pk"))

    @cached_property
    def _places(self) -> dict[str, int]:
        return dict(Location.objects.values_list("code", "pk"))

    def _open(self, advance: Advance) -> None:
        shelves: dict[str, dict[tuple[int, int], int]] = defaultdict(dict)
        for line in self.retailer.initial_stock():
            place = self._places[line.location_code]
            shelves[line.location_code][self._variants[line.sku], place] = line.quantity
        for place in self.retailer.locations():
            with transaction.atomic():
                if not StockLevel.objects.filter(location=self._places[place.code]).exists():
                    source = Source("opening", new_uid())
                    stock.move(shelves[place.code], kind=StockMovement.Kind.RECEIPT, source=source, at=self._at)
                    safety.keep_all(self._places[place.code], place.safety_stock, at=self._at)
            advance(1)

    def deliver(self, delivery: Any, at: datetime) -> None:
        """Goods arrive, from a supplier or from another location, where they are missing from then on."""
        source = Source("transfer" if delivery.source_code else "goods_receipt", new_uid())
        here = self._places[delivery.location_code]
        units = {self._variants[line.sku]: line.quantity for line in delivery.lines}
        if delivery.source_code:
            sender = self._places[delivery.source_code]
            gone = {(variant, sender): -quantity for variant, quantity in units.items()}
            stock.move(gone, kind=StockMovement.Kind.ADJUSTMENT, source=source, at=at)
        arrived = {(variant, here): quantity for variant, quantity in units.items()}
        stock.move(arrived, kind=StockMovement.Kind.RECEIPT, source=source, at=at)
