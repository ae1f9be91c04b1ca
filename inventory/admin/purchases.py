"""Purchase orders: the list, the page of one, the sheets to change and unpack them, and what goes to the supplier."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Min, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from commerce.catalog.skus import normalize_sku
from commerce.catalog.units import FINEST, number_text
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.office.asking import ask, find
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import address, amount, chip, figure, when
from commerce.office.filters import ValuesFilter
from inventory.actions.cancel_purchase_order import cancel_purchase_order
from inventory.actions.close_purchase_order import close_purchase_order
from inventory.actions.draft_purchase_order import draft_purchase_order
from inventory.actions.place_purchase_order import place_purchase_order
from inventory.admin import purchase_page, purchase_sheets
from inventory.admin.goods_forms import CloseForm, PurchaseOrderForm
from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.quantities import parse_units

TONES = {"draft": "open", "ordered": "accent", "received": "positive", "canceled": "open"}


class DueFilter(ValuesFilter):
    title, parameter_name, field = _("due"), "due", ""

    def choices_of(self) -> list[tuple[str, Any]]:
        return [("late", _("Late")), ("partly", _("Partly received"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if self.value() == "late":
            return queryset.filter(state="ordered", expected_on__lt=now().date())
        return queryset.filter(state="ordered", received__gt=0) if self.value() == "partly" else queryset


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(HistoryAdmin):
    location_path = "location"
    source_types, source_number = ("purchase_order",), "number"
    when_empty = _("Draft an order, place it with the supplier, and receive what comes.")
    list_display = ("number", "from_whom", "place", "state_chip", "progress", "expected", "figure_total", "since")
    list_select_related = ("supplier", "location")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        DueFilter,
        ("supplier", RelatedDropdownFilter),
        ("location", RelatedDropdownFilter),
    )
    views = (
        (_("Drafts"), "state__exact=draft"),
        (_("Ordered"), "state__exact=ordered"),
        (_("Late"), "due=late"),
        (_("Partly received"), "due=partly"),
        (_("Received"), "state__exact=received"),
    )
    search_fields = ("number",)
    search_help_text = _("Number, SKU or the supplier's SKU")
    ordering = ("-pk",)
    change_form_template = "office/purchase_order.html"
    actions_list = ("draft_page",)

    def get_urls(self) -> list[Any]:
        pages: dict[str, Callable[..., HttpResponse]] = {
            **{name: partial(self._sheet, name) for name in purchase_sheets.SHEETS.sheets},
            "order": self.order_page,
            "closing": self.closing_page,
            "cancellation": self.cancellation_page,
            "print": self.print_page,
            "csv": self.csv_file,
        }
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(page), name=f"inventory_purchaseorder_{name}")
            for name, page in pages.items()
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        scale = F("lines__variant__unit_scale")
        cost = (2 * F("lines__cost_minor") * F("lines__ordered") + scale) / (2 * scale)  # rounded half up, per line
        each = FINEST / scale
        sums = {
            "ordered": Sum(F("lines__ordered") * each),
            "received": Sum(F("lines__received") * each),
            "total": Sum(cost),
        }
        return super().get_queryset(request).annotate(**sums, first=Min("lines__variant__sku"))

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        if person_of(request).has_perm("purchase.edit"):
            return shown
        return [name for name in shown if name != "figure_total"]  # what goods cost is not everybody's business

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[PurchaseOrder]", search_term: str
    ) -> tuple["QuerySet[PurchaseOrder]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        known = Q(variant__sku_key=normalize_sku(term).value or None) | Q(supplier_sku__iexact=term)
        having = PurchaseOrderLine.objects.filter(known).values("order")
        return queryset.filter(Q(number__iendswith=term) | Q(number__istartswith=term) | Q(pk__in=having)), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        order = self.get_object(request, object_id)
        more = purchase_page.context_of(order, person_of(request)) if order else {}
        if order:
            more["chips"] = self.state_chip(order)
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("supplier"), ordering="supplier__name")
    def from_whom(self, row: PurchaseOrder) -> str:
        return row.supplier.name

    @admin.display(description=_("deliver to"), ordering="location__position")
    def place(self, row: PurchaseOrder) -> str:
        return row.location.name

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: Any) -> str:
        if row.state == "ordered" and row.received:
            return chip(_("Partly received"), "warning")
        return chip(row.get_state_display(), TONES[row.state])

    @admin.display(description=_("units"))
    def progress(self, row: Any) -> str:
        if row.state in ("ordered", "received"):
            parts = {"done": number_text(row.received or 0, FINEST), "sent": number_text(row.ordered or 0, FINEST)}
            return str(_("%(done)s of %(sent)s") % parts)
        return figure(number_text(row.ordered or 0, FINEST))

    @admin.display(description=_("expected"), ordering="expected_on")
    def expected(self, row: PurchaseOrder) -> str:
        if row.expected_on is None or row.state in ("received", "canceled"):
            return "–"
        day = date_format(row.expected_on, "SHORT_DATE_FORMAT")
        is_late = row.state == "ordered" and row.expected_on < now().date()
        return chip(_("Late: %(day)s") % {"day": day}, "danger", "clock") if is_late else day

    @admin.display(description=_("total"))
    def figure_total(self, row: Any) -> str:
        return amount(row.total or 0, row.currency)

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, row: PurchaseOrder) -> str:
        return when(row.created_at)

    @page_action(
        description=_("Draft an order"),
        icon="add_shopping_cart",
        permission="purchase.edit",
        url_path="draft",
        primary=True,
    )
    def draft_page(self, request: HttpRequest) -> HttpResponse:
        person = person_of(request)
        uid = request.session.setdefault("purchase_order", str(new_uid()))  # two clicks are one order

        def run(data: dict[str, Any]) -> HttpResponse:
            rate: Decimal | None = data.pop("rate")
            units = parse_units(data.pop("items"), supplier=data["supplier"])
            rate_ppm = None if rate is None else int(rate * 1_000_000)
            order = draft_purchase_order(**data, units=units, rate_ppm=rate_ppm, uid=uid, person=person, at=now())
            request.session.pop("purchase_order", None)
            messages.success(request, str(_("%(number)s is drafted.") % {"number": order.number}))
            return HttpResponseRedirect(address(order))

        initial = {name: request.GET.get(name, "") for name in ("supplier", "location", "items")}
        return ask(
            self,
            request,
            None,
            title=_("Draft a purchase order"),
            explain=_("Nothing is ordered yet: look at the draft, then place it with the supplier."),
            form=lambda data: PurchaseOrderForm(data, person=person, initial=initial),
            button=_("Draft"),
            run=run,
        )

    def _order(self, request: HttpRequest, object_id: str) -> PurchaseOrder:
        if not self.has_view_permission(request):
            raise PermissionDenied
        order: PurchaseOrder = find(self, request, object_id)
        return order

    def _sheet(self, name: str, request: HttpRequest, object_id: str) -> HttpResponse:
        return purchase_sheets.SHEETS.answer(name, self.admin_site, request, self._order(request, object_id))

    def print_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        order = self._order(request, object_id)
        _demand_prices(request)
        return purchase_page.print_of(request, order)

    def csv_file(self, request: HttpRequest, object_id: str) -> HttpResponse:
        order = self._order(request, object_id)
        _demand_prices(request)
        return purchase_page.csv_of(order)

    def order_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        order = self._order(request, object_id)

        def run(data: dict[str, Any]) -> Any:
            place_purchase_order(order.uid, person=person_of(request), at=now())
            return _("%(number)s is ordered. Print it, or send the file to %(supplier)s.") % facts

        facts = {"number": order.number, "supplier": order.supplier.name}
        return ask(
            self,
            request,
            None,
            title=_("Order %(number)s") % facts,
            explain=_("From now on its goods are expected, and the order cannot be changed any more."),
            button=_("Order"),
            run=run,
            back=address(order),
        )

    def closing_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        order = self._order(request, object_id)

        def run(data: dict[str, Any]) -> Any:
            close_purchase_order(order.uid, person=person_of(request), at=now(), **data)
            return _("%(number)s is closed. Nothing of it is expected any more.") % {"number": order.number}

        return ask(
            self,
            request,
            None,
            title=_("Close %(number)s") % {"number": order.number},
            explain=_("What has not come is not expected any more. What has come stays."),
            form=CloseForm,
            button=_("Close"),
            run=run,
            back=address(order),
        )

    def cancellation_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        order = self._order(request, object_id)

        def run(data: dict[str, Any]) -> Any:
            cancel_purchase_order(order.uid, person=person_of(request), at=now())
            return _("%(number)s is canceled.") % {"number": order.number}

        return ask(
            self,
            request,
            None,
            title=_("Cancel %(number)s") % {"number": order.number},
            button=_("Cancel the draft"),
            danger=True,
            run=run,
            back=address(order),
        )


def _demand_prices(request: HttpRequest) -> None:
    if not person_of(request).has_perm("purchase.edit"):
        raise PermissionDenied
