"""Card takings of a shift, held against the batch of who has the money: the only writer of `TerminalBatch`. Steps.

A difference is a case of the store, one for each shift and tender, and closes itself when both sides agree.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from commerce.cases.queue import open_case, resolve_about
from commerce.company.models import User
from commerce.kernel.db import in_transaction
from commerce.kernel.money import Money
from orders.models import NetworkTransaction, Payment, Refund
from pos.models import CardAttempt, Shift, TerminalBatch

CASE = "batch_difference"
CONNECTED, SEPARATE = "card_present", "external_terminal"
REPORTED_WITHIN = timedelta(days=3)  # so long the card network may take to report what a reader took
Sums = Mapping[str, int]


@in_transaction
def hold(pk: int) -> Shift:
    """Lock a shift, so that its two comparisons cannot cross."""
    return Shift.objects.select_for_update(of=("self",)).select_related("register__location").get(pk=pk)


def taken(shift: Shift, tender: str) -> dict[str, int]:
    """Minor units that the till recorded by a tender in a shift, by type of card; "" where it is not known."""
    sums: dict[str, int] = defaultdict(int)
    for payment in Payment.objects.filter(order__sale__shift=shift, tender=tender):
        sums[_type(payment)] += payment.captured_minor
    if tender == SEPARATE:
        for refund in _given_back(shift):
            sums[_type(refund.payment)] -= refund.amount_minor
    return dict(sums)


def reported(shift: Shift) -> dict[str, int]:
    """Minor units that the card network reports of a shift's connected reader, by type of card: charges of the shift's
    payments, and those of the reader that no sale came with."""
    until = shift.closed_at or shift.opened_at + timedelta(days=2)
    attempts = CardAttempt.objects.filter(register=shift.register, created_at__range=(shift.opened_at, until))
    strays = Q(payment=None, intent_id__in=attempts.exclude(provider_id="").values("provider_id"))
    rows = NetworkTransaction.objects.filter(kind="charge").exclude(state="offset")
    own = Q(payment__order__sale__shift=shift, payment__tender=CONNECTED)
    sums: dict[str, int] = defaultdict(int)
    for row in rows.filter(own | strays).select_related("payment"):
        card = row.details.get("card", {})
        sums[_type(row.payment) if row.payment else str(card.get("brand", "")).lower()] += row.gross_minor
    return dict(sums)


@in_transaction
def compare(
    shift: Shift, tender: str, *, recorded: Sums, batch: Sums, by: User | None, at: datetime, is_final: bool = True
) -> list[TerminalBatch]:
    """Write both sides down, by type of card. A difference above `settings.BATCH_DIFFERENCE_LIMIT` is a case once
    nothing more is to be expected."""
    rows = []
    for card_type in sorted({*recorded, *batch}):
        values = {
            "currency": shift.currency,
            "recorded_minor": recorded.get(card_type, 0),
            "batch_minor": batch.get(card_type, 0),
            "actor": by,
            "checked_at": at,
        }
        row, _made = TerminalBatch.objects.update_or_create(
            shift=shift, tender=tender, card_type=card_type, defaults=values
        )
        rows.append(row)
    different = [row for row in rows if row.difference_minor]
    subject = f"{shift.uid} {tender}"
    if not different:
        resolve_about(CASE, subject, at=at, by=by)
    elif is_final and max(abs(row.difference_minor) for row in different) > settings.BATCH_DIFFERENCE_LIMIT:
        _report(shift, subject, different, at=at)
    return rows


@in_transaction
def record_slip(shift: Shift, total_minor: int, *, by: User | None, at: datetime) -> TerminalBatch:
    """Hold the total of a card machine's slip against what the till recorded by it, all cards together."""
    recorded = {"": sum(taken(shift, SEPARATE).values())}
    (row,) = compare(shift, SEPARATE, recorded=recorded, batch={"": total_minor}, by=by, at=at)
    return row


def unsettled(*, at: datetime) -> list[int]:
    """Shifts (primary keys) with takings on a connected reader that nobody has compared with a final result yet."""
    closed = Shift.objects.filter(closed_at__gt=at - timedelta(days=14), closed_at__lte=at)
    used = Q(sales__order__payments__tender=CONNECTED)
    agreed = TerminalBatch.objects.filter(tender=CONNECTED, checked_at__gt=at - timedelta(days=14))
    known = {row.shift_id for row in agreed} - {row.shift_id for row in agreed if row.difference_minor}
    return [pk for pk in closed.filter(used).distinct().order_by("pk").values_list("pk", flat=True) if pk not in known]


def _given_back(shift: Shift) -> list[Refund]:
    """By the same machine, while the shift was open."""
    until = {"created_at__lte": shift.closed_at} if shift.closed_at else {}
    here = Q(details__drawer=shift.register.code) | Q(details__terminal=shift.register.code)
    rows = Refund.objects.filter(here, tender=SEPARATE, created_at__gte=shift.opened_at, **until)
    return list(rows.exclude(state=Refund.State.FAILED).select_related("payment"))


def _type(payment: Payment) -> str:
    return str(payment.details.get("brand") or "").lower()


def _report(shift: Shift, subject: str, different: list[TerminalBatch], *, at: datetime) -> None:
    lines = [
        f"{row.card_type.capitalize() or 'All cards'}: the till recorded {_words(row.recorded_minor, row)}, the batch"
        f" says {_words(row.batch_minor, row)} ({_words(row.difference_minor, row)})."
        for row in different
    ]
    open_case(
        CASE,
        subject=subject,
        text="\n".join([f"Card takings of {shift} do not agree with their batch.", *lines]),
        location=shift.register.location,
        context={"shift": str(shift.uid), "register": shift.register.code},
        at=at,
    )


def _words(minor: int, row: TerminalBatch) -> str:
    return Money(minor, row.currency).format()
