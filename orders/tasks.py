import logging
from datetime import datetime, timedelta
from uuid import UUID

from celery import shared_task

from commerce.events.models import Event
from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from orders.actions import settle_open_refunds as refunding
from orders.actions.close_expired_checkouts import close_expired_checkouts
from orders.actions.pull_settlements import pull_settlements as pull
from orders.actions.report_offers_below_cost import report_offers_below_cost
from orders.actions.settle_dispute import settle_disputes as settle_all_disputes
from orders.actions.settle_payment import settle_payment
from orders.models import Payment

log = logging.getLogger(__name__)
PATIENCE = timedelta(seconds=5)


@shared_task
def settle_open_payments(**kwargs: object) -> int:
    """Ask the card network about every payment whose answer is out: no webhook is relied upon (F13, F14)."""
    at = now()
    due = Payment.objects.unsettled().filter(state="processing", created_at__lte=at - PATIENCE).exclude(provider_id="")
    owed = Payment.objects.filter(details__refund_due=True, refunded_minor=0)
    uids = [*due.values_list("uid", flat=True)[:100], *owed.values_list("uid", flat=True)[:100]]
    return sum(_settle(uid, at=at) for uid in uids) + close_expired_checkouts(at=at)


@shared_task
def pull_settlements(**kwargs: object) -> int:
    """Read what the card network reports of our balance: transactions and payouts (F13)."""
    try:
        tally = pull(at=now(), clock=now)
    except DomainError as error:
        log.warning("settlements: %s", error)
        return 0
    return tally.added if tally else 0


@shared_task
def settle_disputes(**kwargs: object) -> int:
    """Ask the card network about disputes: no webhook is relied upon (F13)."""
    try:
        return settle_all_disputes(at=now())
    except DomainError as error:
        log.warning("disputes: %s", error)
        return 0


def _settle(uid: UUID, *, at: datetime) -> bool:
    try:
        settle_payment(uid, at=at)
    except DomainError as error:
        log.warning("payment %s: %s", uid, error)
        return False
    except Exception:  # one that cannot be settled must not keep all the others waiting
        log.exception("payment %s could not be settled", uid)
        return False
    return True


@shared_task
def settle_open_refunds(**kwargs: object) -> int:
    """Send refunds that were promised, and ask about those under way: no webhook is relied upon (F13, F16)."""
    return refunding.settle_open_refunds(at=now())


@shared_task
def find_failed_refunds(**kwargs: object) -> int:
    """Ask for refunds that came back after days (F21)."""
    return refunding.find_failed_refunds(at=now())


def look_at_margins(event: Event) -> None:
    """Subscriber of `order.placed`: what offers sold below cost, in whatever channel."""
    report_offers_below_cost(UUID(event.payload["order"]), at=now())
