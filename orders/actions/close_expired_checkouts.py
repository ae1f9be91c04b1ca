"""Checkouts that nobody finished: their units go back, and their card payment can never be made."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from commerce.kernel.db import action
from orders import drafts, gateway
from orders.actions.settle_payment import settle_payment
from orders.errors import PaymentUnknown
from orders.models import Cart, Order

log = logging.getLogger(__name__)
BATCH = 50


def close_expired_checkouts(*, at: datetime) -> int:
    """Close drafts whose hold is long over; how many. The card network is asked first: no money is forgotten."""
    before = at - timedelta(minutes=settings.PAYMENT_GRACE_MINUTES)
    overdue = Order.objects.filter(state=Order.State.DRAFT, expires_at__lte=before).order_by("expires_at")
    closed = 0
    for order in overdue[:BATCH]:
        try:
            closed += _is_unpayable(order, at=at) and _give_up(order.pk, at=at)
        except PaymentUnknown:
            continue
        except Exception:  # one that cannot be closed must not keep all the others open
            log.exception("checkout %s could not be closed", order.uid)
    return closed


def _is_unpayable(order: Order, *, at: datetime) -> bool:
    """Nothing can be charged for it any more; if something was, that is settled instead."""
    payment = order.payments.order_by("pk").last()
    if not payment or not payment.provider_id:
        return True
    # An authorization that nobody has told us of would be let go by canceling it: the order is placed instead.
    is_held = payment.is_manual and gateway.retrieve(payment.provider_id).status == "requires_capture"
    if not is_held and gateway.cancel(payment.provider_id).status == "canceled":
        return True
    settle_payment(payment.uid, at=at)
    return False


@action
def _give_up(order_pk: int, *, at: datetime) -> bool:
    cart_pk = Order.objects.values_list("cart_id", flat=True).get(pk=order_pk)
    if cart_pk:
        Cart.objects.select_for_update(of=("self",)).get(pk=cart_pk)
    order = Order.objects.locked().get(pk=order_pk)
    if order.state != Order.State.DRAFT or order.payments.filter(state__in=["authorized", "captured"]).exists():
        return False
    drafts.give_up(order, at=at)
    return True
