"""The few words that the back office's templates use beside those of `ui`."""

from typing import Any

from django import template
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.forms import BoundField
from django.utils.safestring import SafeString, mark_safe

from commerce.office import columns

register = template.Library()
register.simple_tag(columns.amount, name="amount")
register.simple_tag(columns.figure, name="figure")
register.simple_tag(columns.link, name="row_link")
register.simple_tag(columns.document, name="document_link")
register.filter("when", columns.when)
register.filter("name_of", columns.name_of)
register.filter("grouped", columns.grouped)
register.filter("figure_of", columns.measured)


@register.simple_tag
def labelled(field: BoundField) -> SafeString:
    """A form field's control with its label as `aria-label`, for tables where only the column has a heading."""
    return mark_safe(field.as_widget(attrs={"aria-label": str(field.label)}))


@register.inclusion_tag("office/_heading.html", takes_context=True)
def heading(context: template.Context) -> dict[str, Any]:
    """Where the person is, by job as in the side bar: group, list, and the row or action."""
    parts: list[tuple[Any, str]] = []
    for group in context.get("sidebar_navigation") or []:
        for item in group["items"]:
            if item["active"]:
                parts = [(group["title"], "")] if group["title"] else []
                parts.append((item["title"], item["link"]))
    title = context.get("heading") or context.get("original") or context.get("title")
    is_list = "cl" in context or context.get("index") or not parts or parts[-1][1] == context["request"].path
    return {"parts": parts if is_list and parts else [*parts, (title, "")]}


@register.simple_tag
def history_of(row: Model) -> list[dict[str, Any]]:
    """Who did what to a row in the back office, newest first, as entries of a timeline."""
    kind = ContentType.objects.get_for_model(type(row))
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk)).select_related("user")[:20]
    return [
        {
            "title": entry.get_change_message() or entry.get_action_flag_display(),
            "at": entry.action_time,
            "by": entry.user.get_full_name() or entry.user.get_username(),
            "icon": "pencil",
        }
        for entry in entries
    ]


@register.simple_tag
def debit(minor: int, currency: str) -> SafeString:
    """What a posting adds to the debit side; nothing when it is on the other."""
    return columns.amount(minor, currency) if minor > 0 else SafeString("")


@register.simple_tag
def credit(minor: int, currency: str) -> SafeString:
    """What a posting adds to the credit side, without its minus, which the column says."""
    return columns.amount(-minor, currency) if minor < 0 else SafeString("")


@register.simple_tag
def difference(counted: int, expected: int, currency: str) -> SafeString:
    """What is over (or with a minus short)."""
    return columns.amount(counted - expected, currency)
