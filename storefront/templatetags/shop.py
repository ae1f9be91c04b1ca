"""Words for the shop's templates: `{% load shop %}`."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from commerce.catalog.descriptions import sanitize
from commerce.catalog.queries import Card
from commerce.catalog.units import PIECE, Measured, symbol, text_of
from commerce.kernel.templatetags.ui import plain_money
from commerce.pricing import unit_prices
from commerce.pricing.unit_prices import UnitPrice
from orders import bills
from orders.bought_gift_cards import BoughtCard
from orders.models import OrderLine
from storefront import savings

register = template.Library()
_IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@register.filter
def media(path: str) -> str:
    """The address of a file of ours; other people's addresses are not shown at all."""
    return f"{settings.MEDIA_URL}{path}" if path and "://" not in path else ""


@register.filter
def clean_html(text: str) -> SafeString:
    """A product's description as it may stand on a page, whoever wrote it."""
    return mark_safe(sanitize(text))


@register.simple_tag
def structured_data(data: Any) -> SafeString:
    """Facts for search engines (JSON-LD); nothing in it can end the element early."""
    text = mark_safe(json.dumps(data, ensure_ascii=False).translate(_IN_SCRIPT))
    return format_html('<script type="application/ld+json">{}</script>', text)


@register.filter
def colors(card: Card) -> list[tuple[str, str]]:
    """Name and color of a card's dots; a single color is no choice and shows none."""
    found = [(swatch.name, swatch.hex) for swatch in card.swatches if swatch.hex]
    return found if len(found) > 1 else []


@register.simple_tag(takes_context=True)
def card_badge(context: Any, card: Card) -> str:
    """The one word on a card: reduced before new."""
    if card.compare_at_minor and card.from_minor is not None and card.compare_at_minor > card.from_minor:
        return _("Reduced")
    since = context.get("new_since")
    return _("New") if since and card.launched_at and card.launched_at >= since else ""


@register.filter
def unit_price_text(found: UnitPrice | None, currency: str) -> str:
    """ "€12.40 / L", "€3.99 / 100 g", "€0.50 / piece"; nothing where there is none."""
    if found is None:
        return ""
    name = _("piece") if found.unit == "piece" else symbol(found.unit)
    return f"{plain_money(found.minor, currency)} / {name if found.per == 1 else f'{found.per} {name}'}"


@register.filter
def unit_price_of_card(card: Card, currency: str) -> str:
    """The same of the lowest price on a card."""
    if not card.held or card.from_minor is None:
        return ""
    return unit_price_text(unit_prices.unit_price(card.from_minor, card.held, card.held_unit), currency)


@register.filter
def options_of(line: Any, currency: str) -> str:
    """What stands under the name of a line in the cart: its options, and what it costs per kilogram or the like."""
    unit_price = unit_price_text(unit_prices.of(line.unit_minor, line.variant), currency)
    return " · ".join(filter(None, [line.variant.title, unit_price]))


@register.filter
def is_same(value: Any, other: Any) -> bool:
    """For arguments of components, which take no comparisons."""
    return bool(value == other)


@register.filter
def and_quantity(options: str, line: Measured) -> str:
    """What stands under a line's name: its options, and how many when it is more than one, or how much."""
    quantity: int = line.quantity  # type: ignore[attr-defined]
    if line.unit == PIECE:
        count = _("%(quantity)d pieces") % {"quantity": quantity} if quantity > 1 else ""
    else:
        count = text_of(quantity, line)
    return " · ".join(filter(None, [options, count]))


@register.filter
def goes_to(card: BoughtCard) -> str:
    """Whom a gift card in the cart is for, and when it is sent."""
    words = {"name": card.to_name, "email": card.to_email}
    if card.day is None:
        return _("For %(name)s, %(email)s") % words
    return _("For %(name)s, %(email)s, on %(day)s") % {**words, "day": date_format(card.day)}


@register.filter
def goods_minor(line: OrderLine) -> int:
    """What a line of an order shows as its price, after what reduced it."""
    return bills.shown_minor(line)


@register.filter
def rules(line: OrderLine) -> list[tuple[str, int]]:
    """What reduced a line of an order: label and amount."""
    return savings.rules_of(bills.discounts_of(line))


@register.filter
def prefixed(value: Any, prefix: str) -> str:
    """An id made of what it is for and what it is of."""
    return f"{prefix}{value}"


@register.simple_tag
def checkout_steps() -> list[tuple[str, str]]:
    """The way through the checkout; the steps that are done link back."""
    return [(_("Cart"), reverse("shop-cart")), (_("Details"), reverse("shop-checkout")), (_("Payment"), "")]


@register.simple_tag
def amount_text(value: Any, currency: str) -> str:
    """Like `amount_or_text`, for plain mail."""
    return plain_money(value, currency) if isinstance(value, int) else str(value)
