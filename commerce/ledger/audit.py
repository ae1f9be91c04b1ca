from commerce.kernel.audit import Invariant

INVARIANTS = [
    Invariant(
        "I20",
        "Every journal entry sums to zero",
        "SELECT e.id AS entry, e.kind, e.source_uid, coalesce(sum(p.amount_minor), 0) AS sum, count(p.id) AS postings"
        " FROM ledger_journalentry e LEFT JOIN ledger_posting p ON p.entry_id = e.id"
        " GROUP BY e.id HAVING coalesce(sum(p.amount_minor), 0) <> 0 OR count(p.id) < 2",
    ),
]
