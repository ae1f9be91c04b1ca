"""Every change of what is on hand, with the balance after it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter, RelatedDropdownFilter

from commerce.office.base import HistoryAdmin
from commerce.office.columns import chip, figure, link, measured, name_of, signed, when
from inventory.admin.sources import name_sources, variants_like
from inventory.models import StockMovement


@admin.register(StockMovement)
class StockMovementAdmin(HistoryAdmin):
    location_path = "level__location"
    list_display = ("at", "sku", "place", "kind_chip", "figure_quantity", "figure_balance", "source", "by")
    list_display_links = None
    list_select_related = ("level__variant", "level__location", "actor")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("level__location", RelatedDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    views = (
        (_("Adjustments"), "kind__exact=adjustment"),
        (_("Till sales"), "kind__exact=sale"),
        (_("Received"), "kind__exact=receipt"),
    )
    search_fields = ("level__variant__sku_key",)
    search_help_text = _("SKU or product")
    ordering = ("-pk",)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup in ("level", "level__exact") or super().lookup_allowed(lookup, value, request)

    def gather(self, rows: "Sequence[StockMovement]") -> None:
        name_sources(rows)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[StockMovement]", search_term: str
    ) -> tuple["QuerySet[StockMovement]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        return queryset.filter(level__variant__in=variants_like(term).values("pk")), False

    @admin.display(description=_("at"), ordering="created_at")
    def at(self, row: StockMovement) -> str:
        return when(row.created_at)

    @admin.display(description=_("SKU"), ordering="level__variant__sku_key")
    def sku(self, row: StockMovement) -> str:
        return link(row.level, row.level.variant.sku)

    @admin.display(description=_("location"), ordering="level__location__position")
    def place(self, row: StockMovement) -> str:
        return row.level.location.name

    @admin.display(description=_("kind"), ordering="kind")
    def kind_chip(self, row: StockMovement) -> str:
        return chip(row.get_kind_display())

    @admin.display(description=_("change"), ordering="quantity")
    def figure_quantity(self, row: StockMovement) -> str:
        return figure(signed(row.quantity, row.level.variant), "" if row.quantity > 0 else "danger")

    @admin.display(description=_("balance"))
    def figure_balance(self, row: StockMovement) -> str:
        return measured(row.balance_after, row.level.variant, "danger" if row.balance_after < 0 else "")

    @admin.display(description=_("because of"))
    def source(self, row: StockMovement) -> str:
        return row.source_link  # type: ignore[attr-defined]

    @admin.display(description=_("by"))
    def by(self, row: StockMovement) -> str:
        return name_of(row.actor)
