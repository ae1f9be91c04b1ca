"""The one end of every refund by the card network: the person at the till, webhook and poller all come here."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from commerce.kernel.db import action, rows
from commerce.kernel.errors import DomainError
from commerce.kernel.failpoints import failpoint
from orders import gateway_refunds, refunds
from orders.gateway_refunds import TRIES, KeyUsedUp, Refused, Sent
from orders.models import Order, Payment, Refund
from orders.tenders import registry as tenders
from orders.tenders.base import Back

log = logging.getLogger(__name__)
KEPT = timedelta(hours=20)  # the card network forgets keys after a day; from then on it is asked what it knows


def settle_refund(uid: UUID, *, at: datetime) -> Refund:
    """Send a refund that was promised, or ask what became of one that was sent, and make it so. Safe to repeat and to
    race; nothing happens to refunds that do not go through the card network.

    Raises `RefundUnknown` when the card network does not answer; then nothing was changed.
    """
    refund = Refund.objects.select_related("payment", "order").get(uid=uid)
    if tenders()[refund.tender].back != Back.NETWORK or refund.state == Refund.State.FAILED:
        return refund
    failpoint("orders.before_refund_sent")
    try:
        sent = _ask(refund, at=at)
    except KeyUsedUp:
        _take_next_key(refund)
        raise
    except Refused as refusal:
        return _record(refund, Sent("", "refused", 0, "", "", refusal.code), at=at, why=refusal.text)
    failpoint("orders.after_refund_sent")
    recorded = _record(refund, sent, at=at)
    failpoint("orders.refund_recorded")
    return recorded


def settle_all(uids: Iterable[UUID], *, at: datetime) -> None:
    """Settle refunds right after they were committed. What is not answered now the poller asks for again."""
    for uid in uids:
        try:
            settle_refund(uid, at=at)
        except DomainError as error:
            log.warning("refund %s: %s", uid, error)


def _ask(refund: Refund, *, at: datetime) -> Sent:
    if refund.provider_id:
        return gateway_refunds.retrieve(refund.provider_id)
    if at - refund.created_at > KEPT:
        found = gateway_refunds.find(refund)
        if found is not None:
            return found
    return gateway_refunds.send(refund)


@action
def _take_next_key(refund: Refund) -> None:
    """One of several that got the same answer takes the next key; the others then have it, too."""
    tries = refund.details.get(TRIES, 0)
    rows(
        "UPDATE orders_refund SET details = details || jsonb_build_object(%s::text, %s::int)"
        " WHERE id = %s AND state = 'pending' AND coalesce((details->>%s)::int, 0) = %s",
        [TRIES, tries + 1, refund.pk, TRIES, tries],
    )


@action
def _record(asked: Refund, sent: Sent, *, at: datetime, why: str = "") -> Refund:
    order = Order.objects.locked().select_related("market").get(pk=asked.order_id)
    payment = Payment.objects.locked().get(pk=asked.payment_id)
    refund = Refund.objects.locked().select_related("return_record__location", "actor").get(pk=asked.pk)
    refund.order, refund.payment = order, payment
    if refund.state == Refund.State.FAILED:
        return refund
    if sent.status == "refused":
        if refund.state == Refund.State.PENDING:
            refunds.fail(refund, code=sent.failure_code, text=why, at=at)
    elif sent.status in ("failed", "canceled"):
        code = sent.failure_code or sent.status
        refunds.fail(refund, code=code, text=gateway_refunds.reason(code), at=at, provider_id=sent.id)
    elif sent.status == "succeeded" and refund.state != Refund.State.SUCCEEDED:
        refunds.succeed(refund, at=at, provider_id=sent.id)
    elif sent.status != "succeeded" and refund.state == Refund.State.PENDING:
        refunds.send(refund, provider_id=sent.id, at=at)
    failpoint("orders.before_refund_commit")
    return refund
