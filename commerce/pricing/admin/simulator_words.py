"""The engine's trace in words: why this price, which promotion was given, and why another one was not."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from commerce.kernel.money import Money
from commerce.pricing.models import PriceList

LISTS = {
    "won": lazy("this one counts"),
    "outranked": lazy("a list of a higher rank counts"),
    "less_specific": lazy("a more specific price counts"),
    "quantity": lazy("only from a larger quantity on"),
    "not_started": lazy("does not count yet"),
    "ended": lazy("does not count any more"),
    "currency": lazy("is in another currency"),
    "market": lazy("is for another market"),
    "location": lazy("is for another store"),
    "channel": lazy("is for another channel"),
    "group": lazy("is for another customer group"),
}
REASONS = {
    "not_started": lazy("It has not begun yet."),
    "ended": lazy("It is over."),
    "wrong_day": lazy("Not on this weekday."),
    "wrong_time": lazy("Not at this hour."),
    "channel": lazy("It is for another channel."),
    "location": lazy("It is for another store."),
    "market": lazy("It is for another market."),
    "group": lazy("It is for another customer group."),
    "coupon": lazy("Its coupon was not entered."),
    "currency": lazy("It is in another currency."),
    "no_items": lazy("Nothing of what it is for is in the cart."),
    "no_saving": lazy("It would save nothing: the price is as low already."),
}


def reasons_of_price(told: dict[str, Any], line: dict[str, Any], currency: str) -> list[dict[str, Any]]:
    """The lists that were considered, the one that counts first; then each step from the price to what is paid."""
    names = dict(PriceList.objects.values_list("code", "name"))
    found = []
    for row in sorted(told.get("considered", []), key=lambda one: (one["why"] != "won", one["list"])):
        price = Money(row["amount"], currency).format() if row["amount"] is not None else ""
        found.append(
            {
                "name": names.get(row["list"], row["list"]),
                "price": price,
                "why": LISTS.get(row["why"], ""),
                "won": row["why"] == "won",
            }
        )
    taken = [
        (each["label"], "\N{MINUS SIGN}" + Money(each["amount"], currency).format()) for each in line["adjustments"]
    ]
    return found + [{"name": name, "price": price, "why": "", "won": False} for name, price in taken]


def promotion_rows(trace: list[dict[str, Any]], names: dict[str, str], currency: str) -> list[dict[str, Any]]:
    """Each promotion: its name, whether it was given and how much, or why not. Given ones first."""
    rows = [
        {
            "code": row["id"],
            "name": names.get(row["id"], row["id"]),
            "fired": row["fired"],
            "amount": row["amount"],
            "why": "" if row["fired"] else why_not(row, names, currency),
        }
        for row in trace
    ]
    return sorted(rows, key=lambda row: not row["fired"])


def why_not(row: dict[str, Any], names: dict[str, str], currency: str) -> str:
    """Why a promotion was not given, in a sentence."""
    missing, by = row["missing"], names.get(row["by"], row["by"])
    if row["why"] == "min_spend":
        return _("%s more would have to be spent.") % Money(missing, currency).format()
    if row["why"] in ("min_quantity", "incomplete"):
        return ngettext("%s piece is missing for it.", "%s pieces are missing for it.", missing) % missing
    if row["why"] == "exclusive":
        return _("“%s” is not given together with it.") % by
    if row["why"] == "better_offer":
        return _("“%s” saves more.") % by
    return str(REASONS.get(row["why"], row["why"]))
