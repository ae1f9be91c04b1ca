from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError


class TooManyDeclines(DomainError):
    code = "too_many_declines"
    status = 429
    message = _(
        "Too many cards were refused. Nothing was charged. Try again in %(minutes)s minutes, or buy in one of our"
        " stores."
    )
