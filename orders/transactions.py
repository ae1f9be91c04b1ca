"""The only writer of the card network's transactions. Steps; all of them hold the lock of settlements.

A transaction is written once, however often and by whomever it is reported, and posts what it means once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Sum

from commerce.cases.queue import open_case, resolve_about
from commerce.company.models import User
from commerce.kernel.db import advisory_lock, in_transaction
from commerce.kernel.failpoints import is_off
from commerce.kernel.money import Money
from commerce.ledger import journal
from orders import dispute_money, matching
from orders import settlement_books as books
from orders.errors import AlreadySettled, DoesNotFit
from orders.gateway_settlement import Movement
from orders.models import Dispute, NetworkTransaction, Payment, Payout
from orders.suggestions import uncharged

State, Kind = NetworkTransaction.State, NetworkTransaction.Kind
CASE = "unmatched_transaction"
LOCK = "orders.settlement"
REASONS = {
    "unknown": "no payment, refund or dispute of ours has its ids",
    "currency": "its currency is not that of the payment that it names",
    "amount": "it is more than the payment or refund that it names has left",
}
AGAIN = 500  # open ones that are looked at again at a time, the oldest first


@dataclass(frozen=True, slots=True)
class Tally:
    """How many transactions were new, known already, and without a match."""

    added: int = 0
    known: int = 0
    unmatched: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.added + other.added, self.known + other.known, self.unmatched + other.unmatched)


@in_transaction
def hold() -> None:
    """Whoever writes settlements takes this first: they pass one after the other (see `kernel.db`). So two charges of
    one payment cannot both find that it has enough left."""
    if not is_off(LOCK):
        advisory_lock(LOCK)


@in_transaction
def record(
    moves: Sequence[Movement], *, provider: str, reported_by: str, at: datetime, part_of: Payout | None = None
) -> Tally:
    """Write what is new of these movements, match it, post it; what matches nothing becomes a case.

    `part_of`: the payout that all of them were paid out with, except the one that is the payout itself.
    """
    once = {move.id: move for move in moves}
    known = set(
        NetworkTransaction.objects.filter(provider=provider, provider_id__in=list(once)).values_list(
            "provider_id", flat=True
        )
    )
    fresh = sorted((move for move in once.values() if move.id not in known), key=lambda move: move.created_at)
    found = matching.known(fresh, provider)
    pairs = [(move, matching.match(move, found)) for move in fresh]
    rows = [_row(move, match, provider=provider, reported_by=reported_by, at=at) for move, match in pairs]
    NetworkTransaction.objects.bulk_create(rows)
    _post([row for row in rows if row.state != State.OPEN], at=at)
    offset = {row.pk for row in _offset([row for row in rows if row.state == State.OPEN], at=at)}
    for row, (_move, match) in zip(rows, pairs, strict=True):
        if row.state == State.OPEN and row.pk not in offset:
            _report(row, match.reason, at=at)
    if part_of is not None:
        parts = NetworkTransaction.objects.filter(provider=provider, provider_id__in=list(once), part_of=None)
        parts.exclude(Q(kind=Kind.PAYOUT) & Q(source_id=part_of.provider_id)).update(part_of=part_of)
    left = sum(row.state == State.OPEN and row.pk not in offset for row in rows)
    return Tally(len(rows), len(known), left)


@in_transaction
def rematch(*, provider: str, at: datetime) -> int:
    """Look again at what was open: its sale may have come in from a till that was offline. How many were settled."""
    waiting = NetworkTransaction.objects.filter(provider=provider, state=State.OPEN)
    return _again(list(waiting.order_by("pk")[:AGAIN]), provider=provider, at=at)


@in_transaction
def rematch_of(row: Dispute, *, at: datetime) -> int:
    """The same for the money of a dispute that was not known when it moved."""
    waiting = NetworkTransaction.objects.filter(provider=row.provider, state=State.OPEN, source_id=row.provider_id)
    return _again(list(waiting), provider=row.provider, at=at)


def _again(rows: list[NetworkTransaction], *, provider: str, at: datetime) -> int:
    moves = [_movement(row) for row in rows]
    found = matching.known(moves, provider)
    settled = []
    for row, move in zip(rows, moves, strict=True):
        match = matching.match(move, found)
        if not match.reason:
            _apply(row, match)
            settled.append(row)
    NetworkTransaction.objects.bulk_update(settled, ["state", "kind", "payment", "refund", "dispute", "payout"])
    _post(settled, at=at)
    for row in settled:
        resolve_about(CASE, row.provider_id, at=at)
    return len(settled)


@in_transaction
def match_by_hand(row: NetworkTransaction, payment: Payment, *, note: str, by: User | None, at: datetime) -> None:
    """Somebody says that an open charge is that of a payment. Raises `DoesNotFit` when the payment has less left, or
    is in another currency."""
    left = uncharged([payment]).get(payment.pk, 0)
    if row.currency != payment.currency or not 0 < row.gross_minor <= left:
        raise DoesNotFit(amount=row.gross.format(), open=Money(left, payment.currency).format())
    row.payment, row.kind = payment, Kind.CHARGE
    _settle_by_hand(row, State.MATCHED, note=note, by=by, at=at, fields=["payment", "kind"])


@in_transaction
def book_by_hand(row: NetworkTransaction, *, account: str, note: str, by: User | None, at: datetime) -> None:
    """Somebody says which account an open transaction belongs on, and why."""
    if account not in books.ACCOUNTS or not note.strip():
        raise ValueError("a transaction is booked on one of the accounts for it, with a reason")
    row.account = account
    _settle_by_hand(row, State.BOOKED, note=note, by=by, at=at, fields=["account"])


@in_transaction
def locked(pk: int) -> NetworkTransaction:
    """An open transaction, locked. Raises `AlreadySettled`."""
    row = NetworkTransaction.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.OPEN).first()
    if row is None:
        raise AlreadySettled()
    return row


def _settle_by_hand(
    row: NetworkTransaction, state: str, *, note: str, by: User | None, at: datetime, fields: list[str]
) -> None:
    row.state, row.note, row.settled_by = state, note.strip()[:300], by
    row.save(update_fields=["state", "note", "settled_by", *fields])
    _post([row], at=at)
    resolve_about(CASE, row.provider_id, at=at, by=by)


def _post(rows: Iterable[NetworkTransaction], *, at: datetime) -> None:
    settled = list(rows)
    journal.post([books.transaction(row) for row in settled], at=at)
    contested = [row.dispute_id for row in settled if row.dispute_id and row.state == State.MATCHED]
    dispute_money.refresh(sorted(set(contested)), at=at)


def _offset(rows: Sequence[NetworkTransaction], *, at: datetime) -> list[NetworkTransaction]:
    """Open transactions of a payment that no document knows, when all that was taken went back: a card at a till
    whose sale was never recorded. Nothing is owed to anybody; only the fees stay."""
    intents = {row.intent_id for row in rows if row.intent_id}
    waiting = NetworkTransaction.objects.filter(state=State.OPEN, intent_id__in=intents)
    sums = waiting.order_by().values("provider", "intent_id", "currency").annotate(sum=Sum("gross_minor"))
    even = {row["intent_id"] for row in sums if row["sum"] == 0}
    found = list(waiting.filter(intent_id__in=even))
    for row in found:
        row.state = State.OFFSET
    NetworkTransaction.objects.bulk_update(found, ["state"])
    _post(found, at=at)
    for row in found:
        resolve_about(CASE, row.provider_id, at=at)
    return found


def _apply(row: NetworkTransaction, match: matching.Match) -> None:
    row.kind, row.state = match.kind, State.OPEN if match.reason else State.MATCHED
    if not match.reason:
        row.payment, row.refund, row.dispute, row.payout = match.payment, match.refund, match.dispute, match.payout
        if match.dispute:
            row.payment_id = match.dispute.payment_id


def _row(move: Movement, match: matching.Match, *, provider: str, reported_by: str, at: datetime) -> NetworkTransaction:
    row = NetworkTransaction(
        provider=provider,
        provider_id=move.id,
        type=move.type[:60],
        category=move.category[:60],
        currency=move.currency,
        gross_minor=move.gross,
        fee_minor=move.fee,
        net_minor=move.net,
        source_id=move.source,
        intent_id=move.intent,
        description=move.description,
        details={"charge": move.charge, "metadata": move.metadata, "card": move.card},
        reported_by=reported_by,
        available_at=move.available_at,
        created_at=move.created_at,
        recorded_at=at,
    )
    _apply(row, match)
    return row


def _movement(row: NetworkTransaction) -> Movement:
    return Movement(
        id=row.provider_id,
        type=row.type,
        category=row.category,
        currency=row.currency,
        gross=row.gross_minor,
        fee=row.fee_minor,
        net=row.net_minor,
        source=row.source_id,
        created_at=row.created_at,
        available_at=row.available_at,
        intent=row.intent_id,
        charge=row.details.get("charge", ""),
        description=row.description,
        metadata=row.details.get("metadata", {}),
        card=row.details.get("card", {}),
    )


def _report(row: NetworkTransaction, reason: str, *, at: datetime) -> None:
    what = row.category or row.type
    open_case(
        CASE,
        subject=row.provider_id,
        text=f"{row.gross.format()} ({what.replace('_', ' ')}) moved at the card network on {row.created_at:%Y-%m-%d}:"
        f" {REASONS.get(reason, reason)}. Nothing was posted. Say what it belongs to, or which account it goes on.",
        context={"transaction": row.provider_id, "source": row.source_id, "amount": row.gross.format()},
        at=at,
    )
