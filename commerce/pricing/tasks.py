from celery import shared_task

from commerce.events.models import Event
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.pricing import listings
from commerce.pricing.actions.settle_listings import settle_lapsed


def refresh_listings(event: Event) -> None:
    """Subscriber of `catalog.changed`: what products cost from and to, now that other variants of them may be sold."""
    found = rows("SELECT id FROM catalog_product WHERE uid = ANY(%s::uuid[])", [event.payload["products"]])
    listings.refresh([pk for (pk,) in found], at=now())


def relist(event: Event) -> None:
    """Subscriber of `lists.changed`: what everything costs, now that other lists count in other places."""
    at, last = now(), 0
    while part := listings.priced_products(event.key, after=last):
        listings.settle(part, at=at)
        last = part[-1]


@shared_task
def settle_listings(**kwargs: object) -> int:
    """Tidy prices of lists that are over, and tell tills and caches of those that have begun."""
    return settle_lapsed(at=now())
