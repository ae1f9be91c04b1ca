"""The edge of the demo's retailer: it counts as people write, 3 mugs and 2.35 m of webbing; behind it everything is a
whole number of smallest amounts."""

from decimal import Decimal
from functools import cached_property

from commerce.catalog import units
from commerce.catalog.models import Variant


class Amounts:
    """Knows how finely each SKU is counted. Lives for one run of the demo."""

    @cached_property
    def _goods(self) -> dict[str, Variant]:
        return {variant.sku: variant for variant in Variant.objects.select_related("product")}

    def of(self, sku: str, written: int | Decimal) -> int:
        """Smallest amounts, with the sign that was written. Raises `units.NoAmount` for what is not sold so finely."""
        amount = units.smallest(abs(written), self._goods[sku], least=0)
        return amount if written >= 0 else -amount

    def scale(self, sku: str) -> int:
        """Smallest amounts in one unit."""
        return self._goods[sku].unit_scale
