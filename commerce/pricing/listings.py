"""What lists show of prices: worked out here, kept by the catalog."""

from collections.abc import Sequence
from datetime import datetime

from commerce.catalog import listings
from commerce.kernel.db import in_transaction, rows


@in_transaction
def refresh(product_ids: Sequence[int], *, at: datetime) -> None:
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
