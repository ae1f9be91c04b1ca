from datetime import timedelta

from celery import shared_task

from commerce.company.models import Location
from commerce.events.models import Event
from commerce.kernel.clock import now
from inventory import safety
from inventory.actions import check_stock as prove
from inventory.actions.expire_holds import expire_holds as sweep


@shared_task
def expire_holds(**kwargs: object) -> int:
    """Tidy lapsed holds, so that counters and reports show what readers judge anyway."""
    return sweep(at=now())


@shared_task
def check_stock(**kwargs: object) -> int:
    """Prove the levels that moved lately, and those that units are held of: every level twice before it is left out."""
    at = now()
    return prove.check_stock(at=at, since=at - timedelta(minutes=20))


@shared_task
def check_all_stock(**kwargs: object) -> int:
    """Prove every level: what changed without a movement is found at the latest here."""
    return prove.check_stock(at=now())


def keep_safety_stock(event: Event) -> None:
    """A location's safety stock is that of every SKU there that has none of its own."""
    location = Location.objects.get(uid=event.key)
    safety.keep_all(location.pk, location.safety_stock, at=now())
