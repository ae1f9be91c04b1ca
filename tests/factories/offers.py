"""Promotions as tests describe them: `draft("percent", percent_ppm=200_000, items=[shelf])`."""

from typing import Any

from django.db import transaction

from commerce.catalog.models import Category, Collection, Variant
from commerce.kernel.clock import now
from commerce.pricing import promotions
from commerce.pricing.models import Promotion
from commerce.pricing.promotion_drafts import Draft, Item

THINGS = {Variant: "variant", Category: "category", Collection: "collection"}


def item(row: Any, role: str = "select", part: int = 0, quantity: int = 1) -> Item:
    """A variant, category or collection in a promotion."""
    return Item(THINGS[type(row)], row.pk, role, part, quantity)


def draft(kind: str = "percent", *, items: Any = (), **fields: Any) -> Draft:
    """A draft that is in order, unless `fields` say otherwise. `items`: rows, or items."""
    usual: dict[str, Any] = {"name": f"A {kind} offer", "label": f"Offer {kind}"}
    if kind == "percent":
        usual["percent_ppm"] = 200_000
    if kind in ("amount", "fixed_price", "bundle"):
        usual["amounts"] = {"USD": 500}
    if kind == "buy_get":
        usual.update(buy_quantity=2, get_quantity=1)
    if kind == "gift":
        usual["get_quantity"] = 1
    if kind == "free_shipping":
        usual["scope"] = "shipping"
    chosen = tuple(each if isinstance(each, Item) else item(each) for each in items)
    return Draft(kind=kind, **{**usual, "items": chosen, **fields})


def promotion(kind: str = "percent", *, active: bool = True, **fields: Any) -> Promotion:
    """A promotion that runs (or with `active=False` a draft)."""
    with transaction.atomic():
        row = promotions.put(draft(kind, **fields), at=now())
        if active:
            Promotion.objects.filter(pk=row.pk).update(is_active=True, started_at=now())
            row.refresh_from_db()
    return row
