from celery import shared_task

from commerce.kernel.clock import now
from customers.actions.end_wallets import end_holds, expire_gift_cards


@shared_task
def tidy_wallets(**kwargs: object) -> int:
    """What is over: holds that ran out long ago, and cards whose last day has passed."""
    at = now()
    return end_holds(at=at) + expire_gift_cards(at=at)
