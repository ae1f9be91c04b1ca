"""Promotions, what they are for, and their coupons."""

from typing import Any

from commerce.catalog.models import Category, Variant
from commerce.kernel.clock import now
from commerce.pricing import coupons
from commerce.pricing.models import Coupon, Promotion, PromotionItem


def promotion(
    code: str, *, items: tuple[Variant | Category, ...] = (), qualify: tuple[Any, ...] = (), **fields: Any
) -> Promotion:
    """An active promotion; `items` are what it reduces, `qualify` what has to be bought."""
    made = {"name": code, "label": code.replace("-", " ").capitalize(), "kind": "percent", "is_active": True}
    row: Promotion = Promotion.objects.create(code=code, created_at=now(), **{**made, **fields})
    for role, found in (("select", items), ("qualify", qualify)):
        for item in found:
            kind = "variant" if isinstance(item, Variant) else "category"
            PromotionItem.objects.create(promotion=row, role=role, **{kind: item})
    return row


def coupon(code: str, promotion: Promotion, **fields: Any) -> Coupon:
    """A code for a promotion."""
    key = coupons.normalize(code)
    made: Coupon = Coupon.objects.create(promotion=promotion, code=code, code_key=key, created_at=now(), **fields)
    return made
