from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError
from commerce.kernel.money import Money
from commerce.pricing.timeline import Days, Span


class CouponUnknown(DomainError):
    code = "coupon_unknown"
    status = 422
    message = _("There is no coupon %(coupon)s. Check the letters and figures.")


class CouponEnded(DomainError):
    code = "coupon_ended"
    status = 422
    message = _("The coupon %(coupon)s is not valid today.")


class CouponUsedUp(DomainError):
    code = "coupon_used_up"
    message = _("The coupon %(coupon)s was used already. Remove it, then go on.")


class CouponUsedByCustomer(DomainError):
    code = "coupon_used_by_customer"
    message = _("You have used the coupon %(coupon)s already. Remove it, then go on.")


class OverlappingPrices(DomainError):
    """Prices are planned for these days already. `found` maps (variant, from quantity) to the price in the way."""

    code = "overlapping_prices"
    message = _("%(sku)s: %(what)s")

    def __init__(self, found: Mapping[tuple[int, int], Span], *, sku: str, currency: str) -> None:
        self.found, self.currency = dict(found), currency
        super().__init__(sku=sku, what=planned_already(next(iter(self.found.values())), currency))


class StandingPrice(DomainError):
    code = "standing_price"
    message = _("This is the price of today. Set another one instead of taking it back.")


def planned_already(span: Span, currency: str) -> str:
    """What stands in the way of a price, in words."""
    text = gettext("%(price)s is planned %(days)s already. Take that back first, or choose other days.")
    return text % {"price": Money(span.amount[0], currency).format(), "days": in_words(span.days)}


def in_words(days: Days) -> str:
    """ "from Dec 1 to Dec 24", "from Dec 1", "until Dec 24", "always"."""
    said: dict[str, Any] = {"first": _day(days.first), "last": _day(days.last)}
    if days.first and days.first == days.last:
        return gettext("on %(first)s") % said
    if days.first and days.last:
        return gettext("from %(first)s to %(last)s") % said
    if days.first:
        return gettext("from %(first)s on") % said
    return gettext("until %(last)s") % said if days.last else gettext("always")


def _day(day: Any) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
