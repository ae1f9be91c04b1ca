"""Orders of both channels in one list, and the page of one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RelatedDropdownFilter

from commerce.catalog.skus import normalize_sku
from commerce.office.base import HistoryAdmin, page_action
from commerce.office.columns import amount, link, when
from commerce.office.filters import ValuesFilter
from orders import serial_numbers
from orders.admin import cancel_form, chips, gift_card_form, phone_list, phone_page, return_forms
from orders.admin.number_forms import line_page
from orders.admin.order_page import context_of
from orders.models import Fulfillment, Order, OrderLine


class StateFilter(ValuesFilter):
    """Checkouts that nobody has paid are not orders yet: they are shown when asked for by name."""

    title, parameter_name, field = _("state"), "state", "state"

    def choices_of(self) -> list[tuple[str, Any]]:
        return [*Order.State.choices, ("any", _("All with checkouts"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if self.value() == "any":
            return queryset
        return queryset.filter(state=self.value()) if self.value() else queryset.exclude(state=Order.State.DRAFT)


class ToDoFilter(ValuesFilter):
    """What has to be done for an order, by the state of its fulfillments."""

    title, parameter_name, field = _("to do"), "todo", ""

    def choices_of(self) -> list[tuple[str, Any]]:
        return [("pending", _("To prepare")), ("ready", _("Ready to hand over"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if not self.value():
            return queryset
        return queryset.filter(pk__in=Fulfillment.objects.filter(state=self.value()).values("order"))


@admin.register(Order)
class OrderAdmin(HistoryAdmin):
    source_types, source_number = ("order", "cancellation"), "number"
    source_fields = {"cancellation": "cancellation__uid"}
    list_display = (
        "shown_number", "placed", "channel_chip", "buyer", "store", "figure_total", "paid_chip", "fulfilled_chip",
    )  # fmt: skip
    list_select_related = ("location", "customer")
    list_filter = (
        ("channel", ChoicesDropdownFilter),
        StateFilter,
        ("payment_status", ChoicesDropdownFilter),
        ("fulfillment_status", ChoicesDropdownFilter),
        ToDoFilter,
        ("location", RelatedDropdownFilter),
        ("business_date", RangeDateFilter),
    )
    views = (
        (_("To prepare"), "todo=pending"),
        (_("Ready to hand over"), "todo=ready"),
        (_("Web"), "channel__exact=web"),
        (_("Stores"), "channel__exact=pos"),
        (_("Phone"), "channel__exact=phone"),
        (_("Not paid"), "payment_status__exact=unpaid"),
        (_("Checkouts"), "state=draft"),
    )
    search_fields = ("number",)
    search_help_text = _("Number, e-mail, SKU, serial number or receipt number")
    ordering = ("-placed_at", "-pk")
    change_form_template = "office/order.html"
    actions_list = ("take_phone_order",)

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.serials_page)
        view = self.admin_site.admin_view
        return [path("phone/", view(self.phone_page), name="orders_phone"),
                path("phone/<uuid:uid>/", view(self.phone_order_page), name="orders_phone_order"),
                path("<path:object_id>/lines/<int:line>/serials/", page, name="orders_order_serials"),
                path("<path:object_id>/lines/<int:line>/gift-card/", view(self.gift_card_page),
                     name="orders_order_gift_card"),
                path("<path:object_id>/return/", view(self.return_page), name="orders_order_return"),
                path("<path:object_id>/cancel/", view(self.cancel_page), name="orders_order_cancel"),
                path("<path:object_id>/refund/", view(self.refund_page), name="orders_order_refund"),
                *super().get_urls()]  # fmt: skip

    def phone_page(self, request: HttpRequest) -> HttpResponse:
        return phone_list.page(self, request)

    def phone_order_page(self, request: HttpRequest, uid: UUID) -> HttpResponse:
        return phone_page.page(self, request, uid)

    @page_action(description=_("Phone order"), icon="call", permission="order.phone", url_path="by-phone", primary=True)
    def take_phone_order(self, request: HttpRequest) -> HttpResponse:
        """Put an order together for somebody who calls."""
        return HttpResponseRedirect(reverse("admin:orders_phone"))

    def serials_page(self, request: HttpRequest, object_id: str, line: int) -> HttpResponse:
        return line_page(self, request, object_id, line)

    def gift_card_page(self, request: HttpRequest, object_id: str, line: int) -> HttpResponse:
        return gift_card_form.again_page(self, request, object_id, line)

    def return_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return return_forms.return_page(self, request, object_id)

    def refund_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return return_forms.amount_page(self, request, object_id)

    def cancel_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return cancel_form.cancel_page(self, request, object_id)

    def of_places(self, rows: "QuerySet[Order]", places: Sequence[int]) -> "QuerySet[Order]":
        """A store's orders: sold there, or leaving from there."""
        leaving = Fulfillment.objects.filter(location__in=places).values("order")
        return rows.filter(Q(location__in=places) | Q(pk__in=leaving))

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Order]", search_term: str
    ) -> tuple["QuerySet[Order]", bool]:
        """What people have at hand. Each way is a look-up in an index of its own; words are not searched for."""
        term = search_term.strip()
        if not term:
            return queryset, False
        key = normalize_sku(term).value
        lines = OrderLine.objects.filter(Q(sku__iexact=term) | Q(variant__sku_key=key)).values("order")
        return queryset.filter(
            Q(number__istartswith=term)
            | Q(email__istartswith=term)
            | Q(sale__receipt_number__istartswith=term)
            | Q(customer__name__icontains=term)
            | Q(pk__in=lines)
            | Q(pk__in=serial_numbers.orders_with(term))
        ), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        order = self.get_object(request, object_id)
        more = context_of(order, request) if order else {}
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("number"), ordering="number")
    def shown_number(self, row: Order) -> str:
        return row.number or str(_("Checkout"))

    @admin.display(description=_("placed"), ordering="placed_at")
    def placed(self, row: Order) -> str:
        return when(row.placed_at or row.created_at)

    @admin.display(description=_("channel"), ordering="channel")
    def channel_chip(self, row: Order) -> str:
        return chips.channel(row)

    @admin.display(description=_("customer"), ordering="email")
    def buyer(self, row: Order) -> str:
        return (row.customer.name if row.customer else "") or row.email or str(_("Walk-in"))

    @admin.display(description=_("store"), ordering="location__code")
    def store(self, row: Order) -> str:
        return link(row.location, row.location.name) if row.location else "–"

    @admin.display(description=_("total"), ordering="total_minor")
    def figure_total(self, row: Order) -> str:
        return amount(row.total_minor, row.currency)

    @admin.display(description=_("payment"), ordering="payment_status")
    def paid_chip(self, row: Order) -> str:
        return chips.paid(row)

    @admin.display(description=_("fulfillment"), ordering="fulfillment_status")
    def fulfilled_chip(self, row: Order) -> str:
        return chips.fulfilled(row)
