"""The invariants of stock. Each reads its tables once, whatever their size; see `drift` for what is done about them."""

from commerce.kernel.audit import Invariant
from commerce.ledger.control import invariant
from inventory import books, control, count_audit

CHECK = "inventory.actions.check_stock.check_stock"
_SUBJECT = "v.sku || ' at ' || c.code"
_NAMED = "JOIN catalog_variant v ON v.id = l.variant_id JOIN company_location c ON c.id = l.location_id"


def _moved(source_type: str) -> str:
    """Units that each document of a kind has moved, per location and variant."""
    return (
        "(SELECT m.source_uid AS uid, l.location_id, l.variant_id, sum(m.quantity) FROM inventory_stockmovement m"
        f" JOIN inventory_stocklevel l ON l.id = m.level_id WHERE m.source_type = '{source_type}' GROUP BY 1, 2, 3)"
    )


INVARIANTS = [
    Invariant(
        "I01",
        "On hand and damaged are the sums of the movements",
        "SELECT l.id AS level, l.on_hand AS actual, coalesce(m.quantity, 0) AS expected, l.damaged,"
        " coalesce(m.damaged, 0) AS damaged_expected FROM inventory_stocklevel l"
        " LEFT JOIN (SELECT level_id, sum(quantity) AS quantity, sum(damaged) AS damaged FROM inventory_stockmovement"
        " GROUP BY level_id) m ON m.level_id = l.id"
        " WHERE l.on_hand <> coalesce(m.quantity, 0) OR l.damaged <> coalesce(m.damaged, 0)",
        CHECK,
    ),
    Invariant(
        "I02",
        "Reserved is the sum of the open reservations",
        "SELECT l.id AS level, l.reserved AS actual, coalesce(r.sum, 0) AS expected FROM inventory_stocklevel l"
        " LEFT JOIN (SELECT level_id, sum(quantity) FROM inventory_reservation WHERE state IN ('held', 'allocated')"
        " GROUP BY level_id) r ON r.level_id = l.id WHERE l.reserved <> coalesce(r.sum, 0)",
        CHECK,
    ),
    Invariant(
        "I03",
        "No more is promised than is there and may be promised beyond it, unless an open case says so",
        f"SELECT l.id AS level, v.sku, c.code AS location, l.on_hand, l.reserved FROM inventory_stocklevel l {_NAMED}"
        " WHERE l.reserved > GREATEST(l.on_hand + l.backorder_limit, 0) AND NOT EXISTS (SELECT FROM cases_case k"
        f" WHERE k.kind = 'oversell' AND k.status = 'open' AND k.subject = {_SUBJECT})",
        CHECK,
    ),
    Invariant(
        "I03b",
        "A level is marked oversold exactly when it is",
        "SELECT id AS level, on_hand, reserved, oversold FROM inventory_stocklevel"
        " WHERE oversold <> (on_hand < 0 OR on_hand + backorder_limit < reserved)",
        CHECK,
    ),
    Invariant(
        "I04",
        "No hold outlives its time by more than an hour",
        "SELECT id AS reservation, level_id AS level, expires_at FROM inventory_reservation"
        " WHERE state = 'held' AND expires_at < now() - interval '1 hour'",
    ),
    Invariant(
        "I05",
        "Each reservation is open or has ended in exactly one way",
        "SELECT id AS reservation, state, expires_at, ended_at FROM inventory_reservation WHERE NOT CASE state"
        " WHEN 'held' THEN expires_at IS NOT NULL AND ended_at IS NULL"
        " WHEN 'allocated' THEN expires_at IS NULL AND ended_at IS NULL"
        " ELSE state IN ('consumed', 'released', 'expired') AND ended_at IS NOT NULL END",
    ),
    Invariant(
        "I05b",
        "What was consumed has left: no level gave out fewer units than reservations that ended so",
        "SELECT r.level_id AS level, r.sum AS consumed, coalesce(m.sum, 0) AS gone FROM (SELECT level_id, sum(quantity)"
        " FROM inventory_reservation WHERE state = 'consumed' GROUP BY level_id) r LEFT JOIN (SELECT level_id,"
        " -sum(quantity) AS sum FROM inventory_stockmovement WHERE quantity < 0 AND kind <> 'sale' GROUP BY level_id) m"
        " ON m.level_id = r.level_id WHERE r.sum > coalesce(m.sum, 0)",
    ),
    Invariant(
        "I06",
        "What stands at the in-transit location is what transfers have on the way",
        "SELECT variant_id AS variant, coalesce(s.there, 0) AS actual, coalesce(w.sum, 0) AS expected FROM (SELECT"
        " l.variant_id, sum(l.on_hand) AS there FROM inventory_stocklevel l JOIN company_location c"
        " ON c.id = l.location_id AND c.kind = 'transit' GROUP BY 1) s FULL JOIN (SELECT variant_id,"
        " sum(shipped - received - returned - written_off) FROM inventory_transferline GROUP BY 1) w USING (variant_id)"
        " WHERE coalesce(s.there, 0) <> coalesce(w.sum, 0)",
    ),
    Invariant(
        "I06b",
        "A transfer's lines say what its movements say: shipped, received and returned",
        "SELECT n.id AS line, t.number AS transfer, n.shipped, n.returned, n.received, s.sum AS moved_at_source,"
        " d.sum AS moved_at_destination FROM inventory_transferline n"
        f" JOIN inventory_transfer t ON t.id = n.transfer_id LEFT JOIN {_moved('transfer')} s"
        " ON (s.uid, s.location_id, s.variant_id) = (t.uid, t.source_id, n.variant_id)"
        f" LEFT JOIN {_moved('transfer')} d"
        " ON (d.uid, d.location_id, d.variant_id) = (t.uid, t.destination_id, n.variant_id)"
        " WHERE coalesce(s.sum, 0) <> n.returned - n.shipped OR coalesce(d.sum, 0) <> n.received",
    ),
    Invariant(
        "I06c",
        "A transfer is on the way exactly while units of it are",
        "SELECT t.number AS transfer, t.state, coalesce(sum(shipped - received - returned - written_off), 0) AS units"
        " FROM inventory_transfer t LEFT JOIN inventory_transferline n ON n.transfer_id = t.id GROUP BY t.id"
        " HAVING (t.state = 'shipped') <> (coalesce(sum(shipped - received - returned - written_off), 0) > 0)",
    ),
    Invariant(
        "I49",
        "What a purchase order has received is what came in by it",
        "SELECT n.id AS line, o.number AS purchase_order, n.received AS actual, coalesce(m.sum, 0) AS expected"
        " FROM inventory_purchaseorderline n JOIN inventory_purchaseorder o ON o.id = n.order_id"
        f" LEFT JOIN {_moved('purchase_order')} m"
        " ON (m.uid, m.location_id, m.variant_id) = (o.uid, o.location_id, n.variant_id)"
        " WHERE n.received <> coalesce(m.sum, 0)",
    ),
    Invariant(
        "I07",
        "A serial number is where its last movement put it",
        "SELECT u.id AS serial, u.serial AS number, u.state, u.location_id AS location, m.state AS moved_to,"
        " m.location_id AS moved_where FROM inventory_serialunit u LEFT JOIN LATERAL (SELECT state, location_id"
        " FROM inventory_serialmove m WHERE m.unit_id = u.id ORDER BY m.id DESC LIMIT 1) m ON TRUE"
        " WHERE m.state IS DISTINCT FROM u.state OR m.location_id IS DISTINCT FROM u.location_id",
    ),
    Invariant(
        "I07b",
        "A serial number is sold at most once while it has not come back",
        "SELECT unit_id AS serial, id AS movement FROM (SELECT id, unit_id, state,"
        " lag(state) OVER (PARTITION BY unit_id ORDER BY id) AS before FROM inventory_serialmove) m"
        " WHERE state = 'sold' AND before IN ('sold', 'gone')",
    ),
    Invariant(
        "I08",
        "Nothing is below zero unless an open case says so",
        f"SELECT l.id AS level, v.sku, c.code AS location, l.on_hand FROM inventory_stocklevel l {_NAMED}"
        " WHERE l.on_hand < 0 AND NOT EXISTS (SELECT FROM cases_case k WHERE k.status = 'open'"
        f" AND k.kind IN ('oversell', 'negative_stock') AND k.subject = {_SUBJECT})",
        CHECK,
    ),
    Invariant(
        "I08b",
        "Only what has happened takes a level below zero",
        "SELECT level_id AS level, id AS movement, kind, balance_after FROM inventory_stockmovement"
        " WHERE balance_after < 0 AND quantity < 0 AND kind NOT IN ('sale', 'count')",
    ),
    Invariant(
        "I09",
        "The balance after each movement follows from the one before",
        "SELECT level, movement, balance_after AS actual, sum AS expected FROM (SELECT level_id AS level,"
        " id AS movement, balance_after, sum(quantity) OVER (PARTITION BY level_id ORDER BY id)"
        " FROM inventory_stockmovement) m"
        " WHERE balance_after <> sum",
        CHECK,
    ),
    Invariant(
        "I09b",
        "The value of a level is the sum of its movements' values",
        "SELECT l.id AS level, l.value_minor AS actual, coalesce(m.sum, 0) AS expected FROM inventory_stocklevel l"
        " LEFT JOIN (SELECT level_id, sum(value_minor) FROM inventory_stockmovement GROUP BY level_id) m"
        " ON m.level_id = l.id WHERE l.value_minor <> coalesce(m.sum, 0)",
        CHECK,
    ),
    invariant("I44", control.STOCK),
    Invariant(
        "I44b",
        "The value of each document's movements is posted",
        "SELECT source_type AS document, source_uid AS uid, coalesce(m.sum, 0) AS expected,"
        f" coalesce(p.sum, 0) AS actual FROM ({books.MOVED}) m FULL JOIN ({books.POSTED}) p"
        " USING (source_type, source_uid, code)"
        " WHERE coalesce(m.sum, 0) <> coalesce(p.sum, 0)",
    ),
    Invariant(
        "I09c",
        "Every movement names the document that it comes from",
        "SELECT id AS movement, level_id AS level, kind FROM inventory_stockmovement WHERE source_type = ''",
    ),
    Invariant(
        "I48",
        "A kit has no stock of its own",
        f"SELECT l.id AS level, v.sku, c.code AS location, l.on_hand, l.reserved, l.damaged"
        f" FROM inventory_stocklevel l {_NAMED} WHERE (l.on_hand <> 0 OR l.reserved <> 0 OR l.damaged <> 0)"
        " AND EXISTS (SELECT FROM inventory_kitcomponent k WHERE k.kit_id = l.variant_id)",
    ),
    *count_audit.INVARIANTS,
]
