"""The double-entry journal: the only writer of money's history."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from commerce.kernel.db import in_transaction, rows
from commerce.kernel.ids import new_uid

ACCOUNTS = [
    ("receivable", "Owed by customers", "asset"),
    ("cash", "Cash in drawers", "asset"),
    ("card_clearing", "Card payments on their way", "asset"),
    ("sales", "Sales", "income"),
    ("shipping", "Shipping charged", "income"),
    ("fees", "Fees charged", "income"),
    ("deposits", "Deposits to give back", "liability"),
    ("cash_rounding", "Cash rounding", "expense"),
    ("cash_over_short", "Cash over and short", "expense"),
    ("sales_tax", "Sales tax owed", "liability"),
    ("refunds_due", "Owed to customers", "liability"),
]


@in_transaction
def open_accounts() -> None:
    """Make sure that every account exists; those that do are left as they are."""
    for code, name, kind in ACCOUNTS:
        rows(
            "INSERT INTO ledger_account (code, name, kind) VALUES (%s, %s, %s) ON CONFLICT (code) DO NOTHING",
            [code, name, kind],
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry: (account code, amount in minor units, debit positive) pairs that sum to zero."""

    kind: str
    source_type: str
    source_uid: UUID
    currency: str
    postings: tuple[tuple[str, int], ...]
    business_date: date
    location_code: str = ""


@in_transaction
def post(entries: Iterable[Entry], *, at: datetime) -> None:
    """Write entries with their postings in one statement. Raises `ValueError` when one does not sum to zero.

    Amounts of zero are left out; so is an entry of nothing but zeros.
    """
    wanted = [entry for entry in entries if any(amount for _account, amount in entry.postings)]
    for entry in wanted:
        if sum(amount for _account, amount in entry.postings):
            raise ValueError(f"{entry.kind} {entry.source_uid} does not balance: {entry.postings}")
    if not wanted:
        return
    document = [
        {
            "uid": str(new_uid()),
            "kind": entry.kind,
            "source_type": entry.source_type,
            "source_uid": str(entry.source_uid),
            "location_code": entry.location_code,
            "business_date": entry.business_date.isoformat(),
            "currency": entry.currency,
            "postings": [{"account": account, "amount": amount} for account, amount in entry.postings if amount],
        }
        for entry in wanted
    ]
    rows(
        "WITH wanted AS (SELECT * FROM jsonb_to_recordset(%s::jsonb) AS w(uid uuid, kind text, source_type text,"
        " source_uid uuid, location_code text, business_date date, currency text, postings jsonb)),"
        " entry AS (INSERT INTO ledger_journalentry"
        " (uid, kind, source_type, source_uid, location_code, business_date, currency, created_at)"
        " SELECT uid, kind, source_type, source_uid, location_code, business_date, currency, %s FROM wanted"
        " RETURNING id, uid)"
        " INSERT INTO ledger_posting (entry_id, account_id, amount_minor)"
        " SELECT entry.id, a.id, p.amount FROM entry JOIN wanted USING (uid),"
        " jsonb_to_recordset(wanted.postings) AS p(account text, amount bigint)"
        # an unknown account must fail the statement, not vanish in a join: NULL violates NOT NULL
        " LEFT JOIN ledger_account a ON a.code = p.account",
        [json.dumps(document), at],
    )
