"""The only writer of cash movements."""

from datetime import datetime, timedelta

from django.db.models import Max, Sum

from commerce.company.models import User
from commerce.kernel.db import in_transaction
from orders.models import Payment, Refund
from pos.models import CashMovement, Shift


@in_transaction
def put_in_float(shift: Shift, amount_minor: int, *, actor: User, at: datetime) -> None:
    """The money that a shift begins with."""
    if amount_minor:
        CashMovement.objects.create(
            shift=shift, kind=CashMovement.Kind.FLOAT, amount_minor=amount_minor, actor=actor, created_at=at
        )


@in_transaction
def record_sale(shift: Shift, payments: list[Payment], *, actor: User | None, at: datetime) -> None:
    """Cash of a sale, net of change. What comes in after the count is no part of it, whatever the clocks say."""
    if shift.closed_at:
        at = max(at, shift.closed_at + timedelta(microseconds=1))
    CashMovement.objects.bulk_create(
        CashMovement(
            shift=shift,
            kind=CashMovement.Kind.SALE,
            amount_minor=payment.amount_minor,
            payment=payment,
            actor=actor,
            created_at=at,
        )
        for payment in payments
    )


@in_transaction
def give_back(shift: Shift, refunds: list[Refund], *, actor: User | None, at: datetime) -> None:
    """Cash that goes over the counter to a customer. The caller holds the shift, which is open."""
    CashMovement.objects.bulk_create(
        CashMovement(
            shift=shift,
            kind=CashMovement.Kind.REFUND,
            amount_minor=-refund.amount_minor,
            refund=refund,
            actor=actor,
            created_at=at,
        )
        for refund in refunds
    )


def last_moved_at(shift: Shift) -> datetime | None:
    """When money last went into or out of the drawer."""
    return CashMovement.objects.filter(shift=shift).aggregate(last=Max("created_at"))["last"]


def expected(shift: Shift) -> int:
    """What should be in the drawer, in minor units."""
    return int(CashMovement.objects.filter(shift=shift).aggregate(sum=Sum("amount_minor"))["sum"] or 0)
