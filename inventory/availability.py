"""What can be promised: the one formula that every channel and every way of fulfillment asks.

available = on hand - reserved - safety, where holds that have lapsed do not count as reserved. Of a kit there are as
many as the component that is scarcest at the location allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from commerce.kernel.db import rows
from inventory.levels import BACKORDER


@dataclass(frozen=True, slots=True)
class Availability:
    """Units of a variant at a location; none but `on_hand` is negative.

    `available` is what the web may promise from what is there, `sellable` what the till may sell without taking a unit
    that was promised. `backorder` may be promised beyond it, by the policy of variant and location; `expected_on` is
    what shoppers are told then.
    """

    variant: int
    location: int
    on_hand: int
    reserved: int
    safety: int
    available: int
    backorder: int
    policy: str
    expected_on: date | None

    @property
    def sellable(self) -> int:
        return max(self.on_hand - self.reserved, 0)

    @property
    def promisable(self) -> int:
        """What the web may promise in all."""
        return self.available + self.backorder


def _sql(variants: str) -> str:
    """The formula, over a table expression of `variant_id`s. Of a kit the figures are those of whole kits. Parameters:
    at, at, those of `variants`, at."""
    return f"""
    SELECT n.variant_id, n.location_id, n.on_hand, n.on_hand - n.sellable AS reserved, n.safety,
           CASE WHEN n.feeds_web THEN GREATEST(n.free, 0) ELSE 0 END AS available,
           CASE WHEN n.feeds_web THEN GREATEST(n.reach, 0) - GREATEST(n.free, 0) ELSE 0 END AS backorder,
           n.policy, n.expected_on
    FROM (
        SELECT w.variant_id, l.location_id, c.feeds_web, c.position,
               min(CASE WHEN k.id IS NULL THEN l.on_hand ELSE GREATEST(l.on_hand, 0) / k.quantity END) AS on_hand,
               min(CASE WHEN k.id IS NULL THEN l.on_hand - h.reserved
                   ELSE GREATEST(l.on_hand - h.reserved, 0) / k.quantity END) AS sellable,
               min(l.safety) AS safety,
               min(CASE WHEN k.id IS NULL THEN l.on_hand - h.reserved - l.safety
                   ELSE GREATEST(l.on_hand - h.reserved - l.safety, 0) / k.quantity END) AS free,
               min(CASE WHEN k.id IS NULL THEN l.on_hand - h.reserved - l.safety + {BACKORDER}
                   ELSE GREATEST(l.on_hand - h.reserved - l.safety + {BACKORDER}, 0) / k.quantity END) AS reach,
               coalesce(min(l.policy) FILTER (WHERE l.policy <> 'deny'), 'deny') AS policy,
               max(l.expected_on) AS expected_on
        FROM {variants} AS w(variant_id)
        LEFT JOIN inventory_kitcomponent k ON k.kit_id = w.variant_id
        JOIN inventory_stocklevel l ON l.variant_id = coalesce(k.component_id, w.variant_id)
        JOIN company_location c ON c.id = l.location_id AND c.is_active
        CROSS JOIN LATERAL (SELECT l.reserved - coalesce((SELECT sum(r.quantity) FROM inventory_reservation r
            WHERE r.level_id = l.id AND r.state = 'held' AND r.expires_at <= %s), 0)::int AS reserved) h
        GROUP BY w.variant_id, l.location_id, c.feeds_web, c.position
        HAVING count(k.id) = (SELECT count(*) FROM inventory_kitcomponent a WHERE a.kit_id = w.variant_id)
    ) n
"""


def of_variants(variants: Sequence[int], *, at: datetime) -> list[Availability]:
    """Per variant and active location that has ever held it, in the order of the locations; one statement."""
    order = " ORDER BY n.position, n.location_id, n.variant_id"
    found = rows(_sql("unnest(%s::bigint[])") + order, [at, at, list(variants), at])
    return [Availability(*row) for row in found]


def of_location(location: int) -> list[tuple[str, int, int]]:
    """SKU, on hand and reserved of all that a location has ever held, and of the kits that can be made of it there."""
    return rows(
        "SELECT v.sku, l.on_hand, l.reserved FROM inventory_stocklevel l JOIN catalog_variant v ON v.id = l.variant_id"
        " WHERE l.location_id = %s UNION ALL"
        " SELECT v.sku, min(GREATEST(l.on_hand, 0) / k.quantity), min(GREATEST(l.on_hand, 0) / k.quantity)"
        " - min(GREATEST(l.on_hand - l.reserved, 0) / k.quantity)"
        " FROM inventory_kitcomponent k JOIN catalog_variant v ON v.id = k.kit_id"
        " LEFT JOIN inventory_stocklevel l ON l.variant_id = k.component_id AND l.location_id = %s"
        " GROUP BY v.id, v.sku HAVING bool_and(l.id IS NOT NULL)",
        [location, location],
    )


def sold_out(products: Sequence[int], *, at: datetime) -> set[int]:
    """Those of the products (primary keys) of which nothing can be promised anywhere; one statement."""
    theirs = "(SELECT id FROM catalog_variant WHERE product_id = ANY(%s) AND is_active)"
    found = rows(
        f"SELECT v.product_id FROM catalog_variant v LEFT JOIN ({_sql(theirs)}) n ON n.variant_id = v.id"
        " WHERE v.product_id = ANY(%s) AND v.is_active GROUP BY 1"
        " HAVING coalesce(max(n.available + n.backorder), 0) <= 0",
        [at, at, list(products), at, list(products)],
    )
    return {product for (product,) in found}


def totals(variants: Sequence[int], *, at: datetime) -> dict[int, int]:
    """What the web may promise of each variant, over all locations; variants without stock are 0."""
    summed = dict.fromkeys(variants, 0)
    for level in of_variants(variants, at=at):
        summed[level.variant] += level.promisable
    return summed
