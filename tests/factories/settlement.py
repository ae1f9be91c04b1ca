"""What the card network reports, as rows for pages to show. Nothing is posted (see tests/orders/settling.py)."""

from datetime import datetime, timedelta

from orders.models import Dispute, NetworkTransaction, Payment, Payout


def contest(payment: Payment, *, at: datetime) -> Dispute:
    """A dispute over the whole payment that waits for an answer."""
    return Dispute.objects.create(
        payment=payment,
        provider="stripe",
        provider_id=f"dp_{payment.uid.hex[-12:]}",
        charge_id=f"ch_{payment.uid.hex[-12:]}",
        state="needs_response",
        reason="product_not_received",
        currency=payment.currency,
        amount_minor=payment.amount_minor,
        money_minor=payment.amount_minor,
        evidence_due_at=at + timedelta(days=7),
        created_at=at,
    )


def pay_out(payment: Payment, *, at: datetime) -> Payout:
    """A payout on its way, made of the payment's charge."""
    fee = 59
    payout = Payout.objects.create(
        provider="stripe",
        provider_id=f"po_{payment.uid.hex[-12:]}",
        state="in_transit",
        currency=payment.currency,
        amount_minor=payment.amount_minor - fee,
        arrives_on=(at + timedelta(days=2)).date(),
        created_at=at,
        reported_by="api",
        is_complete=True,
        recorded_at=at,
    )
    NetworkTransaction.objects.create(
        provider="stripe",
        provider_id=f"txn_{payment.uid.hex[-12:]}",
        kind="charge",
        state="matched",
        type="charge",
        currency=payment.currency,
        gross_minor=payment.amount_minor,
        fee_minor=fee,
        net_minor=payment.amount_minor - fee,
        payment=payment,
        part_of=payout,
        reported_by="api",
        available_at=at,
        created_at=at,
        recorded_at=at,
    )
    return payout
