"""Coupons that bring a price below its cost together with an offer that everybody gets. Costs are known above prices
(`costs`); where nobody offers any, only what is given away is found."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from commerce.kernel.money import Money
from commerce.pricing import costs
from commerce.pricing.engine import percent_of
from commerce.pricing.models import Price
from commerce.pricing.promotion_conflicts import Conflict, Offer, at_once
from commerce.pricing.promotion_drafts import Draft, Kind, Role, Scope
from commerce.pricing.promotion_overlaps import Overlaps
from commerce.pricing.selections import Shelves, variants_of

PAIRS = 10  # looked at on one page, the first by priority
LOOKED_AT = 200  # prices of a pair, the lowest first
KINDS = (Kind.PERCENT, Kind.AMOUNT, Kind.FIXED_PRICE)


def below_cost(offers: Sequence[Offer], *, of: int | None = None) -> list[Conflict]:
    """A conflict for each coupon and automatic promotion that bring something below its cost, or to nothing."""
    coupons = [offer for offer in offers if _counts(offer.draft) and offer.draft.needs_coupon]
    others = [offer for offer in offers if _counts(offer.draft) and not offer.draft.needs_coupon]
    if not coupons or not others:
        return []
    overlaps, shelves, found = Overlaps([offer.draft for offer in offers]), Shelves(), []
    pairs = [
        (coupon, other)
        for coupon in coupons
        for other in others
        if (of is None or of in (coupon.pk, other.pk))
        and not (coupon.draft.best_of and coupon.draft.best_of == other.draft.best_of)
        and at_once(coupon.draft, other.draft)
        and overlaps.same_goods(coupon.draft, other.draft)
    ]
    for coupon, other in pairs[:PAIRS]:
        text = _worst(coupon.draft, other.draft, shelves)
        if text:
            found.append(Conflict("cost", coupon.pk, other.pk, text))
    return found


def _counts(draft: Draft) -> bool:
    plain = (draft.kind in KINDS and draft.scope == Scope.LINE) or draft.kind == Kind.PERCENT
    return plain and not draft.is_exclusive


def _worst(coupon: Draft, other: Draft, shelves: Shelves) -> str:
    """The first of the cheapest items that both leave below its cost, in words; "" for none."""
    both = variants_of(coupon, coupon.named(Role.SELECT), shelves).filter(
        pk__in=variants_of(other, other.named(Role.SELECT), shelves).values("pk")
    )
    prices = Price.objects.filter(
        variant__in=both, withdrawn_at=None, from_quantity=1, price_list__is_active=True
    ).select_related("variant", "price_list")
    lowest = list(prices.order_by("amount_minor", "variant__sku_key", "price_list__code")[:LOOKED_AT])
    known = costs.of(sorted({price.variant_id for price in lowest}))
    for price in lowest:
        currency = price.price_list.currency
        left = _left(coupon, _left(other, price.amount_minor, currency), currency)
        cost = known.by_variant.get(price.variant_id, 0) if known.currency == currency else 0
        if left < cost or left == 0 < price.amount_minor:
            return _told(coupon, other, price.variant.sku, Money(left, currency), Money(cost, currency))
    return ""


def _left(draft: Draft, minor: int, currency: str) -> int:
    """What is left of a price of one piece."""
    if draft.kind == Kind.PERCENT:
        return minor - percent_of(minor, draft.percent_ppm)
    amount = draft.amounts.get(currency)
    if amount is None:
        return minor
    return min(minor, amount) if draft.kind == Kind.FIXED_PRICE else max(0, minor - amount)


def _told(coupon: Draft, other: Draft, sku: str, left: Money, cost: Money) -> str:
    told = {"coupon": coupon.name, "other": other.name, "sku": sku, "left": left.format(), "cost": cost.format()}
    if cost.minor:
        return _("“%(coupon)s” and “%(other)s” together sell %(sku)s for %(left)s, below its cost of %(cost)s.") % told
    return _("“%(coupon)s” and “%(other)s” together give %(sku)s away for %(left)s.") % told
