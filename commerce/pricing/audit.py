from commerce.kernel.audit import Invariant

INVARIANTS = [
    Invariant(
        "I33",
        "On a list a variant has one price a day, from one quantity on",
        "SELECT a.id AS price, b.id AS other, a.price_list_id AS list, a.variant_id AS variant FROM pricing_price a"
        " JOIN pricing_price b ON b.price_list_id = a.price_list_id AND b.variant_id = a.variant_id AND b.id > a.id"
        " AND b.from_quantity = a.from_quantity AND b.during && a.during"
        " WHERE a.withdrawn_at IS NULL AND b.withdrawn_at IS NULL",
    ),
    Invariant(
        "I33b",
        "Lists show what the prices say",
        "SELECT coalesce(l.product_id, r.product_id) AS product, coalesce(l.price_list, r.price_list_id) AS list,"
        " l.from_minor AS from_shown, r.low AS from_price, l.to_minor AS to_shown, r.high AS to_price"
        " FROM catalog_listing l FULL JOIN (SELECT v.product_id, p.price_list_id, min(p.amount_minor) AS low,"
        " max(p.amount_minor) AS high FROM pricing_price p JOIN catalog_variant v ON v.id = p.variant_id"
        " WHERE p.withdrawn_at IS NULL AND v.is_active GROUP BY 1, 2) r ON r.product_id = l.product_id"
        " AND r.price_list_id = l.price_list"
        " WHERE (l.from_minor, l.to_minor) IS DISTINCT FROM (r.low, r.high)",
    ),
    Invariant(
        "I35",
        "Money is kept in whole minor units, and nothing as a floating-point number",
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        r" AND table_name NOT LIKE 'sandbox\_%'"
        r" AND (data_type IN ('real', 'double precision') OR (column_name LIKE '%\_minor' AND data_type <> 'bigint'"
        r" AND column_name NOT LIKE '%step\_minor'))",
    ),
    Invariant(
        "I35b",
        "A compare-at price is above the price, or there is none",
        "SELECT id AS price, variant_id AS variant, amount_minor, compare_at_minor FROM pricing_price"
        " WHERE compare_at_minor <= amount_minor",
    ),
    Invariant(
        "I35c",
        "There is one default market",
        "SELECT count(*) AS default_markets FROM pricing_market HAVING count(*) > 0"
        " AND count(*) FILTER (WHERE is_default) <> 1",
    ),
]
