"""Markets and what other currencies are worth."""

from collections.abc import Iterable
from decimal import Decimal
from importlib import import_module
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AllValuesCheckboxFilter
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelect2Widget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.money import InvalidAmount, minor_digits, parse_money
from commerce.office.base import OfficeAdmin
from commerce.office.columns import amount, chip, figure, link
from commerce.pricing import currencies, list_changes, tax_providers
from commerce.pricing.admin.amounts import AmountField, AmountsMixin
from commerce.pricing.admin.countries import check_country
from commerce.pricing.models import ExchangeRate, Market


def _rooms(paths: Iterable[str], name: str) -> list[Any]:
    """What rooms that settings list offer: the apps above are known by those strings alone."""
    return [getattr(import_module(path), name) for path in paths]


def tenders() -> list[tuple[str, Any]]:
    """(code, label) of every means of payment; those of the same name with where they are used."""
    found = [one for one in _rooms(settings.TENDERS, "TENDER") if one.at_till or one.at_shop]
    twice = [one.label for one in found if [other.label for other in found].count(one.label) > 1]
    where = {True: _("%s in stores"), False: _("%s on the web")}
    return [(one.code, where[one.at_till] % one.label if one.label in twice else one.label) for one in found]


def ways() -> list[tuple[str, Any]]:
    """(code, label) of the ways to hand over that a shopper chooses; what is taken along needs no choice."""
    found = _rooms(settings.FULFILLMENT_TYPES, "TYPE")
    return [(one.code, one.label) for one in found if one.ships or one.has_code]


def _boxes(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget, help_text=_("None chosen: all.")
    )


