"""Journal entries of stock: what moved in value, at average cost, in the company's currency. Who posts what is a
table in ARCHITECTURE.md.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from commerce.kernel.db import in_transaction
from commerce.kernel.ids import new_uid
from commerce.ledger import journal
from inventory.models import StockMovement

if TYPE_CHECKING:
    from inventory.levels import Source

Kind = StockMovement.Kind

# What stands on the other side of goods that came in or went out. Between two places it is no place (part ""), for the
# moment between leaving the one and entering the other.
AGAINST = {
    Kind.SALE: "cost_of_goods",
    Kind.FULFILLMENT: "cost_of_goods",
    Kind.RETURN: "cost_of_goods",
    Kind.RECEIPT: "goods_received",
    Kind.ADJUSTMENT: "stock_losses",
    Kind.COUNT: "stock_losses",
    Kind.REPAIR: "stock_losses",
    Kind.IMPORT: "opening",
    Kind.TRANSFER: "inventory",
}
OPENING = "opening"  # the source of goods that were there when the books began


class Moved(NamedTuple):
    """Value that went into (or, negative, out of) a level, and what was given or taken for it, minor units. They differ
    where goods come in that had left beyond what was there, at a cost that was a guess."""

    level: int
    value_minor: int
    given_minor: int


# The company's currency, in which stock is valued.
CURRENCY = (
    "coalesce((SELECT p.currency FROM pricing_market m JOIN pricing_pricelist p ON p.id = m.price_list_id"
    " WHERE m.is_default), 'USD')"
)
# One entry for the batch. What goods that had already left turn out to have cost is cost of goods.
_ENTRY = f"""
    WITH places AS (
        SELECT c.code, c.time_zone, sum(m.value)::bigint AS value, sum(m.given)::bigint AS given
        FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS m(level, value, given)
        JOIN inventory_stocklevel l ON l.id = m.level JOIN company_location c ON c.id = l.location_id
        GROUP BY c.id
    ), head AS (
        SELECT CASE WHEN count(*) = 1 THEN min(code) ELSE '' END AS location_code,
            coalesce(%s::date, min((%s::timestamptz AT TIME ZONE time_zone)::date)) AS business_date
        FROM places
    ), postings AS (
        SELECT 'inventory' AS account, code AS sub, value AS amount FROM places
        UNION ALL SELECT %s, '', -sum(given) FROM places
        UNION ALL SELECT 'cost_of_goods', '', sum(given - value) FROM places
    )
    SELECT %s::uuid AS uid, %s AS kind, %s AS source_type, %s::uuid AS source_uid, location_code, business_date,
        {CURRENCY} AS currency, account, sum(amount)::bigint AS amount, sub
    FROM postings, head GROUP BY location_code, business_date, account, sub HAVING sum(amount) <> 0
"""


@in_transaction
def post(moved: Sequence[Moved], *, kind: StockMovement.Kind, source: "Source", at: datetime) -> None:
    """Write the entry of movements that were written together, in one statement; none where nothing has a value."""
    worth = [row for row in moved if row.value_minor or row.given_minor]
    if not worth:
        return
    against = OPENING if source.type == OPENING else AGAINST[kind]
    journal.post_query(
        _ENTRY,
        [
            *([getattr(row, column) for row in worth] for column in Moved._fields),
            *(source.on, at, against),
            *(new_uid(), f"stock_{kind.value}", source.type, source.uid),
        ],
        at=at,
    )


# What documents moved in value at each place since the books keep stock, by its movements and by its entries.
_SINCE = "(SELECT coalesce(max(created_at), '-infinity') FROM ledger_journalentry WHERE kind = 'stock_opening')"
MOVED = (
    "SELECT m.source_type, m.source_uid, c.code, sum(m.value_minor) FROM inventory_stockmovement m"
    " JOIN inventory_stocklevel l ON l.id = m.level_id JOIN company_location c ON c.id = l.location_id"
    f" WHERE m.created_at > {_SINCE} GROUP BY 1, 2, 3"
)
POSTED = (
    "SELECT e.source_type, e.source_uid, p.sub AS code, sum(p.amount_minor) FROM ledger_journalentry e"
    " JOIN ledger_posting p ON p.entry_id = e.id JOIN ledger_account a ON a.id = p.account_id AND a.code = 'inventory'"
    f" WHERE e.created_at > {_SINCE} AND p.sub <> '' GROUP BY 1, 2, 3"
)
