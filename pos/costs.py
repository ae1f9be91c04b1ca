"""What goods cost the company, for those who let them go for less than their price."""

from collections.abc import Sequence

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.db import rows
from commerce.pricing.models import Market
from commerce.pricing.queries import market_for
from inventory.costs import company_currency
from pos.models import Register


def unit_costs(variants: Sequence[int], location: Location, market: Market) -> dict[int, int]:
    """Average cost of one unit by variant, in minor units: as it lies at the location, else anywhere. Costs are kept in
    the company's currency, that of its default market; in other markets none is known, and guessing would be worse."""
    if market.currency != company_currency():
        return {}
    found = rows(
        "SELECT DISTINCT ON (l.variant_id) l.variant_id, round(l.unit_cost * v.unit_scale)::bigint"
        " FROM inventory_stocklevel l JOIN catalog_variant v ON v.id = l.variant_id"
        " WHERE l.variant_id = ANY(%s::bigint[]) AND l.unit_cost > 0"
        " ORDER BY l.variant_id, l.location_id <> %s, l.on_hand DESC, l.id",
        [list(variants), location.pk],
    )
    return dict(found)


def costs_by_sku(skus: Sequence[str], register: Register) -> dict[str, int | None]:
    """`unit_costs` for a till; None where nobody knows."""
    known = dict(Variant.objects.filter(sku__in=list(skus)).values_list("pk", "sku"))
    location = register.location
    costs = unit_costs(list(known), location, market_for(location.country))
    return {sku: costs.get(pk) for pk, sku in known.items()}
