"""Gift cards as the web sells them."""

from datetime import date, datetime

from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.pricing.models import Market, OpenPriceLimit
from orders import bought_gift_cards
from orders.bought_gift_cards import BoughtCard
from tests.factories.catalog import ProductFactory, VariantFactory


def card_for_sale(*, least: int = 1_000, most: int = 50_000) -> Variant:
    """A gift card of the web at $10 to $500, offered at $25 and $50."""
    variant: Variant = VariantFactory(
        product=ProductFactory(title="Gift card by e-mail", slug="gift-card-by-mail"),
        sku="GIFT-MAIL",
        price=False,
        is_open_price=True,
        is_gift_card=True,
    )
    OpenPriceLimit.objects.create(variant=variant, currency="USD", least_minor=least, most_minor=most)
    Market.objects.update(gift_card_amounts=[2_500, 5_000])
    return variant


def wanted(
    variant: Variant,
    amount: int = 5_000,
    *,
    to: str = "grace@example.com",
    on: date | None = None,
    at: datetime | None = None,
) -> BoughtCard:
    """One for Grace."""
    market = Market.objects.get(is_default=True)
    facts = {"to_name": "Grace", "to_email": to, "message": "Happy birthday", "send_on": on}
    return bought_gift_cards.ask(variant, market, amount_minor=amount, **facts, at=at or now())
