"""How sales came in from the tills, by receipt number."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter, RelatedDropdownFilter

from commerce.office.base import HistoryAdmin
from commerce.office.columns import amount, link, name_of, when
from orders.models import Order
from pos.models import Sale


@admin.register(Sale)
class SaleAdmin(HistoryAdmin):
    source_types, source_number = ("sale",), "receipt_number"
    list_display = ("receipt_number", "order_link", "register_name", "sold", "received", "cashier", "figure_total")
    list_display_links = None
    list_select_related = ("order", "order__actor", "register", "order__location")
    list_filter = (("register", RelatedDropdownFilter), ("sold_at", RangeDateTimeFilter))
    search_fields = ("receipt_number", "order__number")
    search_help_text = _("Receipt or order number")
    ordering = ("-pk",)

    def of_places(self, rows: "QuerySet[Sale]", places: Sequence[int]) -> "QuerySet[Sale]":
        return rows.filter(order__location__in=places)

    def page_of(self, row: Sale) -> Order:
        """A sale is read on the page of its order."""
        return row.order

    @admin.display(description=_("order"), ordering="order__number")
    def order_link(self, row: Sale) -> str:
        return link(row.order)

    @admin.display(description=_("register"), ordering="register__code")
    def register_name(self, row: Sale) -> str:
        return link(row.register, row.register.name) if row.register else "–"

    @admin.display(description=_("sold"), ordering="sold_at")
    def sold(self, row: Sale) -> str:
        return when(row.sold_at)

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, row: Sale) -> str:
        return when(row.received_at)

    @admin.display(description=_("cashier"))
    def cashier(self, row: Any) -> str:
        return name_of(row.order.actor)

    @admin.display(description=_("total"), ordering="order__total_minor")
    def figure_total(self, row: Sale) -> str:
        return amount(row.order.total_minor, row.order.currency)
