"""Money of goods that have left is taken: after the commit that let them go, and again until there is an answer."""

import logging
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from commerce.kernel.failpoints import failpoint
from orders import captures, gateway
from orders.actions.settle_payment import settle_heard, settle_payment
from orders.models import Capture, Order, Payment

log = logging.getLogger(__name__)
BATCH = 10
SECONDS = 20.0  # a run sends nothing more after so long
KEYS_LAST = timedelta(hours=20)  # the card network forgets keys after a day: after that it is asked before it is told


def send_captures(*, at: datetime) -> int:
    """Send the captures whose turn it is; how many were answered. Any number of workers may do so at once."""
    began, answered = monotonic(), 0
    while monotonic() - began < SECONDS:
        uids = _claim(at=at)
        answered += sum(_send(uid, at=at) for uid in uids)
        if not uids:
            break
    return answered


@action
def _claim(*, at: datetime) -> list[UUID]:
    return captures.claim(at=at, limit=BATCH)


def _send(uid: UUID, *, at: datetime) -> bool:
    try:
        send_capture(uid, at=at)
    except DomainError as error:
        log.warning("capture %s: %s", uid, error)
        return False
    except Exception:  # one that cannot be sent must not keep all the others waiting
        log.exception("capture %s could not be sent", uid)
        return False
    return True


def send_capture(uid: UUID, *, at: datetime) -> None:
    """Let the card network take it, and record what it says. Safe to repeat and to race.

    Raises `PaymentUnknown` when the card network does not answer: then it is sent again under the same key.
    """
    capture = Capture.objects.select_related("payment__order").get(uid=uid)
    payment = capture.payment
    if capture.created_at < at - KEYS_LAST:
        settle_payment(payment.uid, at=at)
        capture.refresh_from_db(fields=["state"])
    if capture.state != Capture.State.PENDING:
        return
    failpoint("orders.before_capture")
    try:
        intent = gateway.capture(capture)
    except gateway.CaptureRefused as refused:
        settle_payment(payment.uid, at=at)  # it may have been taken under another key, or the authorization is over
        _fail(capture, refused, at=at)
        return
    failpoint("orders.after_capture")
    settle_heard(payment, intent, at=at)


@action
def _fail(asked: Capture, refused: gateway.CaptureRefused, *, at: datetime) -> None:
    order = Order.objects.locked().get(pk=asked.payment.order_id)
    payment = Payment.objects.locked().get(pk=asked.payment_id)
    capture = Capture.objects.select_for_update(of=("self",)).select_related("fulfillment__location").get(pk=asked.pk)
    if capture.state == Capture.State.PENDING:
        payment.order, capture.payment = order, payment
        captures.fail(capture, code=refused.code, text=refused.text, at=at)
