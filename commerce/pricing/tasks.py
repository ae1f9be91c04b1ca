from commerce.events.models import Event
from commerce.kernel.db import rows
from commerce.pricing import prices


def refresh_listings(event: Event) -> None:
    """Subscriber of `catalog.changed`: what products cost from and to, now that other variants of them may be sold."""
    found = rows("SELECT id FROM catalog_product WHERE uid = ANY(%s::uuid[])", [event.payload["products"]])
    prices.refresh_listings([pk for (pk,) in found])
