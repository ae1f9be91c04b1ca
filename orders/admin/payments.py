"""Money taken and attempts to, of both channels."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from commerce.office.base import HistoryAdmin
from commerce.office.columns import amount, link, when
from commerce.office.filters import ValuesFilter
from orders import tenders
from orders.admin import chips, finance
from orders.models import Fulfillment, Order, Payment


class TenderFilter(ValuesFilter):
    title, parameter_name, field = _("tender"), "tender", "tender"

    def choices_of(self) -> list[tuple[str, Any]]:
        return [(tender.code, tender.label) for tender in tenders.registry().values()]


@admin.register(Payment)
class PaymentAdmin(HistoryAdmin):
    source_types, source_fields = ("payment", "capture"), {"capture": "captures__uid"}
    list_display = ("created", "order_link", "tender_name", "figure_amount", "figure_refunded", "state_chip", "why")
    list_display_links = None
    list_select_related = ("order",)
    list_filter = (("state", ChoicesDropdownFilter), TenderFilter, ("created_at", RangeDateTimeFilter))
    views = (
        (_("In progress"), "state__exact=processing"),
        (_("Authorized"), "state__exact=authorized"),
        (_("Paid"), "state__exact=captured"),
        (_("Failed"), "state__exact=failed"),
    )
    search_fields = ("order__number", "provider_id")
    search_help_text = _("Order number, or id at the card network")
    ordering = ("-pk",)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("taxes/", view(self.taxes), name="tax-report"),
            path("journal/", view(self.journal), name="sales-journal"),
            *super().get_urls(),
        ]

    def taxes(self, request: HttpRequest) -> HttpResponse:
        """Taxes by jurisdiction and rate."""
        return self._report(request, "office/tax_report.html", _("Taxes by rate"), finance.tax_page)

    def journal(self, request: HttpRequest) -> HttpResponse:
        """Sales by day, location and channel."""
        return self._report(request, "office/sales_journal.html", _("Sales journal"), finance.journal_page)

    def _report(
        self,
        request: HttpRequest,
        template: str,
        title: Any,
        page: Callable[[HttpRequest], dict[str, Any] | HttpResponse],
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = page(request)
        if isinstance(found, HttpResponse):
            return found
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, template, {**context, **found})

    def of_places(self, rows: "QuerySet[Payment]", places: Sequence[int]) -> "QuerySet[Payment]":
        leaving = Fulfillment.objects.filter(location__in=places).values("order")
        return rows.filter(Q(order__location__in=places) | Q(order__in=leaving))

    def page_of(self, row: Payment) -> Order:
        """A payment is read on the page of its order."""
        return row.order

    def called(self, row: Payment) -> str:
        return str(_("Payment of %(order)s") % {"order": row.order})

    @admin.display(description=_("at"), ordering="created_at")
    def created(self, row: Payment) -> str:
        return when(row.settled_at or row.created_at)

    @admin.display(description=_("order"), ordering="order__number")
    def order_link(self, row: Payment) -> str:
        return link(row.order)

    @admin.display(description=_("tender"), ordering="tender")
    def tender_name(self, row: Payment) -> str:
        tender = tenders.registry().get(row.tender)
        return str(tender.label) if tender else row.tender

    @admin.display(description=_("amount"), ordering="amount_minor")
    def figure_amount(self, row: Payment) -> str:
        return amount(row.amount_minor, row.currency)

    @admin.display(description=_("refunded"), ordering="refunded_minor")
    def figure_refunded(self, row: Payment) -> str:
        return amount(row.refunded_minor or None, row.currency)

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: Payment) -> str:
        return chips.payment(row)

    @admin.display(description=_("what went wrong"))
    def why(self, row: Payment) -> str:
        return row.failure_text or "–"
