"""What a location sells, holds and awaits, read for `replenishment`: two statements for a whole location."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from commerce.company.models import Location
from commerce.kernel.db import rows
from inventory import incoming, replenishment
from inventory.replenishment import LEAD_DAYS, WEEKS, Item, Suggestion, Supply

SECONDS = 300  # how long the number of low levels is kept: it is read from two months of movements

# Movements of the window with the time until the next one: a balance of 0 or less is a spell without stock, and so is
# the time before a first movement that started from none. Transfers and damaged goods change the shelf, but are no
# demand; what comes back is no demand undone: it was asked for.
_ITEMS = """
    WITH moved AS (
        SELECT m.level_id, m.kind, m.quantity, m.balance_after, m.created_at,
            lead(m.created_at, 1, %(at)s) OVER w AS until, row_number() OVER w AS nth
        FROM inventory_stockmovement m JOIN inventory_stocklevel l ON l.id = m.level_id AND l.location_id = %(location)s
        WHERE m.created_at > %(since)s AND m.created_at <= %(at)s
        WINDOW w AS (PARTITION BY m.level_id ORDER BY m.id)),
    sold AS (
        SELECT level_id, jsonb_object_agg(week, units) AS units FROM (
            SELECT level_id, floor(extract(epoch FROM %(at)s - created_at) / 604800)::int AS week,
                -sum(quantity) AS units
            FROM moved WHERE kind IN ('sale', 'fulfillment') GROUP BY 1, 2) s
        GROUP BY 1),
    spells AS (
        SELECT level_id, created_at AS began, until FROM moved WHERE balance_after <= 0
        UNION ALL SELECT level_id, %(since)s, created_at FROM moved WHERE nth = 1 AND balance_after - quantity <= 0),
    empty AS (
        SELECT level_id, jsonb_object_agg(week, days) AS days FROM (
            SELECT level_id, week, sum(extract(epoch FROM LEAST(until, %(at)s - week * interval '7 days')
                - GREATEST(began, %(at)s - (week + 1) * interval '7 days'))) / 86400 AS days
            FROM spells JOIN generate_series(0, %(weeks)s - 1) AS week
                ON began < %(at)s - week * interval '7 days' AND until > %(at)s - (week + 1) * interval '7 days'
            GROUP BY 1, 2) e
        GROUP BY 1)
    SELECT l.variant_id, l.on_hand, l.reserved, s.units, e.days, l.reorder_point, l.reorder_up_to,
        p.id, p.name, p.lead_days, i.pack * v.unit_scale
    FROM inventory_stocklevel l JOIN catalog_variant v ON v.id = l.variant_id AND v.is_active
    LEFT JOIN sold s ON s.level_id = l.id LEFT JOIN empty e ON e.level_id = l.id
    LEFT JOIN inventory_supplieritem i ON i.variant_id = l.variant_id AND i.is_preferred
    LEFT JOIN inventory_supplier p ON p.id = i.supplier_id AND p.is_active
    WHERE l.location_id = %(location)s AND (s.level_id IS NOT NULL OR l.reorder_point IS NOT NULL OR %(all)s)
    ORDER BY v.sku_key
