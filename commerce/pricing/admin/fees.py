"""Fees and deposits, charged per unit beside the price of goods."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesCheckboxFilter

from commerce.kernel.money import minor_digits
from commerce.office.base import OfficeAdmin
from commerce.office.columns import amount, chip, stacked
from commerce.pricing import places
from commerce.pricing.admin.amounts import AmountField, AmountsMixin
from commerce.pricing.admin.countries import check_country, check_state
from commerce.pricing.models import Fee


class FeeForm(AmountsMixin, forms.ModelForm[Fee]):  # type: ignore[misc]
    amounts = {"each": "amount_minor"}
    each = AmountField(label=_("Amount for each unit"))

    class Meta:
        model = Fee
        fields = (
            "label", "code", "kind", "currency", "tax_class", "country", "region", "variants", "categories",
            "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill(self.instance.currency if self.instance.pk else None)

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].strip().upper()
        try:
            minor_digits(currency)
        except ValueError:
            raise forms.ValidationError(_("“%s” is no currency. Use its ISO code, e.g. USD.") % currency) from None
        return currency

    def clean_country(self) -> str:
        country = self.cleaned_data["country"]
        return check_country(country) if country.strip() else ""

    def clean_region(self) -> str:
        return check_state(self.cleaned_data.get("country", ""), self.cleaned_data["region"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("currency"):
            self.read(data, data["currency"], self.add_error)
        if data.get("region") and not data.get("country"):
            self.add_error("country", _("Say in which country this state is."))
        if not self.errors and not data.get("variants") and not data.get("categories"):
            self.add_error(None, _("Choose the variants or categories for which it is charged."))
        return data


@admin.register(Fee)
class FeeAdmin(OfficeAdmin):
    form = FeeForm
    list_display = ("label", "kind_chip", "figure_each", "charged_for", "charged_in", "tax", "active_chip")
    list_filter = (("kind", ChoicesCheckboxFilter),)
    search_fields = ("label", "code")
    ordering = ("label",)
    autocomplete_fields = ("variants", "categories")
    fieldsets = (
        (None, {"fields": (("label", "code"), ("kind", "is_active"), ("each", "currency"), "tax_class")}),
        (_("For which goods"), {"fields": ("variants", "categories")}),
        (_("Where"), {"fields": (("country", "region"),)}),
    )
    when_empty = _("A deposit on bottles or an eco fee stands on receipts as a line of its own.")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        counted = {"of_variants": Count("variants", distinct=True), "of_categories": Count("categories", distinct=True)}
        return super().get_queryset(request).annotate(**counted)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_chip(self, row: Fee) -> str:
        return chip(row.get_kind_display(), "accent" if row.kind == Fee.Kind.DEPOSIT else "")

    @admin.display(description=_("for each"), ordering="amount_minor")
    def figure_each(self, row: Fee) -> str:
        return amount(row.amount_minor, row.currency)

    @admin.display(description=_("goods"))
    def charged_for(self, row: Any) -> str:
        told = [
            (row.of_variants, ngettext("%(n)s variant", "%(n)s variants", row.of_variants)),
            (row.of_categories, ngettext("%(n)s category", "%(n)s categories", row.of_categories)),
        ]
        return stacked(text % {"n": count} for count, text in told if count) or "–"

    @admin.display(description=_("where"), ordering="country")
    def charged_in(self, row: Fee) -> str:
        place = places.Jurisdiction(row.country, row.region)
        return places.said([str(place)])[0] if row.country else str(_("Everywhere"))

    @admin.display(description=_("tax class"), ordering="tax_class")
    def tax(self, row: Fee) -> str:
        return row.tax_class or str(_("Not taxed"))

    @admin.display(description=_("active"), ordering="is_active")
    def active_chip(self, row: Fee) -> str:
        return chip(_("Active"), "positive") if row.is_active else chip(_("Off"))
