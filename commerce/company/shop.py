"""The company's name and words, which every page shows and hardly ever change."""

from typing import Any

from django.core.cache import cache

from commerce.company.models import Shop
from commerce.kernel.db import in_transaction

KEY = "company.shop"
SECONDS = 30


def current() -> Shop:
    """The shop; before anybody has named it, one called Counterpart. At most `SECONDS` old."""
    found: Shop | None = cache.get(KEY)
    if found is None:
        found = Shop.objects.filter(pk=1).first() or Shop(pk=1, name="Counterpart")
        cache.set(KEY, found, SECONDS)
    return found


@in_transaction
def describe(**fields: Any) -> Shop:
    """Name the shop, or change its words."""
    shop, _created = Shop.objects.update_or_create(pk=1, defaults=fields)
    cache.delete(KEY)
    return shop


def page_context(request: Any) -> dict[str, Any]:
    """For templates: `shop`."""
    return {"shop": current()}
