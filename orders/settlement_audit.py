"""What must hold between the card network's reports, our documents and the books."""

from commerce.kernel.audit import Invariant

# What each settled transaction takes off the clearing account, and each payout.
_EXPECTED = (
    "SELECT uid, provider_id, CASE WHEN state = 'booked' OR kind IN ('dispute', 'fee') THEN net_minor ELSE -fee_minor"
    " END AS minor, 'network_transaction' AS source FROM orders_networktransaction WHERE state <> 'open'"
    " UNION ALL SELECT uid, provider_id, CASE WHEN state IN ('failed', 'canceled') THEN 0 ELSE -amount_minor END,"
    " 'payout' FROM orders_payout"
)
_POSTED = (
    "SELECT e.source_type, e.source_uid, sum(p.amount_minor) FROM ledger_journalentry e"
    " JOIN ledger_posting p ON p.entry_id = e.id JOIN ledger_account a ON a.id = p.account_id"
    " WHERE a.code = 'card_clearing' AND e.source_type IN ('network_transaction', 'payout') GROUP BY 1, 2"
)
_HELD = (
    "SELECT p.sub, sum(p.amount_minor) FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id"
    " WHERE a.code = 'disputed' GROUP BY 1"
)

INVARIANTS = [
    Invariant(
        "I16b",
        "Every transaction of the card network is matched, or has an open case",
        "SELECT t.provider_id AS transaction, t.kind, t.gross_minor, t.currency FROM orders_networktransaction t"
        " WHERE t.state = 'open' AND NOT EXISTS (SELECT FROM cases_case c WHERE c.kind = 'unmatched_transaction'"
        " AND c.subject = t.provider_id AND c.status = 'open')",
    ),
    Invariant(
        "I16c",
        "A payout is the sum of its transactions, or has an open case",
        "SELECT p.provider_id AS payout, p.amount_minor AS expected, coalesce(t.sum, 0) AS actual FROM orders_payout p"
        " LEFT JOIN (SELECT part_of_id, sum(net_minor) FROM orders_networktransaction"
        " GROUP BY 1) t ON t.part_of_id = p.id WHERE p.is_automatic"
        " AND (p.is_complete OR p.recorded_at < now() - interval '1 hour') AND p.amount_minor <> coalesce(t.sum, 0)"
        " AND NOT EXISTS (SELECT FROM cases_case c WHERE c.kind = 'payout_mismatch' AND c.subject = p.provider_id"
        " AND c.status = 'open')",
    ),
    Invariant(
        "I16d",
        "Every payout and every settled transaction is in the books once, at its amount",
        f"SELECT x.provider_id AS document, x.minor AS expected, coalesce(e.sum, 0) AS actual FROM ({_EXPECTED}) x"
        f" LEFT JOIN ({_POSTED}) e ON e.source_type = x.source AND e.source_uid = x.uid"
        " WHERE x.minor <> coalesce(e.sum, 0)",
    ),
    Invariant(
        "I16e",
        "What the books hold for disputes is what the card network holds back, and nothing of lost ones",
        "SELECT d.provider_id AS dispute, d.state, x.minor AS expected, coalesce(h.sum, 0) AS actual"
        " FROM orders_dispute d CROSS JOIN LATERAL (SELECT CASE WHEN d.state = 'lost' THEN 0 ELSE d.money_minor END)"
        f" x(minor) LEFT JOIN ({_HELD}) h ON h.sub = d.provider_id WHERE x.minor <> coalesce(h.sum, 0)",
    ),
]
