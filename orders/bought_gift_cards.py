"""Gift cards that a cart buys to have them mailed: what they hold and who gets them, and the limits of both.

They are money and no goods: the price engine never sees them, so no promotion, threshold, tax or fee counts them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from commerce.catalog.models import Product, Variant
from commerce.kernel.card_numbers import contains_card_number
from commerce.kernel.clock import business_date
from commerce.kernel.errors import InvalidInput
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from commerce.pricing.models import Market, OpenPriceLimit
from orders.errors import NotForSale, TooMuchOnGiftCards
from orders.models import Cart

MOST_CARDS = 10
MOST_WORDS = 300
LATEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class BoughtCard:
    """One card: a variant (primary key) that is a gift card, how much is on it (minor units), and whom it is mailed to,
    on a day or, with "", as soon as it is paid."""

    variant: int
    name: str
    sku: str
    amount_minor: int
    to_name: str
    to_email: str
    message: str = ""
    send_on: str = ""
    id: str = ""

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.send_on) if self.send_on else None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one card may hold, in minor units, and the amounts that are offered."""

    least_minor: int
    most_minor: int
    offered: tuple[int, ...]


def of_cart(cart: Cart) -> list[BoughtCard]:
    """The gift cards in a cart, in the order in which they were put in."""
    return [BoughtCard(**row) for row in cart.gift_card_lines]


def as_json(cards: Sequence[BoughtCard]) -> list[dict[str, Any]]:
    """As a cart keeps them."""
    return [asdict(card) for card in cards]


def sum_of(cards: Sequence[BoughtCard]) -> int:
    """What they hold together, in minor units."""
    return sum(card.amount_minor for card in cards)


def limits_of(variant: Variant, market: Market) -> Limits:
    """Raises `NotForSale` for what is no gift card of the web, or has no limits in this market's currency."""
    product = variant.product
    is_sold = variant.is_gift_card and variant.is_active and product.on_web and product.status == Product.Status.ACTIVE
    limit = OpenPriceLimit.objects.filter(variant=variant, currency=market.currency).first() if is_sold else None
    if limit is None or market.excluded_products.filter(pk=product.pk).exists():
        raise NotForSale(sku=variant.sku, name=variant.name)
    most = market.gift_cards_most_minor
    most = min(most, limit.most_minor) if limit.most_minor is not None else most
    least = max(limit.least_minor, 1)
    return Limits(least, most, tuple(one for one in sorted(market.gift_card_amounts) if least <= one <= most))


def ask(
    variant: Variant,
    market: Market,
    *,
    amount_minor: int,
    to_name: str,
    to_email: str,
    message: str = "",
    send_on: date | None = None,
    at: datetime,
) -> BoughtCard:
    """A card as somebody wants it. Raises `InvalidInput` naming each field that is wrong, and `NotForSale`."""
    limits = limits_of(variant, market)
    problems = {
        "amount": amount_problem(amount_minor, limits, market.currency),
        "to_name": _words_problem(to_name, 120) or ("" if to_name.strip() else _("Say who the card is for.")),
        "to_email": email_problem(to_email),
        "message": _words_problem(message, MOST_WORDS),
        "send_on": _day_problem(send_on, business_date(market.time_zone, at)),
    }
    found = {name: [text] for name, text in problems.items() if text}
    if found:
        raise InvalidInput(found)
    return BoughtCard(
        variant=variant.pk,
        name=variant.name,
        sku=variant.sku,
        amount_minor=amount_minor,
        to_name=" ".join(to_name.split()),
        to_email=to_email.strip(),
        message=message.strip(),
        send_on=send_on.isoformat() if send_on else "",
        id=str(new_uid()),
    )


def amount_problem(minor: int, limits: Limits, currency: str) -> str:
    """Why a card cannot hold so much, in words; "" where it can."""
    if limits.least_minor <= minor <= limits.most_minor:
        return ""
    words = {"least": Money(limits.least_minor, currency).format(), "most": Money(limits.most_minor, currency).format()}
    return _("Choose an amount between %(least)s and %(most)s.") % words


def _words_problem(text: str, most: int) -> str:
    if len(text) > most:
        return _("At most %(most)d characters.") % {"most": most}
    if contains_card_number(text):
        return _("This looks like the number of a card. Enter it only where the card is asked for.")
    return ""


def email_problem(text: str) -> str:
    """Why nothing can be mailed there, in words; "" where it can."""
    try:
        validate_email(text.strip())
    except ValidationError:
        return _("Enter an e-mail address such as name@example.com.")
    return "" if len(text.strip()) <= 254 else _("At most %(most)d characters.") % {"most": 254}


def _day_problem(day: date | None, today: date) -> str:
    if day is None or today <= day <= today + LATEST:
        return ""
    return _("Choose a day from today on, within a year.")


def check(cards: Sequence[BoughtCard], market: Market, *, at: datetime) -> None:
    """Whether a cart may buy these now, by limits that may have changed since. Raises `NotForSale`, `InvalidInput`,
    `TooMuchOnGiftCards`."""
    variants = {
        row.pk: row for row in Variant.objects.select_related("product").filter(pk__in=[c.variant for c in cards])
    }
    for card in cards:
        variant = variants.get(card.variant)
        if variant is None:
            raise NotForSale(sku=card.sku, name=card.name)
        problem = amount_problem(card.amount_minor, limits_of(variant, market), market.currency)
        if problem:
            raise InvalidInput({"amount": [problem]})
    if len(cards) > MOST_CARDS or sum_of(cards) > market.gift_cards_most_minor:
        most = Money(market.gift_cards_most_minor, market.currency).format()
        raise TooMuchOnGiftCards(most=most, cards=MOST_CARDS)


def added_to(priced: dict[str, Any], cards: Sequence[BoughtCard]) -> dict[str, Any]:
    """The engine's answer with gift cards on top: lines that say `gift_card`, at what they hold."""
    if not cards:
        return priced
    total = sum_of(cards)
    sums = {name: priced[name] + total for name in ("subtotal", "total", "net_total")}
    return {**priced, **sums, "lines": [*priced["lines"], *map(_priced, cards)]}


def _priced(card: BoughtCard) -> dict[str, Any]:
    same = dict.fromkeys(("unit", "gross", "net", "total"), card.amount_minor)
    none = dict.fromkeys(("discount", "tax", "savings"), 0)
    goods = {"id": card.id, "sku": card.sku, "quantity": 1, "compare_at": None, "gift_card": True}
    return {**goods, **same, **none, "taxes": [], "adjustments": [], "notes": []}


def goods_of(priced: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of an answer that are not gift cards."""
    return [line for line in priced["lines"] if not line.get("gift_card")]
