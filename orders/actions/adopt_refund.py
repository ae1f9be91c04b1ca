"""Somebody gave money back at the card network itself, in its dashboard: the order learns of it."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from commerce.cases.queue import open_case
from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from commerce.kernel.money import Money
from orders import allowances, refunds
from orders.actions.settle_refund import settle_refund
from orders.gateway_refunds import Sent
from orders.models import Order, Payment, Refund
from orders.refund_plan import Part

REASON = "Given back at the card network"


def adopt_refund(sent: Sent, intent: str, *, at: datetime) -> Refund | None:
    """Write down a refund that the card network knows and we do not, as an allowance; safe to repeat.

    One of another program's payments is none of ours. What the order cannot take (more than it was paid, another
    currency) is a case, and nothing is posted.
    """
    known = Refund.objects.filter(provider_id=sent.id).first()
    if known is not None:
        return settle_refund(known.uid, at=at)
    payment = Payment.objects.filter(provider_id=intent).exclude(provider_id="").first()
    if payment is None or sent.status in ("failed", "canceled"):
        return None
    try:
        return _adopt(payment, sent, at=at)
    except DomainError as refusal:
        _report(payment, sent, str(refusal), at=at)
        return None


@action
def _adopt(found: Payment, sent: Sent, *, at: datetime) -> Refund:
    order = Order.objects.locked().select_related("market", "location").get(pk=found.order_id)
    Payment.objects.locked().get(pk=found.pk)
    known = Refund.objects.filter(provider_id=sent.id).first()
    if known is not None:
        return known
    amount = Money(sent.amount, sent.currency)
    made, _is_new = allowances.allow(order, amount, uid=uuid5(NAMESPACE_URL, sent.id), reason=REASON, actor=None, at=at)
    (refund,) = refunds.request(
        order,
        [Part(found.pk, found.tender, sent.amount)],
        return_record=None,
        allowance=made,
        reason=REASON,
        actor=None,
        approved_by=None,
        at=at,
    )
    if sent.status == "succeeded":
        refunds.succeed(refund, provider_id=sent.id, at=at)
    else:
        refunds.send(refund, provider_id=sent.id, at=at)
    return refund


@action
def _report(payment: Payment, sent: Sent, why: str, *, at: datetime) -> None:
    open_case(
        "payment_mismatch",
        subject=sent.id,
        text=f"The card network gave {Money(sent.amount, sent.currency)} of this payment back: {why}",
        context={"order": str(payment.order.uid), "refund": sent.id},
        at=at,
    )
