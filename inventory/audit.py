from commerce.kernel.audit import Invariant

INVARIANTS = [
    Invariant(
        "I01",
        "On hand is the sum of the movements",
        "SELECT l.id AS level, l.on_hand AS actual, coalesce(m.sum, 0) AS expected FROM inventory_stocklevel l"
        " LEFT JOIN (SELECT level_id, sum(quantity) FROM inventory_stockmovement GROUP BY level_id) m"
        " ON m.level_id = l.id WHERE l.on_hand <> coalesce(m.sum, 0)",
    ),
    Invariant(
        "I02",
        "Reserved is the sum of the open reservations",
        "SELECT l.id AS level, l.reserved AS actual, coalesce(r.sum, 0) AS expected FROM inventory_stocklevel l"
        " LEFT JOIN (SELECT level_id, sum(quantity) FROM inventory_reservation WHERE state IN ('held', 'allocated')"
        " GROUP BY level_id) r ON r.level_id = l.id WHERE l.reserved <> coalesce(r.sum, 0)",
    ),
    Invariant(
        "I03",
        "No more is promised than is there, unless an open case says so",
        "SELECT l.id AS level, v.sku, c.code AS location, l.on_hand, l.reserved FROM inventory_stocklevel l"
        " JOIN catalog_variant v ON v.id = l.variant_id JOIN company_location c ON c.id = l.location_id"
        " WHERE l.reserved > GREATEST(l.on_hand, 0) AND NOT EXISTS (SELECT FROM cases_case k WHERE k.kind = 'oversell'"
        " AND k.status = 'open' AND k.subject = v.sku || ' at ' || c.code)",
    ),
    Invariant(
        "I03b",
        "A level is marked oversold exactly when it is",
        "SELECT id AS level, on_hand, reserved, oversold FROM inventory_stocklevel"
        " WHERE oversold <> (on_hand < 0 OR on_hand < reserved)",
    ),
    Invariant(
        "I04",
        "No hold outlives its time by more than an hour",
        "SELECT id AS reservation, level_id AS level, expires_at FROM inventory_reservation"
        " WHERE state = 'held' AND expires_at < now() - interval '1 hour'",
    ),
    Invariant(
        "I09",
        "The balance after each movement follows from the one before",
        "SELECT level, movement, balance_after AS actual, sum AS expected FROM (SELECT level_id AS level,"
        " id AS movement, balance_after, sum(quantity) OVER (PARTITION BY level_id ORDER BY id)"
        " FROM inventory_stockmovement) m"
        " WHERE balance_after <> sum",
    ),
]
