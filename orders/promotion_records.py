"""What orders know of promotions: how often one was given, how much it took off, and what an order was made of."""

from collections.abc import Sequence

from commerce.kernel.db import rows
from commerce.pricing.given import Given


def given(codes: Sequence[str]) -> dict[str, Given]:
    """By promotion's code the orders that it was given in, and what it took off their lines and charges."""
    found = rows(
        "SELECT d ->> 'id', o.currency, count(DISTINCT o.id), sum((d ->> 'amount')::bigint)::bigint"
        " FROM (SELECT order_id, discounts FROM orders_orderline WHERE discounts <> '[]' UNION ALL"
        " SELECT order_id, discounts FROM orders_adjustment WHERE discounts <> '[]') l"
        " JOIN orders_order o ON o.id = l.order_id CROSS JOIN LATERAL jsonb_array_elements(l.discounts) d"
        " WHERE o.state IN ('open', 'closed') AND d ->> 'source' IN ('promotion', 'coupon') AND d ->> 'id' = ANY(%s)"
        " GROUP BY 1, 2 ORDER BY 1, 4 DESC",
        [list(codes)],
    )
    by_code: dict[str, list[tuple[str, int, int]]] = {}
    for code, currency, orders, taken in found:
        by_code.setdefault(code, []).append((currency, orders, taken))
    return {
        code: Given(sum(row[1] for row in told), tuple((row[0], row[2]) for row in told))
        for code, told in by_code.items()
    }


def cart_of(number: str) -> list[tuple[str, int]]:
    """(SKU, quantity in smallest amounts) of the goods of an order, without gift cards; [] where there is none."""
    return [
        (sku, int(quantity))
        for sku, quantity in rows(
            "SELECT l.sku, sum(l.quantity) FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id"
            " WHERE upper(o.number) = upper(%s) AND l.gift_card_id IS NULL GROUP BY l.sku ORDER BY min(l.position)",
            [number.strip()],
        )
    ]
