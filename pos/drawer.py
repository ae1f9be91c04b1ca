"""The only writer of cash movements."""

from datetime import datetime

from django.db.models import Sum

from commerce.company.models import User
from commerce.kernel.db import in_transaction
from orders.models import Payment
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
    """Cash of a sale, net of change."""
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


def expected(shift: Shift) -> int:
    """What should be in the drawer, in minor units."""
    return int(CashMovement.objects.filter(shift=shift).aggregate(sum=Sum("amount_minor"))["sum"] or 0)
