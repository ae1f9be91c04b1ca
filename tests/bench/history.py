"""Years of trading in a minute: movements as sales, deliveries and shipments write them, written by the database."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.ledger import journal

DAYS = 730

# Every tenth movement is one of the hot level. A level's movements are a delivery of seven and then seven units that
# leave, at the till and in parcels, so that no balance is ever below what was there before.
_MOVEMENTS = """
    INSERT INTO inventory_stockmovement (level_id, quantity, damaged, value_minor, kind, source_type, source_uid,
        balance_after, actor_id, created_at)
    SELECT w.level, w.quantity, 0, w.quantity * 500, w.kind,
        CASE w.kind WHEN 'receipt' THEN 'goods_receipt' WHEN 'sale' THEN 'order' ELSE 'fulfillment' END,
        gen_random_uuid(), l.on_hand + sum(w.quantity) OVER (PARTITION BY w.level ORDER BY w.n), NULL, w.at
    FROM (
        SELECT n, level, %(since)s::timestamptz + n * (%(span)s::interval / %(count)s) AS at,
            CASE turn %% 8 WHEN 0 THEN 7 ELSE -1 END AS quantity,
            CASE WHEN turn %% 8 = 0 THEN 'receipt' WHEN turn %% 2 = 0 THEN 'fulfillment' ELSE 'sale' END AS kind
        FROM (SELECT n, level, row_number() OVER (PARTITION BY level ORDER BY n) - 1 AS turn FROM (
            SELECT n, CASE WHEN n %% 10 = 0 THEN %(hot)s
                ELSE (%(levels)s::bigint[])[1 + (n::bigint * 7919) %% %(places)s] END AS level
            FROM generate_series(1, %(count)s) AS n) placed) turned
    ) w JOIN inventory_stocklevel l ON l.id = w.level ORDER BY w.n
"""
_SUMS = """
    UPDATE inventory_stocklevel l SET on_hand = m.quantity, value_minor = m.value,
        unit_cost = CASE WHEN m.quantity > 0 THEN round(m.value::numeric / m.quantity, 4) ELSE 0 END
    FROM (SELECT level_id, sum(quantity) AS quantity, sum(value_minor) AS value FROM inventory_stockmovement
        GROUP BY level_id) m WHERE m.level_id = l.id
"""
# The books begin with what these movements brought.
_BOOKS = """
    SELECT p.uid, 'stock_opening' AS kind, 'location' AS source_type, p.source_uid, p.code AS location_code,
        current_date AS business_date, 'USD' AS currency, x.account, x.sign * p.value AS amount, x.sub
    FROM (SELECT gen_random_uuid() AS uid, c.uid AS source_uid, c.code, sum(l.value_minor)::bigint AS value
        FROM inventory_stocklevel l JOIN company_location c ON c.id = l.location_id
        GROUP BY c.id HAVING sum(l.value_minor) <> 0) p
    CROSS JOIN LATERAL (VALUES ('inventory', 1, p.code), ('opening', -1, '')) AS x(account, sign, sub)
"""


def write(levels: Sequence[int], *, hot: int, count: int) -> None:
    """Append `count` movements to the history of `levels` (primary keys), a tenth of them to that of `hot`."""
    quiet = [level for level in levels if level != hot]
    span = timedelta(days=DAYS)
    with transaction.atomic(durable=True):
        rows("SET LOCAL session_replication_role = replica")  # no look-up of a foreign key for each of a million rows
        rows("SET LOCAL statement_timeout = 0")
        rows("UPDATE inventory_stockmovement SET created_at = %s", [now() - span])  # what was there came before
        rows(
            _MOVEMENTS,
            {"levels": quiet, "places": len(quiet), "hot": hot, "count": count, "span": span, "since": now() - span},
        )
        rows(_SUMS)
        journal.post_query(_BOOKS, [], at=now())
    rows("VACUUM (ANALYZE) inventory_stockmovement")
    rows("VACUUM (ANALYZE) inventory_stocklevel")
