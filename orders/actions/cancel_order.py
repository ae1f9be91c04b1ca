"""A placed order, or what has not left of one, is canceled."""

import logging
from datetime import datetime
from uuid import UUID

from commerce.cases.queue import resolve_about
from commerce.company.models import Location, User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from commerce.kernel.failpoints import failpoint, is_off
from orders import cancellations, captures, refunds, returns
from orders.actions.settle_payment import settle_payment
from orders.actions.settle_refund import settle_all
from orders.errors import CaptureUnderWay
from orders.models import Cancellation, Order, Payment

log = logging.getLogger(__name__)
LOCK = "orders.cancel_lock"


def cancel_order(
    order_pk: int,
    *,
    uid: UUID,
    reason: str,
    person: User | None,
    at: datetime,
    tender: str = "",
    location: Location | None = None,
    only_untouched: bool = False,
) -> Cancellation:
    """Cancel all of an order that has not left: its goods are free, what is held is let go, what was taken goes back.

    The same `uid` again is the same cancellation. `only_untouched`: refuse when a store has begun with it, as shoppers
    are. `tender` is another way back than the policy's, for who may, and `location` whose drawer cash comes from.
    Raises `NotAllowed`, `NothingToCancel`, `AlreadyLeft`, `CaptureUnderWay`, `ChargeDisputed`, `OriginalGone`,
    `CannotGiveBackBy`, `DrawerNeeded`.
    """
    made = _cancel(
        order_pk,
        uid=uid,
        reason=reason,
        person=person,
        at=at,
        tender=tender,
        location=location,
        only_untouched=only_untouched,
    )
    failpoint("orders.cancellation_committed")
    settle_all(made.refunds.filter(state="pending").values_list("uid", flat=True), at=at)
    for payment in Payment.objects.filter(order=order_pk, state=Payment.State.AUTHORIZED):
        if captures.is_to_be_let_go(payment):
            _let_go(payment, at=at)
    return made


def _let_go(payment: Payment, *, at: datetime) -> None:
    """At once, if the card network answers; if not, the poller will."""
    try:
        settle_payment(payment.uid, at=at)
    except DomainError as error:
        log.warning("payment %s: %s", payment.uid, error)


@action
def _cancel(
    order_pk: int,
    *,
    uid: UUID,
    reason: str,
    person: User | None,
    at: datetime,
    tender: str,
    location: Location | None,
    only_untouched: bool,
) -> Cancellation:
    found = Order.objects.all() if is_off(LOCK) else Order.objects.locked()
    order = found.select_related("market", "location").get(pk=order_pk)
    require(person, "order.cancel", order.location)
    earlier = Cancellation.objects.filter(uid=uid, order=order).first()
    if earlier is not None:
        return earlier
    cancellations.check(order, only_untouched=only_untouched)
    failpoint("orders.before_cancellation")
    held = captures.held_of(order)
    made = cancellations.cancel(order, uid=uid, reason=reason, actor=person, at=at)
    _give_back(order, made, tender=tender, place=location or order.location, at=at)
    if held is not None:
        captures.request(held, captures.rest_of(order, held), is_final=True, at=at)
    ended = cancellations.withdraw(order, at=at)
    cancellations.end(order, made, ended, at=at)
    for payment in Payment.objects.filter(order=order, tender="card_online"):
        resolve_about("authorization_lapsed", str(payment.uid), at=at)
    failpoint("orders.before_cancellation_commit")
    return made


def _give_back(order: Order, made: Cancellation, *, tender: str, place: Location | None, at: datetime) -> None:
    if not made.refund_minor:
        return
    payments = Payment.objects.filter(order=order)
    if sum(row.refundable_minor for row in payments) < made.refund_minor and any(
        row.capture_pending_minor for row in payments
    ):
        raise CaptureUnderWay()
    plan = returns.plan_for(order, made.refund_minor, tender=tender)
    if plan.is_elsewhere:
        require(made.actor, "refund.elsewhere", place)
    refunds.request(
        order,
        [returns.with_drawer(part, place) for part in plan.parts],
        return_record=None,
        cancellation=made,
        reason=made.reason,
        actor=made.actor,
        approved_by=None,
        at=at,
    )
