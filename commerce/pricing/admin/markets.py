"""Markets and tax rates."""

from typing import Any

from babel import Locale
from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AllValuesCheckboxFilter

from commerce.office.base import OfficeAdmin
from commerce.office.columns import amount, chip, link
from commerce.pricing.admin.amounts import AmountField, AmountsMixin
from commerce.pricing.models import Market, TaxRate

COUNTRIES = frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha())


def check_country(code: str) -> str:
    """The ISO 3166 code in capitals. ValidationError when there is no such country."""
    tidy = code.strip().upper()
    if tidy not in COUNTRIES:
        raise forms.ValidationError(_("“%s” is no country. Use its code of two letters, e.g. DE.") % code)
    return tidy


class MarketForm(AmountsMixin, forms.ModelForm[Market]):  # type: ignore[misc]
    amounts = {
        "shipping": "shipping_minor",
        "free_from": "free_shipping_from_minor",
        "coin": "cash_step_minor",
    }
    shipping = AmountField(label=_("Shipping fee"), required=False)
    free_from = AmountField(label=_("Free shipping from"), required=False, help_text=_("Empty: never free."))
    coin = AmountField(label=_("Smallest coin"), help_text=_("Cash totals are rounded to it."))

    class Meta:
        model = Market
        fields = ("name", "code", "countries", "price_list", "prices_include_tax", "is_default")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill(self.instance.price_list.currency if self.instance.pk else None)

    def clean_countries(self) -> list[str]:
        return [check_country(code) for code in self.cleaned_data["countries"]]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("price_list"):
            self.read(data, data["price_list"].currency, self.add_error)
        if not self.errors and self.instance.cash_step_minor < 1:
            self.add_error("coin", _("The smallest coin is worth at least one minor unit, e.g. 0.01."))
        return data


@admin.register(Market)
class MarketAdmin(OfficeAdmin):
    form = MarketForm
    list_display = ("name", "code", "country_codes", "list_link", "tax_chip", "figure_shipping", "default_chip")
    list_select_related = ("price_list",)
    ordering = ("-is_default", "name")
    fieldsets = (
        (None, {"fields": (("name", "code"), "countries", "is_default")}),
        (_("Prices"), {"fields": ("price_list", "prices_include_tax", "coin")}),
        (_("Shipping"), {"fields": (("shipping", "free_from"),)}),
    )

    @admin.display(description=_("countries"))
    def country_codes(self, row: Market) -> str:
        return ", ".join(row.countries)

    @admin.display(description=_("price list"), ordering="price_list__name")
    def list_link(self, row: Market) -> str:
        return link(row.price_list)

    @admin.display(description=_("prices"), ordering="prices_include_tax")
    def tax_chip(self, row: Market) -> str:
        return chip(_("With tax") if row.prices_include_tax else _("Without tax"))

    @admin.display(description=_("shipping fee"), ordering="shipping_minor")
    def figure_shipping(self, row: Market) -> str:
        return amount(row.shipping_minor, row.currency)

    @admin.display(description=_("default"), ordering="is_default")
    def default_chip(self, row: Market) -> str:
        return chip(_("Default"), "accent") if row.is_default else "–"


class TaxRateForm(forms.ModelForm[TaxRate]):
    percent = forms.DecimalField(
        label=_("Rate in percent"), min_value=0, max_value=100, max_digits=7, decimal_places=4, localize=True
    )

    class Meta:
        model = TaxRate
        fields = ("country", "region", "tax_class", "code", "name", "valid_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["percent"] = f"{self.instance.rate_ppm / 10_000:g}"

    def clean_country(self) -> str:
        return check_country(self.cleaned_data["country"])

    def clean_percent(self) -> Any:
        percent = self.cleaned_data["percent"]
        self.instance.rate_ppm = int(percent * 10_000)
        return percent


@admin.register(TaxRate)
class TaxRateAdmin(OfficeAdmin):
    form = TaxRateForm
    list_display = ("name", "country", "region", "tax_class", "figure_rate", "valid_from", "code")
    list_filter = (("country", AllValuesCheckboxFilter), ("tax_class", AllValuesCheckboxFilter))
    search_fields = ("name", "code", "region")
    search_help_text = _("Name, code or state")
    ordering = ("country", "region", "tax_class", "-valid_from")
    fields = (("name", "code"), ("country", "region"), ("tax_class", "percent"), "valid_from")

    @admin.display(description=_("rate"), ordering="rate_ppm")
    def figure_rate(self, row: TaxRate) -> str:
        return f"{row.rate_ppm / 10_000:g} %"
