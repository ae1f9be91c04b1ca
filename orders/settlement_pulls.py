"""How far the card network's reports have been read: the only writer of `SettlementPull`. Steps."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from commerce.kernel.db import in_transaction
from commerce.kernel.ids import new_uid
from orders.models import SettlementPull
from orders.transactions import Tally

PATIENCE = timedelta(minutes=2)  # so long nothing was heard of a reader that counts as killed

State = SettlementPull.State


class Stopped(Exception):
    """Somebody else reads now."""


@in_transaction
def start(provider: str, *, at: datetime) -> SettlementPull | None:
    """Take the turn; None while somebody else has it. What a killed one left is gone on with: its cursors stand."""
    SettlementPull.objects.get_or_create(provider=provider)
    free = ~Q(state=State.RUNNING) | Q(beat_at__lt=at - PATIENCE) | Q(beat_at=None)
    turn = new_uid()
    counts = {"pages": 0, "transactions": 0, "payouts": 0}
    taken = SettlementPull.objects.filter(free, provider=provider).update(
        state=State.RUNNING, turn=turn, started_at=at, beat_at=at, failure_text="", **counts
    )
    return SettlementPull.objects.get(provider=provider) if taken else None


@in_transaction
def advance(
    pull: SettlementPull, cursors: dict[str, str], *, at: datetime, tally: Tally | None = None, payouts: int = 0
) -> None:
    """One page is written; the cursors move with it. Raises `Stopped` when somebody else has the turn."""
    added = tally.added if tally else 0
    mine = SettlementPull.objects.filter(pk=pull.pk, turn=pull.turn)
    moved = mine.update(
        beat_at=at,
        pages=F("pages") + 1,
        transactions=F("transactions") + added,
        payouts=F("payouts") + payouts,
        **cursors,
    )
    if not moved:
        raise Stopped
    for name, value in cursors.items():
        setattr(pull, name, value)


@in_transaction
def finish(turn: UUID | None, *, at: datetime, failure: str = "") -> None:
    """The turn is over. A failure leaves the cursors where they are, and the next one goes on there."""
    values = {"state": State.FAILED, "failure_text": failure[:500]} if failure else {"state": State.IDLE}
    done = {} if failure else {"finished_at": at}
    SettlementPull.objects.filter(turn=turn).update(turn=None, **values, **done)
