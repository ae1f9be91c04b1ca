"""Transfers: the list, the page of one, and the sheets on which they are approved, packed and unpacked."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from commerce.cases.models import Case
from commerce.catalog.skus import normalize_sku
from commerce.catalog.units import FINEST, number_text
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.office.asking import ask, find
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import address, chip, figure, name_of, when
from commerce.office.filters import ValuesFilter
from inventory import transfer_resolutions
from inventory.actions.cancel_transfer import cancel_transfer
from inventory.actions.report_missing import report_missing
from inventory.actions.request_transfer import request_transfer
from inventory.actions.settle_missing import OUTCOMES
from inventory.admin import transfer_page, transfer_sheets
from inventory.admin.goods_forms import TransferForm
from inventory.models import Transfer, TransferLine
from inventory.quantities import parse_units
from inventory.transit import CASE

TONES = {"requested": "warning", "approved": "accent", "shipped": "accent", "received": "positive", "canceled": "open"}


def is_short() -> Exists:
    """Whether a transfer has an open case about units that did not arrive."""
    return Exists(Case.objects.filter(kind=CASE, status=Case.Status.OPEN, subject=OuterRef("number")))


class MissingFilter(ValuesFilter):
    title, parameter_name, field = _("missing"), "missing", ""

    def choices_of(self) -> list[tuple[str, Any]]:
        return [("yes", _("Units are missing"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        return queryset.filter(is_short()) if self.value() else queryset


@admin.register(Transfer)
class TransferAdmin(HistoryAdmin):
    source_types, source_number = ("transfer",), "number"
    when_empty = _("Request goods from another location, and follow them until they are on the shelf.")
    list_display = ("number", "route", "state_chip", "progress", "expected", "since", "by")
    list_select_related = ("source", "destination", "requested_by")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        MissingFilter,
        ("source", RelatedDropdownFilter),
        ("destination", RelatedDropdownFilter),
    )
    views = (
        (_("To approve"), "state__exact=requested"),
        (_("To ship"), "state__exact=approved"),
        (_("On the way"), "state__exact=shipped"),
        (_("Missing"), "missing=yes"),
        (_("Received"), "state__exact=received"),
    )
    search_fields = ("number",)
    search_help_text = _("Number or SKU")
    ordering = ("-pk",)
    change_form_template = "office/transfer.html"
    actions_list = ("request_page",)

    def get_urls(self) -> list[Any]:
        sheets = {name: partial(self._sheet, name) for name in transfer_sheets.SHEETS.sheets}
        pages: dict[str, Callable[..., HttpResponse]] = {
            **sheets,
            "missing": self.missing_page,
            "cancellation": self.cancellation_page,
        }
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(page), name=f"inventory_transfer_{name}")
            for name, page in pages.items()
        ]
        settle = self.admin_site.admin_view(self.settle_page)
        named = path("<path:object_id>/missing/<slug:outcome>/", settle, name="inventory_transfer_settle")
        return [named, *own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        done = F("lines__received") + F("lines__returned") + F("lines__written_off")
        each = FINEST / F("lines__variant__unit_scale")
        sums = {
            "wanted": Sum(F("lines__requested") * each),
            "sent": Sum(F("lines__shipped") * each),
            "done": Sum(done * each),
        }
        return super().get_queryset(request).annotate(**sums, is_short=is_short())

    def of_places(self, rows: "QuerySet[Any]", places: Sequence[int]) -> "QuerySet[Any]":
        return rows.filter(Q(source__in=places) | Q(destination__in=places))

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Transfer]", search_term: str
    ) -> tuple["QuerySet[Transfer]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        having = TransferLine.objects.filter(variant__sku_key=normalize_sku(term).value or None).values("transfer")
        return queryset.filter(Q(number__iendswith=term) | Q(number__istartswith=term) | Q(pk__in=having)), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        transfer = self.get_object(request, object_id)
        more = transfer_page.context_of(transfer, person_of(request)) if transfer else {}
        if transfer:
            more["chips"] = self.state_chip(transfer)
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("from and to"), ordering="source__position")
    def route(self, row: Transfer) -> str:
        return format_html("{} → {}", row.source.name, row.destination.name)

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: Any) -> str:
        shown = chip(row.get_state_display(), TONES[row.state])
        return format_html("{} {}", shown, chip(_("Missing"), "danger", "triangle-alert")) if row.is_short else shown

    @admin.display(description=_("units"))
    def progress(self, row: Any) -> str:
        if row.state in ("shipped", "received"):
            parts = {"done": number_text(row.done or 0, FINEST), "sent": number_text(row.sent or 0, FINEST)}
            return str(_("%(done)s of %(sent)s") % parts)
        return figure(number_text(row.wanted or 0, FINEST))

    @admin.display(description=_("expected"), ordering="expected_on")
    def expected(self, row: Transfer) -> str:
        if row.expected_on is None or row.state in ("received", "canceled"):
            return "–"
        day = date_format(row.expected_on, "SHORT_DATE_FORMAT")
        return chip(_("Late: %(day)s") % {"day": day}, "danger", "clock") if row.expected_on < _today() else day

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, row: Transfer) -> str:
        return when(row.created_at)

    @admin.display(description=_("by"))
    def by(self, row: Transfer) -> str:
        return name_of(row.requested_by)

    @page_action(
        description=_("Request a transfer"),
        icon="swap_horiz",
        permission="transfer.request",
        url_path="request",
        primary=True,
    )
    def request_page(self, request: HttpRequest) -> HttpResponse:
        uid = request.session.setdefault("transfer", str(new_uid()))  # two clicks are one request

        def run(data: dict[str, Any]) -> HttpResponse:
            units = parse_units(data.pop("items"))
            transfer = request_transfer(**data, units=units, uid=uid, person=person_of(request), at=now())
            request.session.pop("transfer", None)
            messages.success(request, str(_("%(number)s is requested.") % {"number": transfer.number}))
            return HttpResponseRedirect(address(transfer))

        initial = {name: request.GET.get(name, "") for name in ("source", "destination", "items")}
        return ask(
            self,
            request,
            None,
            title=_("Request a transfer"),
            explain=_("The sender approves it, which sets the goods aside there. Then they are shipped and received."),
            form=lambda data: TransferForm(data, initial=initial),
            button=_("Request"),
            run=run,
        )

    def _transfer(self, request: HttpRequest, object_id: str) -> Transfer:
        if not self.has_view_permission(request):
            raise PermissionDenied
        transfer: Transfer = find(self, request, object_id)
        return transfer

    def _sheet(self, name: str, request: HttpRequest, object_id: str) -> HttpResponse:
        return transfer_sheets.SHEETS.answer(name, self.admin_site, request, self._transfer(request, object_id))

    def missing_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        transfer = self._transfer(request, object_id)

        def run(data: dict[str, Any]) -> Any:
            count = report_missing(transfer.uid, person=person_of(request), at=now())
            return _("%(n)s missing units are a case now. They stay on the way until it is settled.") % {"n": count}

        return ask(
            self,
            request,
            None,
            title=_("Units of %(number)s are missing") % {"number": transfer.number},
            explain=_("Everything that came is received, and the rest will not come by itself. A case is opened for the"
                      " manager of %(place)s, who finds out what became of it.") % {"place": transfer.destination.name},
            button=_("Open a case"),
            run=run,
            back=address(transfer),
        )  # fmt: skip

    def settle_page(self, request: HttpRequest, object_id: str, outcome: str) -> HttpResponse:
        transfer = self._transfer(request, object_id)
        if outcome not in OUTCOMES:
            raise Http404
        made = transfer_resolutions.form_of(transfer)

        def run(data: dict[str, Any]) -> Any:
            person = person_of(request)
            return transfer_resolutions.settle(transfer, outcome, data, person=person, at=now())

        return ask(
            self,
            request,
            None,
            title=f"{transfer.number}: {OUTCOMES[outcome][0]}",
            explain=transfer_resolutions.EXPLAIN[outcome],
            form=made,
            button=_("Book it"),
            danger=outcome == "lost",
            run=run,
            back=address(transfer),
        )

    def cancellation_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        transfer = self._transfer(request, object_id)

        def run(data: dict[str, Any]) -> Any:
            cancel_transfer(transfer.uid, person=person_of(request), at=now())
            return _("%(number)s is canceled. What was set aside is free again.") % {"number": transfer.number}

        return ask(
            self,
            request,
            None,
            title=_("Cancel %(number)s") % {"number": transfer.number},
            explain=_("Nothing is sent. What was set aside at %(place)s is free again.")
            % {"place": transfer.source.name},
            button=_("Cancel the transfer"),
            danger=True,
            run=run,
            back=address(transfer),
        )


def _today() -> date:
    return now().date()
