"""What reduces a cart and what would, in words: its coupons, each with what it gives or why nothing, and the next offer
within reach. Pure: the engine's answer comes in, sentences come out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.kernel.money import Money
from commerce.pricing.coupons import Entered
from commerce.pricing.models import Market
from orders import bills, cart_prices

NEAR_PIECES = 3  # a hint that asks for more is no help


@dataclass(frozen=True, slots=True)
class CouponLine:
    """A code that was entered: what it takes off, or why it takes nothing off. `stops`: it has to go before paying."""

    code: str
    label: str = ""
    amount_minor: int = 0
    why: str = ""
    stops: bool = False

    @property
    def off_minor(self) -> int:
        """As it stands in a sum."""
        return -self.amount_minor


@dataclass(frozen=True, slots=True)
class Hint:
    """One more offer within reach; `skus` are what a gift that was earned can be chosen from, `quantity` how many."""

    words: str
    skus: list[str] = field(default_factory=list)
    quantity: int = 1


def coupon_lines(
    codes: Sequence[str], entered: Entered, priced: dict[str, Any] | None, currency: str
) -> list[CouponLine]:
    """Every code in a cart, in the order in which they were entered."""
    told = {row["id"]: row for row in priced["trace"]["promotions"]} if priced else {}
    promotion_of = {coupon.code: coupon.promotion for coupon in entered.usable}
    found = []
    for code in codes:
        if code in entered.refused:
            found.append(CouponLine(code, why=str(entered.refused[code]), stops=True))
        elif code in entered.same:
            text = _("It is for the same offer as %(other)s, which counts.") % {"other": entered.same[code]}
            found.append(CouponLine(code, why=text))
        else:
            found.append(_coupon_line(code, told.get(promotion_of.get(code, "")), told, currency))
    return found


def _coupon_line(code: str, row: dict[str, Any] | None, told: dict[str, Any], currency: str) -> CouponLine:
    if row is None:
        return CouponLine(code, why=_("It does not count here."))
    if row["fired"]:
        return CouponLine(code, row["label"], row["amount"])
    return CouponLine(code, row["label"], why=why_not(row, told, currency))


def why_not(row: dict[str, Any], told: dict[str, Any], currency: str) -> str:
    """Why a promotion takes nothing off; `told` is the trace by promotion."""
    by = told.get(row["by"], {}).get("label", "") if row["by"] else ""
    if row["why"] == "min_spend":
        missing = Money(row["missing"], currency).format()
        return _("Not for these items yet: spend %(amount)s more.") % {"amount": missing}
    if row["why"] in ("min_quantity", "incomplete"):
        if row["kind"] == "gift":
            return _("Add the gift to your cart to get it.")
        text = ngettext("Add %(n)d more piece to get it.", "Add %(n)d more pieces to get it.", row["missing"])
        return text % {"n": row["missing"]}
    if row["why"] == "exclusive" and by:
        return _("It cannot be combined with %(other)s.") % {"other": by}
    if row["why"] == "better_offer" and by:
        return _("%(other)s saves more, so it counts instead.") % {"other": by}
    if row["why"] == "no_items" and row["scope"] == "shipping":
        return _("It counts at checkout, when you choose delivery.")
    sentences = {
        "no_items": _("It is not for the items in your cart."),
        "group": _("It is for members only."),
        "not_started": _("It does not count yet."),
        "ended": _("It does not count any more."),
        "wrong_day": _("It does not count today."),
        "wrong_time": _("It does not count at this time of day."),
    }
    return sentences.get(row["why"], _("It takes nothing off these items."))


def hint_of(priced: dict[str, Any] | None, market: Market) -> Hint | None:
    """The one thing worth saying: a gift that was earned, else what takes least; None where nothing is near."""
    if priced is None:
        return None
    worth = cart_prices.worth_of(priced)
    told = priced["trace"]["promotions"]
    for row in told:
        if row["why"] == "incomplete" and row["kind"] == "gift" and row["skus"]:
            words = _("You have earned it: %(offer)s") % {"offer": row["label"]}
            return Hint(words, row["skus"], row["missing"])
    near = [row for row in told if row["why"] in ("min_quantity", "incomplete") and 0 < row["missing"] <= NEAR_PIECES]
    for row in sorted(near, key=lambda row: (row["missing"], row["id"])):
        if row["kind"] != "gift":
            text = ngettext("Add %(n)d more: %(offer)s", "Add %(n)d more: %(offer)s", row["missing"])
            return Hint(text % {"n": row["missing"], "offer": row["label"]})
    return _spend_hint(told, worth, market)


def _spend_hint(told: list[dict[str, Any]], worth: int, market: Market) -> Hint | None:
    near = [
        (row["missing"], _("free delivery") if row["scope"] == "shipping" else row["label"])
        for row in told
        if row["why"] == "min_spend" and 0 < row["missing"] <= worth
    ]
    free_from = market.free_shipping_from_minor if market.shipping_minor else None
    if free_from is not None and 0 < free_from - worth <= worth:
        near.append((free_from - worth, _("free delivery")))
    if not near:
        return None
    missing, offer = min(near)
    amount = Money(missing, market.currency).format()
    return Hint(_("Spend %(amount)s more for: %(offer)s") % {"amount": amount, "offer": offer})


def rules_of(adjustments: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """What stands under a line: label and amount, as the `line` component takes them."""
    return [(row.words, -row.amount_minor) for row in bills.of_line(adjustments)]
