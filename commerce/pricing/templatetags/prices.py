"""Prices in templates of the back office: `{% load prices %}`."""

from datetime import date

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commerce.kernel.templatetags.ui import money
from commerce.pricing.errors import in_words
from commerce.pricing.timeline import Amount, Days

register = template.Library()


@register.filter
def days_in_words(days: Days) -> str:
    """ "from Dec 1 to Dec 24"."""
    return in_words(days)


@register.filter
def last_day(days: Days) -> date | None:
    """The last day that belongs to it."""
    return days.last


@register.simple_tag
def price_pair(amount: Amount | None, currency: str) -> SafeString:
    """A price, and below it what it is compared with, struck through; a dash for none."""
    if amount is None:
        return SafeString("–")
    price, before = amount
    if before is None:
        return money(price, currency)
    return format_html('{} <s class="price-was">{}</s>', money(price, currency), money(before, currency))


@register.simple_tag
def percent_change(percent: int | None) -> str:
    """ "+5 %", "−20 %"; a dash where there is nothing to compare with."""
    if percent is None:
        return "–"
    return f"{'+' if percent > 0 else '−' if percent < 0 else ''}{abs(percent)} %"


@register.filter
def tenths(permille: int) -> str:
    """A share as people read it: 423 is "42.3 %"."""
    sign = "−" if permille < 0 else ""
    return f"{sign}{number_format(f'{abs(permille) // 10}.{abs(permille) % 10}', decimal_pos=1, use_l10n=True)} %"
