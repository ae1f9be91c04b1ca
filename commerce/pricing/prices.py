"""The only writer of prices, in bulk: thousands in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commerce.catalog import changes, listings
from commerce.kernel.db import in_transaction, rows

MAX_MINOR = 1_000_000_000_000  # the price engine's limit
Amount = tuple[int, int | None]  # price and compare-at price in minor units


@dataclass(frozen=True, slots=True)
class Written:
    """Variants (primary keys) whose price is new on the list, and those where it changed."""

    created: frozenset[int]
    updated: frozenset[int]


@in_transaction
def put(price_list_id: int, prices: Mapping[int, Amount], *, at: datetime) -> Written:
    """Set prices by variant. What is the same already is not written; one `catalog.changed` tells of the rest.

    A compare-at price that is not above the price says nothing and is kept as none. ValueError for one out of range.
    """
    wrong = [variant for variant, (amount, _compare) in prices.items() if not 0 <= amount <= MAX_MINOR]
    if wrong:
        raise ValueError(f"prices of variants {wrong[:5]} are negative or above {MAX_MINOR}")
    asked = [
        list(prices),
        [amount for amount, _compare in prices.values()],
        [compare if compare is not None and compare > amount else None for amount, compare in prices.values()],
    ]
    _hold(price_list_id)
    before = rows(
        "UPDATE pricing_price p SET withdrawn_at = %s FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])"
        " AS n(variant_id, amount, compare_at) WHERE p.price_list_id = %s AND p.variant_id = n.variant_id"
        " AND p.withdrawn_at IS NULL AND p.from_quantity = 1 AND p.during = '(,)'"
        " AND (p.amount_minor, p.compare_at_minor) IS DISTINCT FROM (n.amount, n.compare_at) RETURNING p.variant_id",
        [at, *asked, price_list_id],
    )
    written = rows(
        "INSERT INTO pricing_price (price_list_id, variant_id, amount_minor, compare_at_minor, recorded_at)"
        " SELECT %s, n.*, %s FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS n(variant_id, amount, compare_at)"
        " WHERE NOT EXISTS (SELECT FROM pricing_price p WHERE p.price_list_id = %s AND p.variant_id = n.variant_id"
        " AND p.withdrawn_at IS NULL AND p.from_quantity = 1 AND p.during = '(,)') RETURNING variant_id",
        [price_list_id, at, *asked, price_list_id],
    )
    if written:
        products = products_of([variant for (variant,) in written])
        refresh_listings(products)
        changes.announce(products, at=at)
    updated = frozenset(variant for (variant,) in before)
    return Written(frozenset(variant for (variant,) in written) - updated, updated)


@in_transaction
def remove(price_list_id: int, variant_ids: Sequence[int], *, at: datetime) -> None:
    """Take variants off a price list: they are not sold in its markets any more."""
    _hold(price_list_id)
    gone = rows(
        "UPDATE pricing_price SET withdrawn_at = %s WHERE price_list_id = %s AND variant_id = ANY(%s)"
        " AND withdrawn_at IS NULL RETURNING variant_id",
        [at, price_list_id, list(variant_ids)],
    )
    products = products_of([variant for (variant,) in gone])
    refresh_listings(products)
    changes.announce(products, at=at)


def _hold(price_list_id: int) -> None:
    """Writers of one list pass one after the other: what one withdraws another does not write beside."""
    rows("SELECT id FROM pricing_pricelist WHERE id = %s FOR NO KEY UPDATE", [price_list_id])


@in_transaction
def refresh_listings(product_ids: Sequence[int]) -> None:
    """Work out anew, on every list, what products cost over their active variants."""
    ids = sorted(set(product_ids))
    ranges = rows(
        "SELECT v.product_id, p.price_list_id, min(p.amount_minor), max(p.amount_minor),"
        " (array_agg(p.compare_at_minor ORDER BY p.amount_minor, p.compare_at_minor DESC NULLS LAST))[1]"
        " FROM catalog_variant v JOIN pricing_price p ON p.variant_id = v.id AND p.withdrawn_at IS NULL"
        " WHERE v.product_id = ANY(%s) AND v.is_active GROUP BY v.product_id, p.price_list_id",
        [ids],
    )
    listings.put(ids, ranges)


def products_of(variant_ids: Sequence[int]) -> list[int]:
    """The products (primary keys) that variants belong to."""
    found = rows("SELECT DISTINCT product_id FROM catalog_variant WHERE id = ANY(%s) ORDER BY 1", [list(variant_ids)])
    return [product for (product,) in found]
