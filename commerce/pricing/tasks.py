from commerce.events.models import Event
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.pricing import listings


def refresh_listings(event: Event) -> None:
    """Subscriber of `catalog.changed`: what products cost from and to, now that other variants of them may be sold."""
    found = rows("SELECT id FROM catalog_product WHERE uid = ANY(%s::uuid[])", [event.payload["products"]])
    listings.refresh([pk for (pk,) in found], at=now())
