"""Journal entries of orders and payments: one formula for every channel. Pure: rows in, entries out."""

from datetime import date

from commerce.ledger.journal import Entry
from orders.models import Order, Payment


def sale(order: Order, *, on: date, location_code: str, shipping_minor: int) -> Entry:
    """The customer owes the total; it was earned as goods, shipping (without its tax) and tax, on date `on`."""
    goods = order.total_minor - order.tax_minor - shipping_minor
    return Entry(
        kind="sale",
        source_type="order",
        source_uid=order.uid,
        currency=order.currency,
        postings=(
            ("receivable", order.total_minor + order.rounding_minor),
            ("sales", -goods),
            ("shipping", -shipping_minor),
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
