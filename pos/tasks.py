import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from celery import shared_task

from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from pos.actions.check_batches import check_batches
from pos.actions.settle_cards import cards_without_sale, open_cards, report_card, settle_card

log = logging.getLogger(__name__)


@shared_task
def settle_card_attempts(**kwargs: object) -> int:
    """Bring every card payment at a register to its end, whatever became of the till that began it (F26, F35)."""
    at = now()
    settled = sum(_each(settle_card, uid, at=at) for uid in open_cards(at=at))
    return settled + sum(_each(report_card, uid, at=at) for uid in cards_without_sale(at=at))


@shared_task
def check_card_batches(**kwargs: object) -> int:
    """Hold what readers took in each shift against what the card network reports."""
    return check_batches(at=now())


def _each(work: Callable[..., Any], uid: UUID, *, at: datetime) -> bool:
    try:
        work(uid, at=at)
    except DomainError as error:
        log.warning("card payment %s: %s", uid, error)
        return False
    except Exception:  # one that cannot be settled must not keep all the others waiting
        log.exception("card payment %s could not be settled", uid)
        return False
    return True
