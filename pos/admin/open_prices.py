"""What was sold at prices that people said, by whom."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter, RelatedDropdownFilter

from commerce.office.base import HistoryAdmin
from commerce.office.columns import amount, link, name_of, when
from orders.models import Order
from pos.models import OpenPriceSale


@admin.register(OpenPriceSale)
class OpenPriceSaleAdmin(HistoryAdmin):
    when_empty = _("Nothing was sold at an open price.")
    list_display = ("sold", "what", "note", "figure_price", "figure_total", "seller", "approved_by", "order_link")
    list_display_links = None
    list_select_related = ("order__location", "order_line", "cashier")
    list_filter = (
        ("cashier", RelatedDropdownFilter),
        ("order__location", RelatedDropdownFilter),
        ("sold_at", RangeDateTimeFilter),
    )
    search_fields = ("order__number", "order_line__sku", "note")
    search_help_text = _("Order number, SKU or words")
    ordering = ("-sold_at",)

    def of_places(self, rows: "QuerySet[OpenPriceSale]", places: Sequence[int]) -> "QuerySet[OpenPriceSale]":
        return rows.filter(order__location__in=places)

    def page_of(self, row: OpenPriceSale) -> Order:
        """Read on the page of its order."""
        return row.order

    @admin.display(description=_("sold"), ordering="sold_at")
    def sold(self, row: OpenPriceSale) -> str:
        return when(row.sold_at)

    @admin.display(description=_("item"), ordering="order_line__sku")
    def what(self, row: OpenPriceSale) -> str:
        return row.order_line.name

    @admin.display(description=_("price"), ordering="order_line__unit_minor")
    def figure_price(self, row: OpenPriceSale) -> str:
        return amount(row.order_line.unit_minor, row.order.currency)

    @admin.display(description=_("total"), ordering="order_line__gross_minor")
    def figure_total(self, row: OpenPriceSale) -> str:
        return amount(row.order_line.gross_minor, row.order.currency)

    @admin.display(description=_("employee"), ordering="cashier__last_name")
    def seller(self, row: Any) -> str:
        return name_of(row.cashier)

    @admin.display(description=_("order"), ordering="order__number")
    def order_link(self, row: OpenPriceSale) -> str:
        return link(row.order)
