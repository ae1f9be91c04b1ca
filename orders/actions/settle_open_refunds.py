"""Refunds get to their end although nobody tells us: the poller's part."""

import logging
from datetime import datetime, timedelta

from commerce.kernel.errors import DomainError
from orders import gateway_refunds
from orders.actions.settle_refund import settle_refund
from orders.models import Refund
from orders.tenders import registry as tenders
from orders.tenders.base import Back

log = logging.getLogger(__name__)
PATIENCE = timedelta(seconds=5)
LATEST = timedelta(days=35)  # so long after it was made a refund may still come back
AT_ONCE = 100


def settle_open_refunds(*, at: datetime) -> int:
    """Send what was promised and not sent, ask about what is under way; how many have reached their end."""
    sent = [tender.code for tender in tenders().values() if tender.back == Back.NETWORK]
    due = Refund.objects.unsettled().filter(tender__in=sent, created_at__lte=at - PATIENCE).order_by("created_at")
    return sum(_settle(refund, at=at) for refund in due[:AT_ONCE])


def _settle(refund: Refund, *, at: datetime) -> bool:
    try:
        return settle_refund(refund.uid, at=at).state in (Refund.State.SUCCEEDED, Refund.State.FAILED)
    except DomainError as error:
        log.warning("refund %s: %s", refund.uid, error)
    except Exception:  # one that cannot be settled must not keep all the others waiting
        log.exception("refund %s could not be settled", refund.uid)
    return False


def find_failed_refunds(*, at: datetime) -> int:
    """Ask for refunds that came back after they had arrived, where no webhook has told (F21); how many there were."""
    found = 0
    for sent in gateway_refunds.failed_since(at - LATEST):
        ours = Refund.objects.filter(provider_id=sent.id).exclude(state=Refund.State.FAILED).first()
        found += bool(ours and _settle(ours, at=at))
    return found
