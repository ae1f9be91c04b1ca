"""The serial numbers of the demo's pieces: new ones for what comes in, those on the shelf for what leaves."""

from collections.abc import Mapping
from functools import cached_property
from uuid import UUID

from commerce.catalog.models import Variant
from inventory import numbered
from inventory.models import SerialUnit

Units = Mapping[int, int]  # by variant (primary key)
Chosen = dict[int, list[str]]


class Labels:
    """Only variants that have serial numbers are in what it gives. A run that was stopped counts on from there."""

    @cached_property
    def makes(self) -> dict[int, str]:
        """By variant that has serial numbers: what its makers begin them with, the same for all of a product."""
        skus = Variant.objects.filter(tracks_serials=True).values_list("pk", "sku")
        return {pk: sku.split("-")[0] for pk, sku in skus}

    @cached_property
    def _made(self) -> dict[str, int]:
        return {}

    def fresh(self, units: Units) -> Chosen:
        """Numbers that no piece had before."""
        return {
            variant: [self._next(self.makes[variant]) for _piece in range(count)]
            for variant, count in units.items()
            if variant in self.makes
        }

    def _next(self, make: str) -> str:
        if make not in self._made:
            self._made[make] = SerialUnit.objects.filter(serial__startswith=make).count()
        self._made[make] += 1
        return f"{make}{self._made[make]:05d}"

    def standing(self, location: int, units: Units) -> Chosen:
        """Pieces that stand at a location (primary key)."""
        tracked = {variant: count for variant, count in units.items() if variant in self.makes}
        return {variant: numbered.in_stock_at(location, variant)[:count] for variant, count in tracked.items()}

    def on_the_way(self, transfer: UUID, units: Units) -> Chosen:
        """Pieces that a transfer (uid) has on the way."""
        tracked = {variant: count for variant, count in units.items() if variant in self.makes}
        coming = numbered.under_way(transfer) if tracked else {}
        return {variant: coming.get(variant, [])[:count] for variant, count in tracked.items()}
