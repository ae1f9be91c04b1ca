"""Tax rates, the areas of postal codes, and the page that says what is charged where."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AllValuesCheckboxFilter, DropdownFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from commerce.kernel.clock import now
from commerce.office.base import OfficeAdmin
from commerce.office.columns import chip, figure
from commerce.pricing import places
from commerce.pricing.admin import charged
from commerce.pricing.admin.countries import check_country, check_state
from commerce.pricing.models import TaxArea, TaxRate
from commerce.pricing.places import Jurisdiction, tidy_postal_code


class PlaceForm:
    """The fields of a place, tidied: codes in capitals."""

    cleaned_data: dict[str, Any]

    def clean_country(self) -> str:
        return check_country(self.cleaned_data["country"])

    def clean_region(self) -> str:
        return check_state(self.cleaned_data.get("country", ""), self.cleaned_data["region"])


class TaxRateForm(PlaceForm, forms.ModelForm[TaxRate]):
    percent = forms.DecimalField(
        label=_("Rate in percent"),
        min_value=0,
        max_value=100,
        max_digits=7,
        decimal_places=4,
        localize=True,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
    )

    class Meta:
        model = TaxRate
        fields = (
            "country", "region", "locality", "tax_class", "code", "name", "is_compound", "valid_from", "valid_until",
        )  # fmt: skip
        help_texts = {
            "region": _("The state's code, e.g. CA; empty for the whole country."),
            "locality": _("County, city or district, as tax areas name it: ALAMEDA or ALAMEDA/OAKLAND."),
            "tax_class": _("standard counts for every class without a rate of its own; zero and exempt stand alone."),
            "code": _("The same tax has one code. A city's row replaces the county's of the same code; others add up."),
            "valid_until": _("Empty: until another rate of this code begins."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["percent"] = f"{self.instance.rate_ppm / 10_000:g}"

    def clean_locality(self) -> str:
        return " ".join(str(self.cleaned_data["locality"]).upper().split())

    def clean_percent(self) -> Any:
        percent = self.cleaned_data["percent"]
        self.instance.rate_ppm = int(percent * 10_000)
        return percent

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day lies before the first."))
        return data


class InForceFilter(DropdownFilter):
    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("Today")), ("later", _("Later")), ("ended", _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        today = now().date()
        ended = Q(valid_until__lt=today) | Q(next_from__lte=today)
        of = {"now": Q(valid_from__lte=today) & ~ended, "later": Q(valid_from__gt=today), "ended": ended}
        return queryset.filter(of[self.value() or ""]) if self.value() in of else queryset


class SizeFilter(DropdownFilter):
    title = _("place")
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("country", _("Countries")), ("state", _("States")), ("local", _("Counties, cities, districts"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        of = {"country": Q(region="", locality=""), "state": Q(locality="") & ~Q(region=""), "local": ~Q(locality="")}
        return queryset.filter(of.get(self.value() or "", Q()))


@admin.register(TaxRate)
class TaxRateAdmin(OfficeAdmin):
    form = TaxRateForm
    list_display = ("name", "place", "tax_class", "figure_rate", "days", "code")
    list_filter = (
        ("country", AllValuesCheckboxFilter),
        SizeFilter,
        ("tax_class", AllValuesCheckboxFilter),
        InForceFilter,
    )
    search_fields = ("name", "code", "region", "locality")
    search_help_text = _("Name, code, state, county or city")
    ordering = ("country", "region", "locality", "tax_class", "-valid_from")
    list_before_template = "office/tax_rates_before.html"
    fieldsets = (
        (None, {"fields": (("name", "code"), ("tax_class", "percent"), "is_compound")}),
        (_("Where"), {"fields": (("country", "region"), "locality")}),
        (_("When"), {"fields": (("valid_from", "valid_until"),)}),
    )

    def get_urls(self) -> list[Any]:
        page = path("charged/", self.admin_site.admin_view(self.charged_page), name="tax-charged")
        return [page, *super().get_urls()]

    def charged_page(self, request: HttpRequest) -> HttpResponse:
        """What is charged at an address on a day, and why."""
        return charged.page(self, request, at=now())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        more = {"gaps": charged.gaps(now().date()), "charged_url": reverse("admin:tax-charged")}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """With the day on which the next rate of the same tax takes over."""
        same = {name: OuterRef(name) for name in ("country", "region", "locality", "tax_class", "code")}
        later = TaxRate.objects.filter(**same, valid_from__gt=OuterRef("valid_from")).order_by("valid_from")
        return super().get_queryset(request).annotate(next_from=Subquery(later.values("valid_from")[:1]))

    @admin.display(description=_("place"), ordering="country")
    def place(self, row: TaxRate) -> str:
        return places.said([str(Jurisdiction(row.country, row.region, row.locality))])[0]

    @admin.display(description=_("rate"), ordering="rate_ppm")
    def figure_rate(self, row: TaxRate) -> str:
        return figure(f"{row.rate_ppm / 10_000:g} %")

    @admin.display(description=_("days"), ordering="valid_from")
    def days(self, row: Any) -> str:
        until = [day for day in (row.valid_until, row.next_from and row.next_from - timedelta(1)) if day]
        return charged.days_of(row.valid_from, min(until, default=None), now().date())


class TaxAreaForm(PlaceForm, forms.ModelForm[TaxArea]):
    class Meta:
        model = TaxArea
        fields = ("country", "region", "postal_prefix", "localities")
        help_texts = {
            "postal_prefix": _("97205, or 972 for all codes that begin so. Of several that fit, the longest counts."),
            "localities": _("With commas, as tax rates name them: ALAMEDA, ALAMEDA/OAKLAND."),
        }

    def clean_postal_prefix(self) -> str:
        code = tidy_postal_code("", self.cleaned_data["postal_prefix"])
        if not code:
            raise forms.ValidationError(_("Enter a postal code, or how it begins."))
        return code

    def clean_localities(self) -> list[str]:
        return sorted({" ".join(text.upper().split()) for text in self.cleaned_data["localities"] if text.strip()})


@admin.register(TaxArea)
class TaxAreaAdmin(OfficeAdmin):
    form = TaxAreaForm
    list_display = ("postal_prefix", "place", "leads_to", "known")
    list_filter = (("country", AllValuesCheckboxFilter),)
    search_fields = ("postal_prefix__startswith", "region__iexact")
    search_help_text = _("Postal code, how it begins, or a state")
    ordering = ("country", "region", "postal_prefix")
    fields = (("country", "region"), "postal_prefix", "localities")
    when_empty = _("An area says which county, city and district a postal code lies in. Tables by ZIP code bring them.")

    def gather(self, rows: Sequence[Any]) -> None:
        """Which of the localities on this page have rates."""
        named = {(row.country, row.region, locality) for row in rows for locality in row.localities}
        found = TaxRate.objects.filter(locality__in={locality for _c, _r, locality in named})
        self._taxed = set(found.values_list("country", "region", "locality"))

    @admin.display(description=_("where"), ordering="region")
    def place(self, row: TaxArea) -> str:
        return places.said([str(Jurisdiction(row.country, row.region))])[0]

    @admin.display(description=_("lies in"))
    def leads_to(self, row: TaxArea) -> str:
        return ", ".join(" – ".join(part.title() for part in locality.split("/")) for locality in row.localities)

    @admin.display(description=_("rates"))
    def known(self, row: TaxArea) -> str:
        missing = [text for text in row.localities if (row.country, row.region, text) not in self._taxed]
        if not missing:
            return chip(_("Known"), "positive")
        if len(missing) == len(row.localities):
            return chip(_("No local tax"))
        told = {"n": len(row.localities) - len(missing), "all": len(row.localities)}
        return chip(_("%(n)s of %(all)s have rates") % told)
