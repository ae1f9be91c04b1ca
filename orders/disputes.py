"""The only writer of disputes. Steps; the caller holds the lock of settlements, then the order's and the payment's."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from commerce.cases.queue import open_case, resolve_about
from commerce.company.models import User
from commerce.kernel.db import in_transaction
from commerce.kernel.money import Money
from orders import dispute_money, states, timeline, transactions
from orders.errors import ChargeDisputed
from orders.gateway_settlement import Contest
from orders.models import Dispute, NetworkTransaction, Order, Payment

CASE = "dispute"
ENTRIES = {
    "warning_under_review": "dispute_answered",
    "warning_closed": "inquiry_closed",
    "under_review": "dispute_answered",
    "won": "dispute_won",
    "lost": "dispute_lost",
    "prevented": "inquiry_closed",
}


@in_transaction
def hold(contest: Contest, *, provider: str) -> Payment | None:
    """Lock the order and the payment that a dispute is about; None when it is none of ours."""
    charges = NetworkTransaction.objects.filter(provider=provider, source_id=contest.charge, payment__isnull=False)
    named = Payment.objects.filter(provider=provider, provider_id=contest.intent or "-")
    found = named.first() or Payment.objects.filter(transactions__in=charges).first()
    if found is None:
        return None
    order = Order.objects.locked().get(pk=found.order_id)
    payment = Payment.objects.locked().get(pk=found.pk)
    payment.order = order
    return payment


@in_transaction
def record(contest: Contest, payment: Payment | None, *, provider: str, at: datetime) -> Dispute:
    """Make our dispute say what the card network says, with its money, its case and the order's history.

    Word that is older than what we know changes nothing. Safe to repeat.
    """
    row = Dispute.objects.locked().filter(provider=provider, provider_id=contest.id).first()
    before = row.state if row else ""
    if row is None:
        row = _create(contest, payment, provider=provider, at=at)
    else:
        _update(row, contest, payment, at=at)
    transactions.record(contest.movements, provider=provider, reported_by="api", at=at)
    transactions.rematch_of(row, at=at)
    row.refresh_from_db()
    dispute_money.post_verdict(row, at=at)
    if row.state != before:
        _tell(row, before, at=at)
    return row


@in_transaction
def keep_answer(row: Dispute, evidence: dict[str, str]) -> None:
    """Keep what is about to be sent to the bank."""
    row.evidence = evidence
    row.save(update_fields=["evidence"])


@in_transaction
def note_answer(row: Dispute, *, by: User | None, at: datetime) -> None:
    """It was sent."""
    row.submitted_at = at
    row.save(update_fields=["submitted_at"])
    if row.payment:
        timeline.add(row.payment.order, "evidence_sent", at=at, actor=by, amount=row.amount.as_json())


@in_transaction
def refuse_if_disputed(payments: Iterable[int]) -> None:
    """Raises `ChargeDisputed` when the money of one of these payments (primary keys) is held back or lost: the
    cardholder has it already, and whatever the tender, a refund would pay twice. An inquiry forbids nothing, and
    neither does a dispute that was won."""
    held = Dispute.objects.filter(payment__in=list(payments), is_refundable=False)
    if held.filter(state__in=["needs_response", "under_review", "lost"]).exists():
        raise ChargeDisputed()


def _create(contest: Contest, payment: Payment | None, *, provider: str, at: datetime) -> Dispute:
    is_open = contest.status in Dispute.OPEN
    return Dispute.objects.create(
        payment=payment,
        provider=provider,
        provider_id=contest.id,
        charge_id=contest.charge,
        intent_id=contest.intent,
        state=contest.status,
        reason=contest.reason[:60],
        currency=contest.currency,
        amount_minor=contest.amount,
        is_refundable=contest.is_refundable,
        evidence_due_at=contest.due_at,
        created_at=contest.created_at,
        closed_at=None if is_open else at,
    )


def _update(row: Dispute, contest: Contest, payment: Payment | None, *, at: datetime) -> None:
    if row.payment_id is None and payment is not None:
        row.payment = payment
        row.save(update_fields=["payment"])
    if contest.status != row.state and contest.status not in states.DISPUTE[row.state]:
        return
    changes: dict[str, Any] = {
        "is_refundable": contest.is_refundable,
        "evidence_due_at": contest.due_at,
        "amount_minor": contest.amount,
    }
    if contest.status == row.state:
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(update_fields=list(changes))
        return
    closed = None if contest.status in Dispute.OPEN else at
    states.move(row, contest.status, states.DISPUTE, closed_at=closed, **changes)


def _tell(row: Dispute, before: str, *, at: datetime) -> None:
    """The order's history, and the case: open while an answer is wanted, anew when an inquiry becomes a dispute."""
    order = row.payment.order if row.payment else None
    if order:
        kind = ENTRIES.get(row.state) or ("inquiry_opened" if row.is_inquiry else "dispute_opened")
        reason = row.reason.replace("_", " ")
        if not (kind == "dispute_answered" and before not in Dispute.ANSWERABLE):
            timeline.add(order, kind, at=at, amount=row.amount.as_json(), reason=reason)
    resolve_about(CASE, row.provider_id, at=at)
    if row.is_answerable:
        open_case(
            CASE,
            subject=row.provider_id,
            text=_words(row, order),
            context={
                "dispute": str(row.uid),
                "amount": row.amount.format(),
                "reason": row.reason.replace("_", " "),
                **({"order": order.number or str(order.uid)} if order else {}),
            },
            at=at,
            due_at=row.evidence_due_at,
        )


def _words(row: Dispute, order: Order | None) -> str:
    about = f"order {order.number or order.uid}" if order else f"the charge {row.charge_id}, which no order of ours has"
    until = f" by {row.evidence_due_at:%Y-%m-%d}" if row.evidence_due_at else ""
    refunded = row.payment.refunded_minor if row.payment else 0
    back = f" {Money(refunded, row.currency).format()} of it was refunded before: say so." if refunded else ""
    if row.is_inquiry:
        return f"The bank asks about {row.amount.format()} of {about}. No money was taken. Answer{until}.{back}"
    return (
        f"The cardholder disputes {row.amount.format()} of {about} ({row.reason.replace('_', ' ')}). The card network"
        f" holds the money back. Send evidence{until}, or accept that it is lost.{back}"
    )
