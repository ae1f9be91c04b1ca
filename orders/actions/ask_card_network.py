"""No webhook is relied upon: what the card network may know more about than we do, it is asked about (F13, F14)."""

import logging
from datetime import datetime
from time import monotonic
from uuid import UUID

from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from orders import payments
from orders.actions.settle_payment import settle_payment

log = logging.getLogger(__name__)
BATCH = 10
MOST = 200
SECONDS = 20.0  # a run asks nothing more after so long; what is left is due at the next one's


def ask_card_network(*, at: datetime) -> int:
    """Ask about every payment whose turn it is; about how many there was an answer. Bounded in number and in time."""
    began, asked, answered = monotonic(), 0, 0
    while asked < MOST and monotonic() - began < SECONDS:
        uids = _claim(at=at)
        asked += len(uids)
        answered += sum(_settle(uid, at=at) for uid in uids)
        if len(uids) < BATCH:
            break
    return answered


@action
def _claim(*, at: datetime) -> list[UUID]:
    return payments.claim_due(at=at, limit=BATCH)


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
