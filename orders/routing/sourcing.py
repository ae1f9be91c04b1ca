"""Finding the locations that an order ships from."""

from datetime import datetime, timedelta

from commerce.catalog.models import Variant
from commerce.catalog.units import in_units
from commerce.company.models import Location
from commerce.kernel.db import rows
from inventory import availability
from inventory.errors import InsufficientStock
from orders.fulfillment_types.base import Portion
from orders.routing import solver


def choose(lines: list[tuple[Variant, int]], *, country: str, at: datetime) -> list[Portion]:
    """Portions by location. Raises `InsufficientStock`.

    Places that have parcels left today come first, then those in the same country, then by the locations' own order.
    What is there goes before what is on backorder.
    """
    locations = {place.pk: place for place in Location.objects.filter(ships=True, is_active=True, feeds_web=True)}
    full = _full_today([pk for pk, place in locations.items() if place.ships_per_day is not None], at)
    preferred = sorted(
        locations.values(), key=lambda place: (place.pk in full, place.country != country, place.position, place.pk)
    )
    there: dict[int, dict[int, int]] = {place.pk: {} for place in preferred}
    promisable: dict[int, dict[int, int]] = {place.pk: {} for place in preferred}
    for level in availability.of_variants([variant.pk for variant, _quantity in lines], at=at):
        if level.location in there:
            there[level.location][level.variant] = level.available
            promisable[level.location][level.variant] = level.promisable
    wanted = [(variant.pk, quantity) for variant, quantity in lines]
    assigned = solver.assign(wanted, there) or solver.assign(wanted, promisable)
    if assigned is None:
        raise InsufficientStock(
            [
                {
                    "sku": variant.sku,
                    "name": variant.name,
                    "requested": in_units(quantity, variant.unit_scale),
                    "available": in_units(most, variant.unit_scale) if most > 0 else 0,
                }
                for variant, quantity in lines
                if (most := sum(has.get(variant.pk, 0) for has in promisable.values())) < quantity
            ]
        )
    variants = {variant.pk: variant for variant, _quantity in lines}
    portions: dict[int, list[tuple[Variant, int]]] = {}
    for location, item, quantity in assigned:
        portions.setdefault(location, []).append((variants[item], quantity))
    return [Portion(locations[location], tuple(units)) for location, units in portions.items()]


def _full_today(limited: list[int], at: datetime) -> set[int]:
    """Those of the places (primary keys) that were given all the parcels they can ship on this day of theirs."""
    if not limited:
        return set()
    found = rows(
        "SELECT c.id FROM company_location c LEFT JOIN orders_fulfillment f ON f.location_id = c.id AND f.type = 'ship'"
        " AND f.state <> 'canceled' AND f.created_at > %s"
        " AND (f.created_at AT TIME ZONE c.time_zone)::date = (%s AT TIME ZONE c.time_zone)::date"
        " WHERE c.id = ANY(%s) GROUP BY c.id HAVING count(f.id) >= c.ships_per_day",
        [at - timedelta(days=1), at, limited],
    )
    return {pk for (pk,) in found}
