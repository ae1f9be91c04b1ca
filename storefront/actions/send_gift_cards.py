"""Gift cards whose day has come, and those whose mail has failed before."""

import logging
from datetime import datetime

from django.db import transaction

from commerce.kernel.db import action
from orders import gift_card_deliveries as deliveries
from storefront import gift_card_mails

log = logging.getLogger(__name__)


@action
def send_gift_cards(*, at: datetime) -> int:
    """Send a batch of what is due; how many mails went out."""
    return send_due(at=at)


def send_due(*, at: datetime) -> int:
    """The same in a transaction of the caller's. One that fails is put off and holds up none."""
    sent = 0
    for delivery in deliveries.claim_due(at=at):
        try:
            with transaction.atomic():  # a savepoint
                sent += gift_card_mails.send(delivery, at=at)
        except Exception as error:  # a mail server may fail in any way
            log.exception("gift card mail %s", delivery.uid)
            deliveries.put_off(delivery, type(error).__name__, at=at)
    return sent
