"""What disputes hold back at present, and the books of their verdicts. Steps."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet, Sum

from commerce.kernel.db import in_transaction
from commerce.ledger import journal
from commerce.ledger.models import JournalEntry, Posting
from orders import settlement_books as books
from orders.models import Dispute, NetworkTransaction


@in_transaction
def refresh(disputes: Sequence[int], *, at: datetime) -> None:
    """Sum up the recorded transactions of disputes (by primary key), and let their verdicts follow in the books."""
    for row in Dispute.objects.locked().filter(pk__in=disputes):
        moved = NetworkTransaction.objects.filter(dispute=row, state=NetworkTransaction.State.MATCHED)
        sums = moved.aggregate(gross=Sum("gross_minor"), fee=Sum("fee_minor"))
        row.money_minor, row.fee_minor = -(sums["gross"] or 0), sums["fee"] or 0
        row.save(update_fields=["money_minor", "fee_minor"])
        post_verdict(row, at=at)


@in_transaction
def post_verdict(row: Dispute, *, at: datetime) -> None:
    """A lost dispute is a loss of what is held back; one that was won after all is none. Each is posted once, whichever
    comes first: the verdict or the money."""
    written = set(_entries(row).values_list("kind", flat=True))
    if row.state == Dispute.State.LOST and row.money_minor and "dispute_lost" not in written:
        journal.post([books.loss(row, at=at)], at=at)
    if row.state == Dispute.State.WON and "dispute_lost" in written and "dispute_loss_undone" not in written:
        lost = Posting.objects.filter(
            entry__in=_entries(row).filter(kind="dispute_lost"), account__code="dispute_losses"
        )
        journal.post([books.loss_undone(row, lost.aggregate(sum=Sum("amount_minor"))["sum"] or 0, at=at)], at=at)


def _entries(row: Dispute) -> "QuerySet[JournalEntry]":
    return JournalEntry.objects.filter(source_type="dispute", source_uid=row.uid)
