"""What a promotion says that may not be meant: prices that it cannot lower, goods that it gives away."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from commerce.kernel.money import Money
from commerce.pricing.models import Price
from commerce.pricing.promotion_drafts import Draft, Item, Kind, Role, Scope
from commerce.pricing.promotion_words import enumerated
from commerce.pricing.selections import Shelves, variants_of

NAMED = 3


def cautions(draft: Draft) -> list[str]:
    """Sentences for the one who saves it; none of them keeps it from being saved."""
    shelves = Shelves()
    if draft.kind == Kind.FIXED_PRICE:
        return [text for currency, minor in draft.amounts.items() for text in _dearer(draft, shelves, currency, minor)]
    if draft.kind == Kind.AMOUNT and draft.scope == Scope.LINE:
        return [
            text for currency, minor in draft.amounts.items() for text in _for_nothing(draft, shelves, currency, minor)
        ]
    if draft.kind == Kind.BUNDLE:
        return [text for currency, minor in draft.amounts.items() for text in _bundle(draft, shelves, currency, minor)]
    if draft.kind == Kind.TIERS and draft.tiers and draft.tier_kind != Kind.PERCENT:
        check = _dearer if draft.tier_kind == Kind.FIXED_PRICE else _for_nothing
        chosen = draft.tiers[0 if check is _dearer else -1]
        return [text for currency, minor in chosen.amounts.items() for text in check(draft, shelves, currency, minor)]
    return []


def _prices(draft: Draft, items: list[Item], shelves: Shelves, currency: str) -> Any:
    """Prices of a draft's items on the active lists of a currency, the lowest first."""
    return (
        Price.objects.filter(
            Q(price_list__currency=currency, price_list__is_active=True, withdrawn_at=None),
            variant__in=variants_of(draft, items, shelves),
        )
        .select_related("variant__product", "price_list")
        .order_by("amount_minor", "variant__sku_key", "price_list__code")
    )


def _told(prices: list[Any], currency: str) -> str:
    texts = []
    for price in prices[:NAMED]:
        facts = {"sku": price.variant.sku, "list": price.price_list.name}
        texts.append(_("%(sku)s (%(price)s on %(list)s)") % {**facts, "price": _money(price.amount_minor, currency)})
    return enumerated(texts)


def _money(minor: int, currency: str) -> str:
    return Money(minor, currency).format()


def _dearer(draft: Draft, shelves: Shelves, currency: str, minor: int) -> list[str]:
    found = list(_prices(draft, draft.named(Role.SELECT), shelves, currency).filter(amount_minor__lte=minor)[:NAMED])
    if not found:
        return []
    text = _("%(price)s is no less than what some items cost already, so they are not reduced: %(items)s.")
    return [text % {"price": _money(minor, currency), "items": _told(found, currency)}]


def _for_nothing(draft: Draft, shelves: Shelves, currency: str, minor: int) -> list[str]:
    found = list(_prices(draft, draft.named(Role.SELECT), shelves, currency).filter(amount_minor__lte=minor)[:NAMED])
    if not found:
        return []
    text = _("%(amount)s off is all that some items cost, so they would be free: %(items)s.")
    return [text % {"amount": _money(minor, currency), "items": _told(found, currency)}]


def _bundle(draft: Draft, shelves: Shelves, currency: str, minor: int) -> list[str]:
    """A set of the cheapest pieces costs no more than the bundle."""
    cheapest = []
    for items in draft.parts():
        price = _prices(draft, items, shelves, currency).first()
        if price is None:
            text = _("One part of the bundle has no price in %s: nobody can buy the set there.")
            return [text % currency]
        cheapest.append((price, items[0].quantity))
    apart = sum(price.amount_minor * quantity for price, quantity in cheapest)
    if apart > minor:
        return []
    facts = {"bundle": _money(minor, currency), "apart": _money(apart, currency)}
    text = _(
        "The cheapest set costs %(apart)s apart, no more than %(bundle)s together, so it is not reduced: %(items)s."
    )
    return [text % {**facts, "items": _told([price for price, _quantity in cheapest], currency)}]
