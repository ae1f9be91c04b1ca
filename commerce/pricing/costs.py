"""What goods cost us, for margins: known above prices, and offered by settings.GOODS_COSTS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Costs:
    """Minor units of `currency` for one unit (a piece, a meter), by variant; what has never been bought is left out."""

    currency: str = ""
    by_variant: Mapping[int, int] = field(default_factory=dict)


def of(variant_ids: Sequence[int]) -> Costs:
    """Average costs of variants (primary keys)."""
    found: Costs = import_string(settings.GOODS_COSTS)(variant_ids)
    return found
