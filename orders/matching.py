"""Which of our documents a transaction of the card network belongs to. Reads, never writes; guesses nothing.

A transaction is matched by ids alone. What has none that we know stays open, and people get suggestions
(`orders.suggestions`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from orders.gateway_settlement import Movement
from orders.models import Dispute, NetworkTransaction, Payment, Payout, Refund

Kind = NetworkTransaction.Kind
_KINDS = {
    "charge": Kind.CHARGE,
    "payment": Kind.CHARGE,
    "refund": Kind.REFUND,
    "payment_refund": Kind.REFUND,
    "refund_failure": Kind.REFUND,
    "payment_failure_refund": Kind.REFUND,
    "partial_capture_reversal": Kind.CHARGE,
    "dispute": Kind.DISPUTE,
    "dispute_reversal": Kind.DISPUTE,
    "payout": Kind.PAYOUT,
    "payout_failure": Kind.PAYOUT,
    "payout_cancel": Kind.PAYOUT,
    "payout_reversal": Kind.PAYOUT,
    "stripe_fee": Kind.FEE,
    "stripe_fx_fee": Kind.FEE,
    "network_cost": Kind.FEE,
    "tax_fee": Kind.FEE,
    "fee": Kind.FEE,
    "tax": Kind.FEE,
}


def kind_of(move: Movement) -> Kind:
    """What a movement is to us. Older reports call the money of disputes an adjustment."""
    if move.source.startswith(("dp_", "du_")):
        return Kind.DISPUTE
    return _KINDS.get(move.category) or _KINDS.get(move.type) or Kind.OTHER


@dataclass(frozen=True, slots=True)
class Match:
    """`reason` says why nothing was found: a code of `REASONS`, empty when something was."""

    kind: Kind
    payment: Payment | None = None
    refund: Refund | None = None
    dispute: Dispute | None = None
    payout: Payout | None = None
    reason: str = ""


@dataclass(slots=True)
class Known:
    """The documents that a batch of movements may belong to, read at once."""

    payments: dict[str, Payment] = field(default_factory=dict)  # by the intent's id, and by our uid
    refunds: dict[str, Refund] = field(default_factory=dict)  # by the refund's id, and by our uid
    disputes: dict[str, Dispute] = field(default_factory=dict)
    payouts: dict[str, Payout] = field(default_factory=dict)
    charged: dict[int, int] = field(default_factory=dict)  # by payment: what charges of it were recorded
    returned: dict[int, int] = field(default_factory=dict)  # by refund
    by_charge: dict[str, int] = field(default_factory=dict)  # payments by the id of an earlier charge


def known(moves: Sequence[Movement], provider: str) -> Known:
    """A handful of statements, however many movements."""
    found, sources = Known(), {move.source for move in moves if move.source}
    own = Q(provider=provider)
    found.disputes = {row.provider_id: row for row in Dispute.objects.filter(own, provider_id__in=sources)}
    found.payouts = {row.provider_id: row for row in Payout.objects.filter(own, provider_id__in=sources)}
    refunds = Refund.objects.filter(
        Q(provider_id__in=sources) | Q(uid__in=_uids(moves, "refund")), payment__provider=provider
    ).select_related("payment__order")
    found.refunds = {key: row for row in refunds for key in (row.provider_id, str(row.uid)) if key}
    charges = {move.charge for move in moves if move.charge} | sources
    found.by_charge = dict(
        NetworkTransaction.objects.filter(own, kind=Kind.CHARGE, source_id__in=charges, payment__isnull=False)
        .values_list("source_id", "payment")
    )  # fmt: skip
    intents = {move.intent for move in moves if move.intent}
    payments = Payment.objects.filter(
        Q(provider_id__in=intents) | Q(uid__in=_uids(moves, "payment")) | Q(pk__in=found.by_charge.values()), own
    ).select_related("order")
    rows = list(payments)
    found.payments = {key: row for row in rows for key in (row.provider_id, str(row.uid)) if key}
    found.payments |= {charge: row for charge, pk in found.by_charge.items() for row in rows if row.pk == pk}
    matched = NetworkTransaction.objects.filter(state__in=["matched", "booked"])
    found.charged = _sums(matched.filter(kind=Kind.CHARGE, payment__in=rows), "payment")
    found.returned = _sums(matched.filter(kind=Kind.REFUND, refund__in=list(refunds)), "refund")
    return found


def match(move: Movement, found: Known) -> Match:
    """What a movement belongs to. What it takes of a document is noted in `found`, for those that follow."""
    kind = kind_of(move)
    if kind == Kind.CHARGE:
        return _charge(move, found)
    if kind == Kind.REFUND:
        return _refund(move, found)
    if kind == Kind.DISPUTE:
        dispute = found.disputes.get(move.source)
        if dispute is None or dispute.payment_id is None:
            return Match(kind, reason="unknown")
        return Match(kind, dispute=dispute, reason="" if dispute.currency == move.currency else "currency")
    if kind == Kind.PAYOUT:
        payout = found.payouts.get(move.source)
        return Match(kind, payout=payout, reason="" if payout else "unknown")
    return Match(kind, reason="" if kind == Kind.FEE else "unknown")


def _charge(move: Movement, found: Known) -> Match:
    payment = _payment(move, found)
    if payment is None:
        return Match(Kind.CHARGE, reason="unknown")
    if payment.currency != move.currency:
        return Match(Kind.CHARGE, reason="currency")
    charged = found.charged.get(payment.pk, 0) + move.gross
    if charged > payment.captured_minor:
        return Match(Kind.CHARGE, reason="amount")
    found.charged[payment.pk] = charged
    return Match(Kind.CHARGE, payment=payment)


def _refund(move: Movement, found: Known) -> Match:
    refund = found.refunds.get(move.source) or found.refunds.get(move.metadata.get("refund", ""))
    if refund is None:
        return _refund_without_row(move, found)
    if refund.currency != move.currency:
        return Match(Kind.REFUND, reason="currency")
    returned = found.returned.get(refund.pk, 0) + move.gross
    if not -refund.amount_minor <= returned <= 0:
        return Match(Kind.REFUND, reason="amount")
    found.returned[refund.pk] = returned
    return Match(Kind.REFUND, payment=refund.payment, refund=refund)


def _refund_without_row(move: Movement, found: Known) -> Match:
    """A payment that went back in full because its goods were gone has no refund of its own."""
    payment = _payment(move, found)
    if payment is None:
        return Match(Kind.REFUND, reason="unknown")
    whole = payment.details.get("refund_due") and -move.gross == payment.refunded_minor == payment.captured_minor
    if not whole or payment.currency != move.currency:
        return Match(Kind.REFUND, reason="unknown")
    return Match(Kind.REFUND, payment=payment)


def _payment(move: Movement, found: Known) -> Payment | None:
    keys = (move.intent, move.metadata.get("payment", ""), move.charge, move.source)
    return next((found.payments[key] for key in keys if key in found.payments), None)


def _uids(moves: Iterable[Movement], name: str) -> set[UUID]:
    """Uids of ours that were sent along; another program's metadata may say anything."""
    uids = set()
    for move in moves:
        try:
            uids.add(UUID(move.metadata.get(name, "")))
        except ValueError:
            continue
    return uids


def _sums(rows: "QuerySet[NetworkTransaction]", name: str) -> dict[int, int]:
    return {row[name]: row["sum"] for row in rows.order_by().values(name).annotate(sum=Sum("gross_minor"))}
