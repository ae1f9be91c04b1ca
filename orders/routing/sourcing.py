"""Finding the locations that an order ships from."""

from datetime import datetime

from commerce.catalog.models import Variant
from commerce.company.models import Location
from inventory import availability
from inventory.errors import InsufficientStock
from orders.fulfillment_types.base import Portion
from orders.routing import solver


def choose(lines: list[tuple[Variant, int]], *, country: str, at: datetime) -> list[Portion]:
    """Portions by location: in the same country first, then by the locations' own order. Raises `InsufficientStock`."""
    locations = {place.pk: place for place in Location.objects.filter(ships=True, is_active=True)}
    preferred = sorted(locations.values(), key=lambda place: (place.country != country, place.position, place.pk))
    stock: dict[int, dict[int, int]] = {place.pk: {} for place in preferred}
    for level in availability.of_variants([variant.pk for variant, _quantity in lines], at=at):
        if level.location in stock:
            stock[level.location][level.variant] = level.available
    wanted = [(variant.pk, quantity) for variant, quantity in lines]
    assigned = solver.assign(wanted, stock)
    if assigned is None:
        raise InsufficientStock(
            [
                {"sku": variant.sku, "name": variant.name, "requested": quantity, "available": there}
                for variant, quantity in lines
                if (there := sum(has.get(variant.pk, 0) for has in stock.values())) < quantity
            ]
        )
    variants = {variant.pk: variant for variant, _quantity in lines}
    portions: dict[int, list[tuple[Variant, int]]] = {}
    for location, item, quantity in assigned:
        portions.setdefault(location, []).append((variants[item], quantity))
    return [Portion(locations[location], tuple(units)) for location, units in portions.items()]
