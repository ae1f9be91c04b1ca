import logging
from uuid import UUID

from celery import shared_task

from commerce.events.models import Event
from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from customers import saved_cards
from orders.actions import ask_card_network as asking
from orders.actions import forget_network_events as forgetting
from orders.actions import send_captures as sending
from orders.actions import settle_open_refunds as refunding
from orders.actions import work_network_events as working
from orders.actions.close_expired_checkouts import close_expired_checkouts
from orders.actions.keep_card import keep_card_that_paid
from orders.actions.pull_settlements import pull_settlements as pull
from orders.actions.remove_card import forget
from orders.actions.report_offers_below_cost import report_offers_below_cost
from orders.actions.settle_dispute import settle_disputes as settle_all_disputes
from orders.actions.watch_authorizations import watch_authorizations

log = logging.getLogger(__name__)


@shared_task
def settle_open_payments(**kwargs: object) -> int:
    """Ask the card network about every payment whose answer is out, and close checkouts that nobody has paid."""
    watch_authorizations(at=now())
    return asking.ask_card_network(at=now()) + close_expired_checkouts(at=now())


@shared_task
def send_captures(**kwargs: object) -> int:
    """Take the authorized money of goods that have left."""
    return sending.send_captures(at=now())


@shared_task
def work_network_events(**kwargs: object) -> int:
    """Look into what the card network has told; the beat calls this every other second."""
    return working.work_network_events(at=now())


@shared_task
def forget_network_events(**kwargs: object) -> int:
    """Remove what the card network told long ago and is done with."""
    return forgetting.forget_network_events(at=now())


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


def keep_card(event: Event) -> None:
    """Subscriber of `order.placed`: the buyer may have agreed to have the card kept."""
    keep_card_that_paid(UUID(event.payload["order"]), at=now())


@shared_task
def forget_removed_cards(**kwargs: object) -> int:
    """Cards that were removed while the card network was silent."""
    return forget(saved_cards.to_detach(), at=now())
