"""The only writer of payouts. Steps; the caller holds the lock of settlements (see `orders.transactions.hold`)."""

from datetime import UTC, datetime

from django.db.models import Sum

from commerce.cases.queue import open_case, resolve_about
from commerce.kernel.db import in_transaction
from commerce.kernel.money import Money
from commerce.ledger import journal
from orders import settlement_books as books
from orders import states
from orders.gateway_settlement import Sent
from orders.models import Payout

MISMATCH, FAILED = "payout_mismatch", "payout_failed"


@in_transaction
def record(sent: Sent, *, provider: str, reported_by: str, at: datetime) -> Payout:
    """Write a payout or what became of it, and post it: once when it left, once when it came back.

    Word that is older than what we know changes nothing. One that is reported with another amount than before is a
    case, and stays as it was.
    """
    row = Payout.objects.select_for_update(of=("self",)).filter(provider=provider, provider_id=sent.id).first()
    if row is None:
        row = _create(sent, provider=provider, reported_by=reported_by, at=at)
    elif (row.amount_minor, row.currency) != (sent.amount, sent.currency):
        told = Money(sent.amount, sent.currency).format()
        _report(row, f"The card network now says {told}, where it was {row.amount.format()} before.", at=at)
        return row
    elif sent.status in states.PAYOUT[row.state]:
        fields = {"arrives_on": sent.arrives_at.astimezone(UTC).date(), "failure_text": sent.failure[:500]}
        states.move(row, sent.status, states.PAYOUT, **fields)
        if row.state in Payout.BACK:
            _come_back(row, at=at)
    return row


@in_transaction
def check(row: Payout, *, at: datetime) -> bool:
    """Whether a payout is the sum of its parts, once all of them were read; when it is not, that is a case."""
    if not row.is_automatic:
        return True
    total = row.parts.aggregate(sum=Sum("net_minor"))["sum"] or 0
    others = row.parts.exclude(currency=row.currency).count()
    complete = total == row.amount_minor and not others
    if complete != row.is_complete:
        row.is_complete = complete
        row.save(update_fields=["is_complete"])
    if complete:
        resolve_about(MISMATCH, row.provider_id, at=at)
    else:
        parts = Money(total, row.currency).format()
        _report(row, f"Its transactions add up to {parts}, but {row.amount.format()} was sent.", at=at)
    return complete


def _create(sent: Sent, *, provider: str, reported_by: str, at: datetime) -> Payout:
    row = Payout.objects.create(
        provider=provider,
        provider_id=sent.id,
        state=sent.status,
        currency=sent.currency,
        amount_minor=sent.amount,
        is_automatic=sent.is_automatic,
        arrives_on=sent.arrives_at.astimezone(UTC).date(),
        created_at=sent.created_at,
        reported_by=reported_by,
        failure_text=sent.failure[:500],
        recorded_at=at,
    )
    journal.post([books.payout(row)], at=at)
    if row.state in Payout.BACK:
        _come_back(row, at=at)
    return row


def _come_back(row: Payout, *, at: datetime) -> None:
    journal.post([books.payout_back(row, at=at)], at=at)
    why = f": {row.failure_text}" if row.failure_text else "."
    open_case(
        FAILED,
        subject=row.provider_id,
        text=f"The payout of {row.amount.format()} came back from the bank{why} The money is at the card network again;"
        " it leaves with the next payout once the bank account is in order there.",
        context={"payout": str(row.uid), "amount": row.amount.format()},
        at=at,
    )


def _report(row: Payout, text: str, *, at: datetime) -> None:
    open_case(MISMATCH, subject=row.provider_id, text=text, context={"payout": str(row.uid)}, at=at)
