from commerce.kernel.audit import Invariant

INVARIANTS = [
    Invariant(
        "I25",
        "A coupon was used as often as its orders say, and not beyond its limit",
        "SELECT c.code AS coupon, c.used AS actual, coalesce(u.uses, 0) AS expected, c.max_uses AS most"
        " FROM pricing_coupon c LEFT JOIN (SELECT coupon_id, count(*) AS uses FROM pricing_couponuse"
        " WHERE released_at IS NULL GROUP BY 1) u ON u.coupon_id = c.id"
        " WHERE c.used <> coalesce(u.uses, 0) OR c.used > c.max_uses",
    ),
    Invariant(
        "I25b",
        "No customer has used a coupon more often than it allows",
        "SELECT c.code AS coupon, u.customer_key AS customer, count(*) AS uses, c.max_uses_per_customer AS most"
        " FROM pricing_couponuse u JOIN pricing_coupon c ON c.id = u.coupon_id"
        " WHERE u.released_at IS NULL AND u.customer_key <> '' GROUP BY c.id, u.customer_key"
        " HAVING count(*) > c.max_uses_per_customer",
    ),
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
        "Lists show what the engine picks",
        finder="commerce.pricing.listings.wrong",
    ),
    Invariant(
        "I33c",
        "What a price was withdrawn for covers its days, unless nothing stands any more",
        "SELECT w.id AS price, w.price_list_id AS list, w.variant_id AS variant, w.withdrawn_at FROM pricing_price w"
        " CROSS JOIN LATERAL (SELECT range_agg(k.during) AS days, bool_or(NOT k.is_limited) AS stands"
        " FROM pricing_price k WHERE k.variant_id = w.variant_id AND k.price_list_id = w.price_list_id"
        " AND k.from_quantity = w.from_quantity AND k.recorded_at <= w.withdrawn_at"
        " AND (k.withdrawn_at IS NULL OR k.withdrawn_at > w.withdrawn_at)) AS then_known"
        " WHERE w.withdrawn_at > w.recorded_at AND NOT w.is_limited AND then_known.stands"
        " AND NOT (datemultirange(w.during) <@ then_known.days)",
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
