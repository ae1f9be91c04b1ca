"""Every page of the back office that a row or list has, with a row to open."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse


def lists() -> dict[str, str]:
    """Addresses of all lists by model label."""
    return {model._meta.label_lower: _address(model, "changelist") for model in admin.site._registry}


def rows() -> dict[str, str]:
    """The address of one row's page per model that has a row."""
    found = {}
    for model in admin.site._registry:
        row: Any = model._default_manager.order_by("pk").first()
        if row is not None:
            found[model._meta.label_lower] = _address(model, "change", row.pk)
    return found


def forms() -> dict[str, str]:
    """Addresses of the forms that add a row."""
    return {model._meta.label_lower: _address(model, "add") for model in admin.site._registry}


def row_of(row: Model, page: str = "change") -> str:
    return _address(type(row), page, row.pk)


def _address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
