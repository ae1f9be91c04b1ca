"""The only writer of listings: what lists show and sort by of prices that are kept above the catalog."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from commerce.kernel.db import in_transaction, rows


class Range(NamedTuple):
    """What a product costs in a market from a moment until another (None: always), the compare-at price of its cheapest
    variant, and what all that cost as little hold, in thousandths of a unit."""

    product: int
    market: int
    starts_at: datetime | None
    ends_at: datetime | None
    from_minor: int
    to_minor: int
    compare_at_minor: int | None
    held: int = 0
    held_unit: str = ""


# For a statement that joins listings as `l`, with the placeholders `market` and `at`.
NOW = (
    "l.market = %(market)s AND (l.starts_at IS NULL OR l.starts_at <= %(at)s)"
    " AND (l.ends_at IS NULL OR l.ends_at > %(at)s)"
)


def shown(product_ids: Sequence[int], market: int, *, at: datetime) -> list[Range]:
    """What lists show of products in a market from `at` on."""
    found = rows(
        "SELECT product_id, market, starts_at, ends_at, from_minor, to_minor, compare_at_minor, held, held_unit"
        " FROM catalog_listing"
        " WHERE product_id = ANY(%s) AND market = %s AND (ends_at IS NULL OR ends_at > %s)",
        [list(product_ids), market, at],
    )
    return [Range(*row) for row in found]


@in_transaction
def put(product_ids: Sequence[int], ranges: Sequence[Range]) -> set[int]:
    """Make `ranges` all there is of these products; the products whose rows are others now."""
    columns = [list(column) for column in zip(*ranges, strict=True)] or [[] for _column in Range._fields]
    gone = rows(
        "DELETE FROM catalog_listing l WHERE product_id = ANY(%s) AND NOT EXISTS (SELECT FROM"
        " unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS r(product_id, market, starts_at)"
        " WHERE r.product_id = l.product_id AND r.market = l.market AND r.starts_at IS NOT DISTINCT FROM l.starts_at)"
        " RETURNING product_id",
        [list(product_ids), *columns[:3]],
    )
    written = rows(
        "INSERT INTO catalog_listing AS l"
        " (product_id, market, starts_at, ends_at, from_minor, to_minor, compare_at_minor, held, held_unit)"
        " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::bigint[],"
        " %s::bigint[], %s::bigint[], %s::bigint[], %s::varchar[])"
        " ON CONFLICT (market, product_id, starts_at) DO UPDATE SET"
        " ends_at = EXCLUDED.ends_at, from_minor = EXCLUDED.from_minor, to_minor = EXCLUDED.to_minor,"
        " compare_at_minor = EXCLUDED.compare_at_minor, held = EXCLUDED.held, held_unit = EXCLUDED.held_unit"
        " WHERE (l.ends_at, l.from_minor, l.to_minor, l.compare_at_minor, l.held, l.held_unit) IS DISTINCT FROM"
        " (EXCLUDED.ends_at, EXCLUDED.from_minor, EXCLUDED.to_minor, EXCLUDED.compare_at_minor, EXCLUDED.held,"
        " EXCLUDED.held_unit) RETURNING product_id",
        columns,
    )
    return {product for (product,) in [*gone, *written]}
