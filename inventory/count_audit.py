"""The invariants of stock counts and adjustments; `inventory.audit` lists them with the others."""

from commerce.kernel.audit import Invariant

INVARIANTS = [
    Invariant(
        "I50",
        "What a count found is what its movement booked",
        "SELECT coalesce(n.number, m.source_uid::text) AS count, coalesce(n.level, m.level_id) AS level,"
        " coalesce(m.sum, 0) AS booked, coalesce(n.variance, 0) AS found"
        " FROM (SELECT c.number, c.uid, l.id AS level, x.variance FROM inventory_countline x"
        " JOIN inventory_stockcount c ON c.id = x.count_id AND c.state = 'approved' LEFT JOIN inventory_stocklevel l"
        " ON l.variant_id = x.variant_id AND l.location_id = c.location_id WHERE x.variance <> 0) n"
        " FULL JOIN (SELECT source_uid, level_id, sum(quantity) FROM inventory_stockmovement WHERE kind = 'count'"
        " GROUP BY 1, 2) m ON m.source_uid = n.uid AND m.level_id = n.level"
        " WHERE m.sum IS DISTINCT FROM n.variance",
    ),
    Invariant(
        "I50b",
        "An approved line says what was scanned, and what the books said at its first scan",
        "SELECT c.number AS count, x.id AS line, x.counted, s.sum AS scanned, x.expected,"
        " coalesce(m.balance_after, 0) AS balance, x.variance FROM inventory_countline x"
        " JOIN inventory_stockcount c ON c.id = x.count_id"
        " LEFT JOIN LATERAL (SELECT sum(quantity), min(position) AS first FROM inventory_countscan"
        " WHERE line_id = x.id AND round = x.round) s ON TRUE"
        " LEFT JOIN inventory_stockmovement m ON m.id = s.first WHERE CASE WHEN x.counted IS NULL"
        " THEN x.expected IS NOT NULL OR x.variance IS NOT NULL ELSE c.state <> 'approved'"
        " OR x.counted IS DISTINCT FROM s.sum OR x.expected IS DISTINCT FROM coalesce(m.balance_after, 0)"
        " OR x.variance IS DISTINCT FROM x.counted - x.expected END",
    ),
    Invariant(
        "I50c",
        "A scan stands at a place in the ledger of its own level",
        "SELECT s.id AS scan, s.position, n.variant_id AS variant FROM inventory_countscan s"
        " JOIN inventory_countline n ON n.id = s.line_id JOIN inventory_stockcount c ON c.id = n.count_id"
        " LEFT JOIN inventory_stockmovement m ON m.id = s.position"
        " LEFT JOIN inventory_stocklevel l ON l.id = m.level_id"
        " WHERE s.position <> 0 AND (l.variant_id IS DISTINCT FROM n.variant_id"
        " OR l.location_id IS DISTINCT FROM c.location_id)",
    ),
    Invariant(
        "I51",
        "Every adjustment moved what it says, once",
        "SELECT a.uid AS adjustment, a.level_id AS level, a.reason, count(m.id) AS movements"
        " FROM inventory_stockadjustment a LEFT JOIN inventory_stockmovement m ON m.source_uid = a.uid"
        " AND m.kind = 'adjustment' AND m.level_id = a.level_id GROUP BY a.id HAVING count(m.id) <> 1",
    ),
]
