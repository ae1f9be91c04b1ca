"""The double-entry journal: the only writer of money's history."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
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
    ("undelivered", "Sold, not yet handed over", "liability"),
    ("gift_cards", "Gift cards", "liability"),
    ("store_credit", "Store credit", "liability"),
    ("points", "Loyalty points", "liability"),
    ("bank", "Bank", "asset"),
    ("payment_fees", "Fees of payment providers", "expense"),
    ("disputed", "Held back by disputes", "asset"),
    ("dispute_losses", "Lost disputes", "expense"),
    ("inventory", "Goods on hand", "asset"),
    ("goods_received", "Goods received, not yet billed", "liability"),
    ("cost_of_goods", "Cost of goods sold", "expense"),
    ("stock_losses", "Goods lost and found", "expense"),
    ("write_off", "Written off", "expense"),
    ("opening", "What was there when the books began", "equity"),
    ("goodwill", "Given out of goodwill", "expense"),
    ("breakage", "Gift cards that expired", "income"),
]


class Part(NamedTuple):
    """One posting: minor units, debit positive, on an account and, where the account has parts (a drawer, a tax, a
    provider, a card), on one of them."""

    account: str
    amount: int
    sub: str = ""


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
    """One journal entry: its postings, as `Part`s or as what makes one, sum to zero."""

    kind: str
    source_type: str
    source_uid: UUID
    currency: str
    postings: tuple[Part | tuple[str, int], ...]
    business_date: date
    location_code: str = ""


def _part(given: Part | tuple[str, int]) -> Part:
    return given if isinstance(given, Part) else Part(*given)


@in_transaction
def post(entries: Iterable[Entry], *, at: datetime) -> None:
    """Write entries with their postings in one statement. Raises `ValueError` when one does not sum to zero.

    Amounts of zero are left out; so is an entry of nothing but zeros.
    """
    wanted = [entry for entry in entries if any(part[1] for part in entry.postings)]
    for entry in wanted:
        if sum(part[1] for part in entry.postings):
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
            "postings": [part._asdict() for part in map(_part, entry.postings) if part.amount],
        }
        for entry in wanted
    ]
    post_query(
        "SELECT w.uid, kind, source_type, source_uid, location_code, business_date, currency, account, amount, sub"
        " FROM jsonb_to_recordset(%s::jsonb) AS w(uid uuid, kind text, source_type text, source_uid uuid,"
        " location_code text, business_date date, currency text, postings jsonb),"
        " jsonb_to_recordset(w.postings) AS p(account text, amount bigint, sub text)",
        [json.dumps(document)],
        at=at,
    )


@in_transaction
def post_query(sql: str, params: list[Any], *, at: datetime) -> None:
    """Write the postings that a query returns, with their entries, in one statement.

    A row is a posting with what its entry says, the same in all rows of its `uid`: (uid, kind, source_type, source_uid,
    location_code, business_date, currency, account, amount, sub). A constraint refuses what does not balance. What
    belongs to a day that is closed is booked on the first open one, and keeps its own as `original_date`.
    """
    rows(
        f"WITH given AS ({sql}), closed AS (SELECT max(through) AS through FROM"
        " (SELECT through FROM ledger_periodlock ORDER BY id DESC LIMIT 1) latest), entry AS ("
        "INSERT INTO ledger_journalentry"
        " (uid, kind, source_type, source_uid, location_code, business_date, original_date, currency, created_at)"
        " SELECT DISTINCT uid, kind, source_type, source_uid, location_code, GREATEST(business_date, through + 1),"
        " CASE WHEN business_date <= through THEN business_date END, currency, %s::timestamptz"
        " FROM given, closed ORDER BY uid RETURNING id, uid)"
        " INSERT INTO ledger_posting (entry_id, account_id, amount_minor, sub)"
        " SELECT entry.id, a.id, g.amount, g.sub FROM entry JOIN given g USING (uid)"
        # an unknown account must fail the statement, not vanish in a join: NULL violates NOT NULL
        " LEFT JOIN ledger_account a ON a.code = g.account ORDER BY entry.id",
        [*params, at],
    )
