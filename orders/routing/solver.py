"""Which location serves which line. Pure: numbers in, numbers out."""


def assign(wanted: list[tuple[int, int]], stock: dict[int, dict[int, int]]) -> list[tuple[int, int, int]] | None:
    """Units per location as (location, item, quantity), or None when all locations together have too few.

    `wanted` lists (item, quantity), each item once; `stock` maps a location to what it has of each item, the preferred
    location first. One parcel is best: the first location that has everything serves everything. Otherwise the location
    that can serve most of what is still wanted goes next, and so on, which keeps the number of parcels low.
    """
    open_items = dict(wanted)
    for location, has in stock.items():
        if all(has.get(item, 0) >= quantity for item, quantity in open_items.items()):
            return [(location, item, quantity) for item, quantity in wanted]
    left = {location: dict(has) for location, has in stock.items()}
    assigned: list[tuple[int, int, int]] = []
    while open_items:
        best = max(left, key=lambda place: _served(left[place], open_items), default=None)
        if best is None or not _served(left[best], open_items):
            return None
        has = left.pop(best)
        for item, quantity in list(open_items.items()):
            taken = min(has.get(item, 0), quantity)
            if taken:
                assigned.append((best, item, taken))
                open_items[item] -= taken
                if not open_items[item]:
                    del open_items[item]
    return assigned


def _served(has: dict[int, int], wanted: dict[int, int]) -> int:
    return sum(min(max(has.get(item, 0), 0), quantity) for item, quantity in wanted.items())
