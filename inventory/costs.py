"""What bought goods cost: from a supplier's price to a value in the company's currency."""

from collections.abc import Sequence

from commerce.kernel.db import rows
from commerce.kernel.money import minor_digits
from commerce.pricing.costs import Costs
from commerce.pricing.models import Market
from inventory.models import PurchaseOrderLine

PPM = 1_000_000


def company_currency() -> str | None:
    """The currency of the default market, in which stock is valued; None before there is a market."""
    market = Market.objects.select_related("price_list").filter(is_default=True).first()
    return market.currency if market else None


def average_costs(variant_ids: Sequence[int]) -> Costs:
    """What one unit of variants cost on average over all places, as `settings.GOODS_COSTS`; what is nowhere at what it
    last was worth."""
    found = rows(
        "SELECT l.variant_id, coalesce(round(sum(l.value_minor) FILTER (WHERE l.on_hand > 0) * v.unit_scale"
        " / nullif(sum(l.on_hand) FILTER (WHERE l.on_hand > 0), 0)), round(max(l.unit_cost) * v.unit_scale))::bigint"
        " FROM inventory_stocklevel l JOIN catalog_variant v ON v.id = l.variant_id"
        " WHERE l.variant_id = ANY(%s::bigint[]) GROUP BY l.variant_id, v.unit_scale",
        [list(variant_ids)],
    )
    return Costs(company_currency() or "", {variant: cost for variant, cost in found if cost})


def worth(line: PurchaseOrderLine, quantity: int) -> int:
    """What so much (in smallest amounts) of an order's line costs, in minor units of the order's currency, rounded half
    up: the line's cost is that of one unit, a piece or a meter."""
    scale = line.variant.unit_scale
    return (2 * line.cost_minor * quantity + scale) // (2 * scale)


def converted(minor: int, currency: str, *, rate_ppm: int, into: str | None, parts: int = 1) -> int:
    """`minor` (>= 0) units of `currency`, divided by `parts`, in minor units of `into`, rounded once, half up.

    `rate_ppm` is what one whole unit of `currency` costs in whole units of `into`, in millionths.
    """
    digits = minor_digits(into or currency) - minor_digits(currency)
    above = minor * rate_ppm * 10 ** max(digits, 0)
    below = PPM * 10 ** max(-digits, 0) * parts
    return (2 * above + below) // (2 * below)
