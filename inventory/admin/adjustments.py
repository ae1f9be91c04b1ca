"""Adjustments by hand, and what they and the counts come to: lost and found by reason and by person."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter, RelatedDropdownFilter

from commerce.catalog.units import Measured
from commerce.company.models import Location, User
from commerce.kernel.clock import now
from commerce.office import access
from commerce.office.base import HistoryAdmin, person_of
from commerce.office.columns import amount, figure, link, name_of, signed, when
from commerce.office.filters import ValuesFilter
from inventory import shrink
from inventory.adjustments import CHOICES, REASONS
from inventory.admin.sources import variants_like
from inventory.costs import company_currency
from inventory.models import StockAdjustment, StockMovement

DAYS = 30


class ReasonFilter(ValuesFilter):
    title, parameter_name, field = _("reason"), "reason", "reason"

    def choices_of(self) -> list[tuple[str, Any]]:
        return list(CHOICES)


class PeriodForm(forms.Form):
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    location = forms.ModelChoiceField(
        label=_("Location"), queryset=Location.objects.none(), required=False, empty_label=_("All locations")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("This day is before the first one."))
        return data


@admin.register(StockAdjustment)
class StockAdjustmentAdmin(HistoryAdmin):
    location_path = "level__location"
    source_types = ("adjustment",)
    list_display = ("at", "sku", "place", "why", "figure_units", "figure_damaged", "figure_value", "note", "by")
    list_display_links = None
    list_select_related = ("level__variant", "level__location", "person")
    list_filter = (
        ReasonFilter,
        ("level__location", RelatedDropdownFilter),
        ("person", RelatedDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    views = ((_("Damaged"), "reason=damaged"), (_("Lost or stolen"), "reason=lost"))
    search_fields = ("note",)
    search_help_text = _("SKU, product or note")
    ordering = ("-pk",)

    def get_urls(self) -> list[Any]:
        return [path("shrink/", self.admin_site.admin_view(self.shrink_page), name="stock-shrink"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        moved = StockMovement.objects.filter(source_uid=OuterRef("uid"), level=OuterRef("level"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                quantity=Subquery(moved.values("quantity")[:1]),
                damaged=Subquery(moved.values("damaged")[:1]),
                value_minor=Subquery(moved.values("value_minor")[:1]),
                currency=Value(company_currency() or "USD"),
            )
        )

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[StockAdjustment]", search_term: str
    ) -> tuple["QuerySet[StockAdjustment]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        by_item = queryset.filter(level__variant__in=variants_like(term).values("pk"))
        return by_item | queryset.filter(note__icontains=term), False

    def shrink_page(self, request: HttpRequest) -> HttpResponse:
        """Totals of a period, by reason and by person."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "title": _("Shrink"), "opts": self.opts}
        return TemplateResponse(request, "office/stock_shrink.html", {**context, **_shrink(request)})

    @admin.display(description=_("at"), ordering="created_at")
    def at(self, row: StockAdjustment) -> str:
        return when(row.created_at)

    @admin.display(description=_("SKU"), ordering="level__variant__sku_key")
    def sku(self, row: StockAdjustment) -> str:
        return link(row.level, row.level.variant.sku)

    @admin.display(description=_("location"), ordering="level__location__position")
    def place(self, row: StockAdjustment) -> str:
        return row.level.location.name

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, row: StockAdjustment) -> str:
        return reason_of(row.reason)

    @admin.display(description=_("on hand"), ordering=F("quantity"))
    def figure_units(self, row: Any) -> str:
        return _change(row.quantity, row.level.variant)

    @admin.display(description=_("damaged"), ordering=F("damaged"))
    def figure_damaged(self, row: Any) -> str:
        return _change(row.damaged, row.level.variant)

    @admin.display(description=_("value"), ordering=F("value_minor"))
    def figure_value(self, row: Any) -> str:
        return amount(row.value_minor, row.currency)

    @admin.display(description=_("by"))
    def by(self, row: StockAdjustment) -> str:
        return name_of(row.person)


def _shrink(request: HttpRequest) -> dict[str, Any]:
    person = person_of(request)
    bound = access.bound_to(person)
    form = _period(request, bound)
    found: dict[str, Any] = {"form": form, "currency": company_currency() or "USD", "reasons": [], "people": []}
    if not form.is_valid():
        return found
    since, until = _midnight(form.cleaned_data["since"]), _midnight(form.cleaned_data["until"] + timedelta(days=1))
    place = form.cleaned_data["location"]
    places = [place.pk] if place else bound or None
    reasons = shrink.by_reason(since, until, places)
    people = shrink.by_person(since, until, places)
    names = User.objects.in_bulk([row.key for row in people if row.key])
    found["reasons"] = [(reason_of(row.key), row) for row in reasons]
    found["people"] = [(name_of(names[row.key]) if row.key else _("The system"), row) for row in people]
    found["lost"] = sum(row.lost_minor for row in reasons)
    found["found"] = sum(row.found_minor for row in reasons)
    found["net"] = found["found"] - found["lost"]
    return found


def _period(request: HttpRequest, bound: list[int]) -> PeriodForm:
    """The form as it was sent, or with the last month."""
    today = timezone.localtime(now()).date()
    usual = {"since": (today - timedelta(days=DAYS - 1)).isoformat(), "until": today.isoformat()}
    form = PeriodForm({**usual, **{name: text for name, text in request.GET.items() if text}})
    places = Location.objects.exclude(kind=Location.Kind.TRANSIT)
    field: Any = form.fields["location"]
    field.queryset = places.filter(pk__in=bound) if bound else places
    return form


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def reason_of(code: str) -> str:
    """What people call a reason, also one that is not offered any more."""
    if code == shrink.COUNTED:
        return str(_("Stock count"))
    if code == shrink.ON_THE_WAY:
        return str(_("Lost on the way"))
    return str(REASONS[code].label) if code in REASONS else code or str(_("Without a reason"))


def _change(value: int | None, of: Measured) -> str:
    if value is None:
        return "–"
    return figure(signed(value, of), "danger" if value < 0 else "")
