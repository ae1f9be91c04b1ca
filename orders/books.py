"""Journal entries of orders and payments: one formula for every channel. Pure: rows in, entries out."""

from collections.abc import Sequence
from datetime import date

from commerce.ledger.journal import Entry
from orders.models import Adjustment, Order, Payment

ACCOUNTS = {"shipping": "shipping", "fee": "fees", "deposit": "deposits"}


def sale(order: Order, charges: Sequence[Adjustment], *, on: date, location_code: str) -> Entry:
    """The customer owes the total; it was earned as goods, charges (without their tax) and tax, on date `on`. A deposit
    is not earned, but owed to whoever brings the bottle back."""
    earned = [(ACCOUNTS[charge.kind], charge.total_minor - charge.tax_minor) for charge in charges]
    beside = {account: sum(net for kind, net in earned if kind == account) for account in ACCOUNTS.values()}
    goods = order.total_minor - order.tax_minor - sum(beside.values())
    return Entry(
        kind="sale",
        source_type="order",
        source_uid=order.uid,
        currency=order.currency,
        postings=(
            ("receivable", order.total_minor + order.rounding_minor),
            ("sales", -goods),
            *((account, -net) for account, net in beside.items()),
            ("sales_tax", -order.tax_minor),
            ("cash_rounding", -order.rounding_minor),
        ),
        business_date=on,
        location_code=location_code,
    )


def payment(paid: Payment, *, account: str, on: date, location_code: str, against: str = "receivable") -> Entry:
    """Money came in: into `account`, off what the customer owes."""
    return Entry(
        kind="payment",
        source_type="payment",
        source_uid=paid.uid,
        currency=paid.currency,
        postings=((account, paid.amount_minor), (against, -paid.amount_minor)),
        business_date=on,
        location_code=location_code,
    )


def refund_of_undeliverable(paid: Payment, *, account: str, on: date) -> Entry:
    """Money goes back that was taken for goods that were gone: it never became a sale."""
    return Entry(
        kind="refund",
        source_type="payment",
        source_uid=paid.uid,
        currency=paid.currency,
        postings=(("refunds_due", paid.amount_minor), (account, -paid.amount_minor)),
        business_date=on,
    )
