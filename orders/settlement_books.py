"""Journal entries of what the card network does with our money. Pure: rows in, entries out.

What sales and refunds put on the clearing account (see `orders.books`), these take off it again: fees, disputes and
payouts. What is left is what the card network owes us.
"""

from datetime import UTC, date, datetime
from uuid import UUID

from commerce.ledger.journal import Entry, Part
from orders.models import Dispute, NetworkTransaction, Payout

CLEARING = "card_clearing"
# On which account a person may book what matches nothing.
ACCOUNTS = ("payment_fees", "write_off", "refunds_due", "dispute_losses")
KINDS = {
    NetworkTransaction.Kind.CHARGE: "network_fee",
    NetworkTransaction.Kind.REFUND: "network_fee",
    NetworkTransaction.Kind.FEE: "network_fee",
    NetworkTransaction.Kind.DISPUTE: "dispute_money",
    NetworkTransaction.Kind.PAYOUT: "network_fee",
    NetworkTransaction.Kind.OTHER: "network_other",
}


def transaction(row: NetworkTransaction) -> Entry:
    """What a settled transaction adds to the books: always its fee; of disputes, fees and what was booked by hand the
    amount, too. Charges, refunds and payouts are in the books by themselves."""
    parts = [Part("payment_fees", row.fee_minor)]
    if row.state == NetworkTransaction.State.BOOKED:
        parts.append(Part(row.account, -row.gross_minor))
    elif row.kind == NetworkTransaction.Kind.DISPUTE:
        parts.append(Part("disputed", -row.gross_minor, row.source_id))
    elif row.kind == NetworkTransaction.Kind.FEE:
        parts.append(Part("payment_fees", -row.gross_minor))
    by_hand = row.state == NetworkTransaction.State.BOOKED
    kind = "network_other" if by_hand else KINDS[NetworkTransaction.Kind(row.kind)]
    return _entry(kind, "network_transaction", row.uid, row.currency, parts, row.provider, row.created_at)


def payout(row: Payout) -> Entry:
    """The money left for the bank."""
    parts = [Part("bank", row.amount_minor)]
    return _entry("payout", "payout", row.uid, row.currency, parts, row.provider, row.created_at)


def payout_back(row: Payout, *, at: datetime) -> Entry:
    """The bank refused it: the money is at the card network again."""
    parts = [Part("bank", -row.amount_minor)]
    return _entry("payout_failed", "payout", row.uid, row.currency, parts, row.provider, at)


def loss(row: Dispute, *, at: datetime) -> Entry:
    """A lost dispute: what is held back is gone."""
    return _verdict("dispute_lost", row, row.money_minor, at)


def loss_undone(row: Dispute, lost_minor: int, *, at: datetime) -> Entry:
    """A dispute that had counted as lost was won after all."""
    return _verdict("dispute_loss_undone", row, -lost_minor, at)


def _verdict(kind: str, row: Dispute, minor: int, at: datetime) -> Entry:
    return Entry(
        kind=kind,
        source_type="dispute",
        source_uid=row.uid,
        currency=row.currency,
        postings=(Part("dispute_losses", minor), Part("disputed", -minor, row.provider_id)),
        business_date=_day(at),
    )


def _entry(
    kind: str, source_type: str, source: UUID, currency: str, parts: list[Part], provider: str, at: datetime
) -> Entry:
    """The parts against the clearing account of the provider."""
    rest = Part(CLEARING, -sum(part.amount for part in parts), provider)
    return Entry(
        kind=kind,
        source_type=source_type,
        source_uid=source,
        currency=currency,
        postings=(*parts, rest),
        business_date=_day(at),
    )


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
