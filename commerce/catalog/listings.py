"""The only writer of listings: what lists show and sort by of prices that are kept above the catalog."""

from collections.abc import Sequence

from commerce.kernel.db import in_transaction, rows

Range = tuple[int, int, int, int, int | None]


@in_transaction
def put(product_ids: Sequence[int], ranges: Sequence[Range]) -> None:
    """Make `ranges` (product, price list, from, to, compare-at of the cheapest) all there is of these products."""
    columns = [list(column) for column in zip(*ranges, strict=True)] or [[], [], [], [], []]
    rows(
        "DELETE FROM catalog_listing l WHERE product_id = ANY(%s) AND NOT EXISTS (SELECT FROM"
        " unnest(%s::bigint[], %s::bigint[]) AS r(product_id, price_list)"
        " WHERE r.product_id = l.product_id AND r.price_list = l.price_list)",
        [list(product_ids), *columns[:2]],
    )
    rows(
        "INSERT INTO catalog_listing AS l (product_id, price_list, from_minor, to_minor, compare_at_minor)"
        " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])"
        " ON CONFLICT (price_list, product_id) DO UPDATE SET from_minor = EXCLUDED.from_minor,"
        " to_minor = EXCLUDED.to_minor, compare_at_minor = EXCLUDED.compare_at_minor"
        " WHERE (l.from_minor, l.to_minor, l.compare_at_minor)"
        " IS DISTINCT FROM (EXCLUDED.from_minor, EXCLUDED.to_minor, EXCLUDED.compare_at_minor)",
        columns,
    )
