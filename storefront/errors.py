from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError


class TooManyDeclines(DomainError):
    code = "too_many_declines"
    status = 429
    message = _(
        "Too many cards were refused. Nothing was charged. Try again in %(minutes)s minutes, or buy in one of our"
        " stores."
    )


class TooManyCodes(DomainError):
    code = "too_many_coupon_codes"
    status = 429
    message = _("Too many codes were tried. Wait %(minutes)s minutes, then enter the code of your coupon again.")


class TooManyHolds(DomainError):
    code = "too_many_holds"
    status = 429
    message = _(
        "Too many checkouts from your network are waiting to be paid, and hold goods from others. Pay for one of them,"
        " or try again in %(minutes)s minutes."
    )


class HoldsTooMuch(DomainError):
    code = "holds_too_much"
    message = _(
        "Before it is paid, one shopper can hold at most %(percent)s%% of what we have of %(name)s. Lower the quantity,"
        " pay for it, then order the rest."
    )
