"""The journal entry of a capture: authorized money is posted when it is taken, not before. Pure: rows in, entry out."""

from datetime import date

from commerce.ledger.journal import Entry, Part
from orders.models import Capture
from orders.tenders import registry as tenders


def capture(taken: Capture, *, on: date, location_code: str) -> Entry:
    """A part of an authorized payment came in: into its tender's account, off what the customer owes."""
    payment = taken.payment
    tender = tenders()[payment.tender]
    return Entry(
        kind="payment",
        source_type="capture",
        source_uid=taken.uid,
        currency=taken.currency,
        postings=(
            Part(tender.account, taken.amount_minor, tender.part(payment)),
            Part("receivable", -taken.amount_minor),
        ),
        business_date=on,
        location_code=location_code,
    )
