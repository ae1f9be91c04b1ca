"""Which gift card a product is, and the form by which it is bought."""

from datetime import datetime
from typing import Any

from commerce.catalog.models import Variant
from commerce.kernel.clock import business_date
from commerce.pricing.models import Market
from orders import bought_gift_cards
from orders.errors import NotForSale
from storefront.gift_card_form import GiftCardForm


def sold_on(product: int) -> Variant | None:
    """The gift card that a product (primary key) is; None for goods."""
    found = Variant.objects.select_related("product").filter(product=product, is_gift_card=True, is_active=True)
    return found.order_by("position", "pk").first()


def form_of(variant: Variant, market: Market, data: Any = None, *, at: datetime) -> GiftCardForm | None:
    """None where the market sells none."""
    try:
        limits = bought_gift_cards.limits_of(variant, market)
    except NotForSale:
        return None
    today = business_date(market.time_zone, at)
    return GiftCardForm(data, limits=limits, currency=market.currency, today=today)