class MarketForm(AmountsMixin, forms.ModelForm[Market]):  # type: ignore[misc]
    amounts = {
        "shipping": "shipping_minor",
        "free_from": "free_shipping_from_minor",
        "coin": "cash_step_minor",
        "gift_cards_most": "gift_cards_most_minor",
    }
    shipping = AmountField(label=_("Shipping fee"), required=False)
    free_from = AmountField(label=_("Free shipping from"), required=False, help_text=_("Empty: never free."))
    coin = AmountField(label=_("Smallest coin"), help_text=_("Cash totals are rounded to it."))
    gift_cards_most = AmountField(
        label=_("On gift cards in one order, at most"),
        required=False,
        help_text=_("Sold on the web. Empty: none. What one card may hold is said with its item."),
    )
    gift_card_offers = forms.CharField(
        label=_("Amounts of gift cards on the web"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Separated by semicolons, e.g. 25; 50; 100. Shoppers may choose another amount, too."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        widget=UnfoldAdminSelect2Widget,
        help_text=_("By its midnight prices, promotions and taxes of the web begin. Stores have their own."),
    )
    tax_provider = forms.ChoiceField(
        label=_("Taxes on the web come from"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=_("Stores use the table. It also answers when a provider does not; such orders are flagged."),
    )
    languages = _boxes(_("Languages of the shop"))
    tenders = _boxes(_("Means of payment"))
    fulfillment_types = _boxes(_("Ways to hand over"))
    margin_floor = forms.DecimalField(
        label=_("Smallest margin in percent"),
        min_value=0,
        max_value=99,
        max_digits=6,
        decimal_places=4,
        localize=True,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
        help_text=_("Selling with less needs a manager. 0: not below cost."),
    )

    class Meta:
        model = Market
        fields = (
            "name", "code", "countries", "price_list", "prices_include_tax", "tax_rounding", "tax_provider",
            "is_default",
            "time_zone", "languages", "card_capture", "tenders", "fulfillment_types", "excluded_products",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill(self.instance.price_list.currency if self.instance.pk else None)
        zones = sorted({*available_timezones(), self.instance.time_zone})
        self._offer("time_zone", [(zone, zone.replace("_", " ")) for zone in zones])
        self._offer("languages", settings.LANGUAGES)
        known = tax_providers.registry()
        usual = known[settings.TAX_PROVIDER].label if settings.TAX_PROVIDER in known else settings.TAX_PROVIDER
        providers = [(code, provider.label) for code, provider in known.items()]
        self._offer("tax_provider", [("", _("As usual: %s") % usual), *providers])
        self._offer("tenders", tenders())
        self._offer("fulfillment_types", ways())
        digits = minor_digits(self.instance.price_list.currency) if self.instance.pk else 2
        amounts = [Decimal(minor).scaleb(-digits).normalize() for minor in self.instance.gift_card_amounts]
        self.initial["gift_card_offers"] = "; ".join(f"{amount:f}" for amount in amounts)
        self.initial["margin_floor"] = f"{self.instance.margin_floor_ppm / 10_000:g}"

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_countries(self) -> list[str]:
        return [check_country(code) for code in self.cleaned_data["countries"]]

    def clean_margin_floor(self) -> Any:
        percent = self.cleaned_data["margin_floor"]
        self.instance.margin_floor_ppm = int(percent * 10_000)
        return percent

    def clean_tenders(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["tenders"]
        countries = self.cleaned_data.get("countries") or []
        stores = Location.objects.filter(is_active=True, kind=Location.Kind.STORE, country__in=countries)
        at_till = {one.code for one in _rooms(settings.TENDERS, "TENDER") if one.at_till}
        if chosen and not at_till & set(chosen) and stores.exists():
            raise forms.ValidationError(_("This market has stores: choose what is taken there, too."))
        return chosen

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("price_list"):
            self.read(data, data["price_list"].currency, self.add_error)
            self._read_offers(data.get("gift_card_offers") or "", data["price_list"].currency)
        if not self.errors and self.instance.cash_step_minor < 1:
            self.add_error("coin", _("The smallest coin is worth at least one minor unit, e.g. 0.01."))
        return data

    def _read_offers(self, text: str, currency: str) -> None:
        try:
            amounts = {parse_money(part, currency).minor for part in text.split(";") if part.strip()}
        except InvalidAmount as error:
            self.add_error("gift_card_offers", str(error))
            return
        if any(minor <= 0 for minor in amounts) or len(amounts) > 8:
            self.add_error("gift_card_offers", _("At most eight amounts, each more than nothing."))
        self.instance.gift_card_amounts = sorted(amounts)


@admin.register(Market)
class MarketAdmin(OfficeAdmin):
    form = MarketForm
    list_display = (
        "name",
        "code",
        "country_codes",
        "list_link",
        "tax_chip",
        "figure_shipping",
        "limits",
        "default_chip",
    )
    list_select_related = ("price_list",)
    ordering = ("-is_default", "name")
    search_fields = ("name", "code")
    autocomplete_fields = ("excluded_products",)
    fieldsets = (
        (None, {"fields": (("name", "code"), "countries", ("time_zone", "languages"), "is_default")}),
        (
            _("Prices"),
            {
                "fields": (
                    "price_list",
                    "prices_include_tax",
                    ("tax_rounding", "tax_provider"),
                    "margin_floor",
                    "excluded_products",
                )
            },
        ),
        (_("Payment"), {"fields": ("tenders", "card_capture", "coin")}),
        (_("Gift cards on the web"), {"fields": (("gift_card_offers", "gift_cards_most"),)}),
        (_("Delivery"), {"fields": ("fulfillment_types", ("shipping", "free_from"))}),
    )

    def save_related(self, request: HttpRequest, form: "forms.ModelForm[Any]", formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        list_changes.announce(form.instance.currency, at=now())

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

    @admin.display(description=_("only"))
    def limits(self, row: Market) -> str:
        """What shoppers there may pay with and how they may get their things, where that is limited."""
        words = {**dict(tenders()), **dict(ways())}
        return ", ".join(str(words.get(code, code)) for code in [*row.tenders, *row.fulfillment_types]) or "–"

    @admin.display(description=_("default"), ordering="is_default")
    def default_chip(self, row: Market) -> str:
        return chip(_("Default"), "accent") if row.is_default else "–"


class ExchangeRateForm(forms.ModelForm[ExchangeRate]):
    class Meta:
        model = ExchangeRate
        fields = ("currency", "rate", "valid_from")
        help_texts = {
            "currency": _("ISO 4217 code, e.g. EUR."),
            "rate": _("What one unit of it is worth in the shop's own currency."),
            "valid_from": _("Orders from this day on keep it. Earlier orders keep theirs."),
        }

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].strip().upper()
        try:
            minor_digits(currency)
        except ValueError:
            raise forms.ValidationError(_("“%s” is no currency. Use its ISO code, e.g. EUR.") % currency) from None
        if currency == currencies.own():
            raise forms.ValidationError(_("%s is the shop's own currency and worth itself.") % currency)
        return currency

    def clean_rate(self) -> Any:
        rate = self.cleaned_data["rate"]
        if rate <= 0:
            raise forms.ValidationError(_("A currency is worth more than nothing."))
        return rate


@admin.register(ExchangeRate)
class ExchangeRateAdmin(OfficeAdmin):
    form = ExchangeRateForm
    list_display = ("currency", "figure_rate", "valid_from")
    list_filter = (("currency", AllValuesCheckboxFilter),)
    ordering = ("currency", "-valid_from")
    fields = ("currency", "rate", "valid_from")
    when_empty = _("Orders in another currency keep what it was worth on their day, once a rate is here.")

    @admin.display(description=_("rate"), ordering="rate")
    def figure_rate(self, row: ExchangeRate) -> str:
        return figure(f"1 {row.currency} = {row.rate.normalize():f}")
