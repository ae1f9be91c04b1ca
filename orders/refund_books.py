"""Journal entries of returns, allowances and refunds. Pure: rows in, entries out.

What a sale earned is taken back from where it was earned, and owed to the customer (`refunds_due`); money that goes
back settles that. A refund that fails is owed again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from commerce.ledger.journal import Entry, Part
from orders.books import ACCOUNTS, income_account
from orders.models import Allowance, OrderLine, Payment, Refund, Return, ReturnLine
from orders.tenders import registry as tenders


def returned(record: Return, lines: Iterable[ReturnLine], *, location_code: str) -> Entry:
    """Goods came back: what they and their charges earned, and their taxes, are owed to the customer."""
    goods = [(line.order_line, line.total_minor - line.tax_minor) for line in lines]
    return Entry(
        kind="return",
        source_type="return",
        source_uid=record.uid,
        currency=record.currency,
        postings=(
            *_given_up(goods, record.charges, record.taxes, record.rounding_minor),
            Part("refunds_due", -record.total_minor),
        ),
        business_date=record.business_date,
        location_code=location_code,
    )


def allowed(allowance: Allowance, lines: Mapping[int, OrderLine], *, location_code: str) -> Entry:
    """A lower price afterwards, the same as of goods that came back. `lines` by primary key are the order's."""
    goods = [(lines[row["line"]], row["net"]) for row in allowance.shares if "line" in row]
    charges = [row for row in allowance.shares if "charge" in row]
    return Entry(
        kind="allowance",
        source_type="allowance",
        source_uid=allowance.uid,
        currency=allowance.currency,
        postings=(
            *_given_up(goods, charges, allowance.taxes, allowance.rounding_minor),
            Part("refunds_due", -allowance.total_minor),
        ),
        business_date=allowance.business_date,
        location_code=location_code,
    )


def _given_up(
    goods: Iterable[tuple[OrderLine, int]],
    charges: Iterable[Mapping[str, Any]],
    taxes: Iterable[Mapping[str, Any]],
    rounding: int,
) -> list[Part]:
    """Debits of what was earned, account by account."""
    earned: dict[tuple[str, str], int] = defaultdict(int)
    for line, net in goods:
        earned[income_account(line)] += net
    for row in charges:
        earned[ACCOUNTS[row["kind"]], ""] += row["net"]
    for tax in taxes:
        earned["sales_tax", tax["code"]] += tax["amount"]
    return [
        *(Part(account, amount, sub) for (account, sub), amount in earned.items()),
        Part("cash_rounding", rounding),
    ]


def refund(row: Refund, paid: Payment, *, on: date, location_code: str = "") -> Entry:
    """Money went back: out of its tender's account, off what the customer is owed."""
    return _moved(row, paid, "refund", 1, on, location_code)


def refund_failed(row: Refund, paid: Payment, *, on: date, location_code: str = "") -> Entry:
    """The same money came back to us, and is owed again."""
    return _moved(row, paid, "refund_failed", -1, on, location_code)


def _moved(row: Refund, paid: Payment, kind: str, sign: int, on: date, location_code: str) -> Entry:
    return Entry(
        kind=kind,
        source_type="refund",
        source_uid=row.uid,
        currency=row.currency,
        postings=(
            Part("refunds_due", sign * row.amount_minor),
            Part(tenders()[row.tender].account, -sign * row.amount_minor, part_of(row, paid)),
        ),
        business_date=on,
        location_code=location_code,
    )


def part_of(row: Refund, paid: Payment) -> str:
    """Which part of its tender's account a refund leaves from: the payment's own, unless the refund's details name
    another (a drawer, a card)."""
    is_own = row.tender == paid.tender
    seen = Payment(
        tender=row.tender,
        provider=paid.provider if is_own else "",
        details={**(paid.details if is_own else {}), **row.details},
    )
    return tenders()[row.tender].part(seen)