"""


def items_of(location: int, *, at: datetime, everything: bool = False) -> list[Item]:
    """The variants of a location (primary key) that were asked for in the last weeks or have a reorder point of their
    own; with `everything` all that it has ever held. Requested transfers and drafted orders count as incoming."""
    coming = incoming.of_location(location, planned=True)
    since = at - timedelta(weeks=WEEKS)
    found = rows(_ITEMS, {"at": at, "since": since, "location": location, "weeks": WEEKS, "all": everything})
    return [
        Item(
            variant=variant,
            on_hand=on_hand,
            reserved=reserved,
            incoming=coming.get(variant, 0),
            sold=[int(sold) for sold in _weekly(units)],
            empty=_weekly(empty),
            own_point=point,
            own_up_to=up_to,
            supply=Supply(supplier, name, lead_days, pack) if supplier else None,
        )
        for variant, on_hand, reserved, units, empty, point, up_to, supplier, name, lead_days, pack in found
    ]


def _weekly(found: str | None) -> list[float]:
    by_week = json.loads(found) if found else {}
    return [by_week.get(str(week), 0) for week in range(WEEKS)]


def surplus_of(location: int, *, at: datetime) -> dict[int, int]:
    """Units by variant that a location can give away."""
    spare = {}
    for item in items_of(location, at=at, everything=True):
        units = replenishment.surplus(item, lead_days=item.supply.lead_days if item.supply else LEAD_DAYS)
        if units:
            spare[item.variant] = units
    return spare


def suggestions(location: Location, *, at: datetime) -> list[Suggestion]:
    """What a location should order, from warehouses that can spare it and from suppliers."""
    items = items_of(location.pk, at=at)
    warehouses = Location.objects.filter(kind=Location.Kind.WAREHOUSE, is_active=True).exclude(pk=location.pk)
    donors = {place.pk: surplus_of(place.pk, at=at) for place in warehouses}
    return replenishment.suggest(items, donors)


def low_levels(locations: Iterable[int], *, at: datetime) -> dict[int, int]:
    """How many variants stand at or below their reorder point, by location (primary keys), as of a few minutes ago."""
    keys = sorted(locations)
    name = "inventory.low." + "-".join(map(str, keys))
    return cache.get_or_set(name, lambda: {key: _low(key, at) for key in keys}, SECONDS) or {}


def _low(location: int, at: datetime) -> int:
    items = items_of(location, at=at)
    leads = [replenishment.lead_of(item, has_donor=False) for item in items]
    plans = [replenishment.plan(item, lead_days=days) for item, days in zip(items, leads, strict=True)]
    return sum(replenishment.is_low(item, plan) for item, plan in zip(items, plans, strict=True))


@dataclass(frozen=True, slots=True)
class DeadStock:
    """Units that nobody has asked for in a long time; `value_minor` at average cost. `last_sold_at` None: never."""

    variant: int
    level: int
    sku: str
    name: str
    on_hand: int
    value_minor: int
    last_sold_at: datetime | None
    held_since: datetime
    unit: str
    unit_scale: int


DEAD_DAYS = 90
MOST_DEAD = 10_000
_DEAD_ROWS = """
    FROM inventory_stocklevel l
    CROSS JOIN LATERAL (SELECT created_at AS at FROM inventory_stockmovement m WHERE m.level_id = l.id
        ORDER BY m.id LIMIT 1) f
    {more} WHERE l.location_id = ANY(%(locations)s) AND l.on_hand > 0 AND f.at < %(since)s
        AND l.id NOT IN (SELECT level_id FROM inventory_stockmovement
            WHERE created_at >= %(since)s AND kind IN ('sale', 'fulfillment'))
"""
_LAST_SALE = """
    JOIN catalog_variant v ON v.id = l.variant_id JOIN catalog_product p ON p.id = v.product_id
    LEFT JOIN LATERAL (SELECT max(created_at) AS at FROM inventory_stockmovement m WHERE m.level_id = l.id
        AND m.kind IN ('sale', 'fulfillment')) s ON TRUE
"""
_DEAD = f"""
    SELECT v.id, l.id, v.sku, p.title || CASE WHEN v.title = '' THEN '' ELSE ' – ' || v.title END, l.on_hand,
        l.value_minor, s.at, f.at, v.unit, v.unit_scale
    {_DEAD_ROWS.format(more=_LAST_SALE)} ORDER BY l.value_minor DESC, l.on_hand DESC, v.sku_key LIMIT %(limit)s
"""
_DEADEST = f"""
    SELECT l.location_id {_DEAD_ROWS.format(more="")} GROUP BY 1 ORDER BY sum(l.value_minor) DESC, 1 LIMIT 1
"""


def dead_stock(location: int, *, at: datetime, days: int = DEAD_DAYS, limit: int = MOST_DEAD) -> list[DeadStock]:
    """What a location has held for so many days without anybody asking for it, the dearest first."""
    since = at - timedelta(days=days)
    return [DeadStock(*row) for row in rows(_DEAD, {"locations": [location], "since": since, "limit": limit})]


def deadest(locations: Iterable[int], *, at: datetime, days: int = DEAD_DAYS) -> int | None:
    """The location (primary key) whose dead stock is worth the most; None when none of them has any."""
    found = rows(_DEADEST, {"locations": list(locations), "since": at - timedelta(days=days)})
    return int(found[0][0]) if found else None
