"""What the builder's template asks of its form."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def fields_of(form: Any, name: str) -> list[tuple[str, Any]]:
    """(currency or "", bound field): an amount has one for each currency."""
    found: list[tuple[str, Any]] = form.fields_of(name)
    return found


@register.filter
def says(form: Any, names: str) -> bool:
    """Whether any of these fields has something in it, or is refused."""
    return any(form[name].value() or form[name].errors for name in names.split())
