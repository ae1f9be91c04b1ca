"""Cells of lists and documents: amounts, chips, times and links, the same everywhere.

A column whose method is called `figure_…` stands to the right, see static/css/pages/office_theme.css.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, localize, number_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from commerce.catalog.units import Measured, text_of
from commerce.company.models import User
from commerce.kernel.templatetags.ui import icon, money


def amount(minor: int | None, currency: str) -> SafeString:
    """Money; a dash for none; a minus in the color of danger."""
    if minor is None:
        return SafeString("–")
    return money(minor, currency, "negative" if minor < 0 else "")


def figure(value: Any, tone: str = "") -> SafeString:
    """A number in the words of the page's language; zero is quiet."""
    quiet = "quiet" if value == 0 and not tone else tone
    value = grouped(value) if isinstance(value, int) else value
    return format_html('<span class="figure{}">{}</span>', f" figure--{quiet}" if quiet else "", value)


def measured(quantity: int, of: Measured, tone: str = "") -> SafeString:
    """An amount of goods in a cell: "12", "0.35 m"; zero is quiet."""
    return figure(text_of(quantity, of).replace("-", "\N{MINUS SIGN}"), tone or ("" if quantity else "quiet"))


def signed(quantity: int, of: Measured) -> str:
    """A change: "+12", "−0.35 m", "0"."""
    sign = "+" if quantity > 0 else "\N{MINUS SIGN}" if quantity else ""
    return sign + text_of(abs(quantity), of)


def grouped(value: int) -> str:
    """12,345: a whole number as people read it."""
    return str(number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True))


def chip(label: Any, tone: str = "", symbol: str = "") -> SafeString:
    """A status as a word on a tinted ground: tone none, positive, warning, danger, accent or open."""
    tone_class = f" chip--{tone}" if tone else ""
    return format_html('<span class="chip{}">{}{}</span>', tone_class, icon(symbol) if symbol else "", label)


def moment(at: datetime | None) -> str:
    """A moment in words, short."""
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else "–"


def when(at: datetime | None) -> SafeString:
    """A moment in a cell, with the whole of it in the markup."""
    if at is None:
        return SafeString("–")
    return format_html('<time class="when" datetime="{}">{}</time>', at.isoformat(), moment(at))


def link(row: Model | None, label: Any = None) -> SafeString:
    """A link to a row's page in the back office."""
    if row is None:
        return SafeString("–")
    words = row if label is None else localize(label)
    return format_html('<a class="office-link" href="{}">{}</a>', address(row), words)


def address(row: Model) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def list_address(model: type[Model], **filters: Any) -> str:
    """The address of a model's list, narrowed by `filters` (`channel="web"`)."""
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{path}?{urlencode(filters)}" if filters else path


def document(source_type: str, key: UUID | str, label: Any = None) -> SafeString:
    """A link to whatever document a row names as its source, by uid or number; `site.document` finds its page."""
    text = label or f"{source_type} {str(key)[-6:]}"
    path = reverse("admin:document", args=[source_type, key])
    return format_html('<a class="office-link" href="{}">{}</a>', path, text)


def name_of(person: User | None) -> str:
    """How a member of staff is called; a dash for the system."""
    return (person.get_full_name() or person.username) if person else "–"


def stacked(lines: Iterable[Any]) -> SafeString:
    """Several short texts below each other in one cell."""
    return format_html_join("", '<span class="stacked">{}</span>', ((line,) for line in lines))
