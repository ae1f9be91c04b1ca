"""Shifts with what their drawers should hold, what was counted, and the difference."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter, RelatedDropdownFilter

from commerce.kernel.clock import now
from commerce.kernel.money import Money
from commerce.office.asking import ask, find
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import amount, chip, figure, link, moment, name_of, when
from commerce.office.filters import ValuesFilter
from orders import tenders
from pos.actions.record_batch import record_batch
from pos.models import CashMovement, Sale, Shift


class OpenFilter(ValuesFilter):
    title, parameter_name, field = _("shift"), "open", ""

    def choices_of(self) -> list[tuple[str, Any]]:
        return [("yes", _("Open")), ("no", _("Closed")), ("off", _("Closed with a difference"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if self.value() == "off":
            return queryset.exclude(closed_at=None).exclude(counted_minor=F("expected_minor"))
        return queryset.filter(closed_at__isnull=self.value() == "yes") if self.value() else queryset


class BatchForm(forms.Form):
    total = forms.DecimalField(label=_("Total of the slip"), max_digits=14, decimal_places=2, localize=True)


@admin.register(Shift)
class ShiftAdmin(HistoryAdmin):
    location_path = "register__location"
    source_types = ("shift",)
    list_display = (
        "register_name", "place", "opened", "opened_by_name", "closed", "figure_sales", "figure_expected",
        "figure_counted", "figure_difference",
    )  # fmt: skip
    list_select_related = ("register__location", "opened_by", "closed_by")
    list_filter = (OpenFilter, ("register__location", RelatedDropdownFilter), ("opened_at", RangeDateTimeFilter))
    views = ((_("Open"), "open=yes"), (_("With a difference"), "open=off"))
    search_fields = ("register__code", "register__name", "opened_by__first_name", "opened_by__last_name")
    search_help_text = _("Register or person")
    ordering = ("-opened_at",)
    change_form_template = "office/shift.html"
    actions_detail = ("batch_page",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """With the number of sales, and what an open drawer should hold now."""
        sales = Sale.objects.filter(shift=OuterRef("pk")).order_by().values("shift").annotate(n=Count("pk")).values("n")
        cash = CashMovement.objects.filter(shift=OuterRef("pk")).order_by().values("shift")
        in_drawer = cash.annotate(sum=Sum("amount_minor")).values("sum")
        rows = super().get_queryset(request)
        return rows.annotate(sale_count=Coalesce(Subquery(sales), 0), in_drawer=Coalesce(Subquery(in_drawer), 0))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shift = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if shift:
            movements = shift.cash_movements.select_related("actor", "payment__order").order_by("-pk")[:100]
            more = {"shift": shift, "movements": movements, "expected": _expected(shift)}
            more["batches"] = [(row, _tender(row.tender)) for row in shift.batches.order_by("tender", "card_type")]
            more["heading"] = f"{shift.register.name}, {moment(shift.opened_at)}"
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @page_action(
        description=_("Type the card machine's total"), icon="credit_score", permission="batch.record", url_path="batch"
    )
    def batch_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the slip of the store's own card machine says, held against what the till recorded by it."""
        shift = find(self, request, object_id)

        def run(data: dict[str, Any]) -> str:
            total = Money.from_decimal(data["total"], shift.currency)
            row = record_batch(shift.pk, total_minor=total.minor, person=person_of(request), at=now())
            if not row.difference_minor:
                return str(_("The card machine and the till agree."))
            off = Money(row.difference_minor, row.currency).format()
            return str(_("The card machine differs from the till by %(off)s; a case was opened.") % {"off": off})

        return ask(
            self,
            request,
            shift,
            title=_("Type the card machine's total"),
            explain=_(
                "What the batch slip says in all: sales less refunds. It is compared with what the till recorded."
            ),
            form=BatchForm,
            button=_("Compare"),
            run=run,
        )

    @admin.display(description=_("register"), ordering="register__code")
    def register_name(self, row: Shift) -> str:
        return row.register.name

    @admin.display(description=_("location"), ordering="register__location__position")
    def place(self, row: Shift) -> str:
        return link(row.register.location, row.register.location.name)

    @admin.display(description=_("opened"), ordering="opened_at")
    def opened(self, row: Shift) -> str:
        return when(row.opened_at)

    @admin.display(description=_("by"))
    def opened_by_name(self, row: Shift) -> str:
        return name_of(row.opened_by)

    @admin.display(description=_("closed"), ordering="closed_at")
    def closed(self, row: Shift) -> str:
        return when(row.closed_at) if row.closed_at else chip(_("Open"), "positive")

    @admin.display(description=_("sales"))
    def figure_sales(self, row: Any) -> str:
        return figure(row.sale_count)

    @admin.display(description=_("expected"))
    def figure_expected(self, row: Any) -> str:
        return amount(_expected(row), row.currency)

    @admin.display(description=_("counted"))
    def figure_counted(self, row: Shift) -> str:
        return amount(row.counted_minor, row.currency)

    @admin.display(description=_("over or short"))
    def figure_difference(self, row: Shift) -> str:
        if row.counted_minor is None or row.expected_minor is None:
            return "–"
        difference = row.counted_minor - row.expected_minor
        return amount(difference, row.currency) if difference else figure(0)


def _tender(code: str) -> Any:
    known = tenders.registry().get(code)
    return known.label if known else code


def _expected(shift: Any) -> int:
    """As counted against when it was closed; until then, the sum of the drawer's movements."""
    return shift.in_drawer if shift.expected_minor is None else shift.expected_minor
