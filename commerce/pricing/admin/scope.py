"""A price list as people describe it: where, when and for whom it counts, and what it is derived from."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from commerce.kernel.money import minor_digits
from commerce.pricing.engine import MILLION
from commerce.pricing.errors import in_words
from commerce.pricing.models import Channel, PriceList
from commerce.pricing.timeline import Days

# In whole units of a currency: prices are a multiple of the first plus the second.
ENDINGS = [
    ("", _("as they come out")),
    ("1:0.99", _("ending in .99")),
    ("1:0.95", _("ending in .95")),
    ("1:0.90", _("ending in .90")),
    ("1:0", _("whole amounts")),
    ("5:4.99", _("ending in 4.99 and 9.99")),
    ("10:9.99", _("ending in 9.99")),
    ("0.05:0", _("steps of 0.05")),
    ("0.10:0", _("steps of 0.10")),
    ("10:0", _("steps of 10")),
    ("100:99", _("ending in 99")),
    ("100:0", _("steps of 100")),
]


def ending_of(choice: str, currency: str) -> tuple[int, int]:
    """(step, ending) in minor units. ValueError where the currency has no such small coin."""
    if not choice:
        return 0, 0
    step, ending = (Decimal(part).scaleb(minor_digits(currency)) for part in choice.split(":"))
    if step != int(step) or ending != int(ending):
        raise ValueError(gettext("%(currency)s has no coin that small.") % {"currency": currency})
    return int(step), int(ending)


def choice_of(step: int, ending: int, currency: str) -> str:
    """The choice that stands for a step and an ending; none for what nobody could have chosen."""
    for choice, _label in ENDINGS:
        try:
            if ending_of(choice, currency) == (step, ending):
                return choice
        except ValueError:
            continue
    return ""


class PriceListForm(forms.ModelForm[PriceList]):
    percent = forms.DecimalField(
        label=_("Change in percent"),
        required=False,
        min_value=Decimal("-99.99"),
        max_value=900,
        max_digits=7,
        decimal_places=2,
        localize=True,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "text"}),
        help_text=_("Of the other list's prices: -20 is a fifth less. Empty: the same."),
    )
    ending = forms.ChoiceField(label=_("Prices are"), choices=ENDINGS, required=False, widget=UnfoldAdminSelectWidget)
    only_channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=Channel, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = PriceList
        fields = (
            *("name", "code", "currency", "is_active", "rank", "only_markets", "only_locations", "only_groups"),
            *("only_channels", "starts_on", "ends_on", "derived_from"),
        )
        widgets = {
            **dict.fromkeys(("only_markets", "only_locations", "only_groups"), UnfoldAdminCheckboxSelectMultipleWidget),
            "starts_on": UnfoldAdminTextInputWidget(attrs={"type": "date"}),
            "ends_on": UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        if row.pk and row.factor_ppm != MILLION:
            self.initial["percent"] = Decimal(row.factor_ppm - MILLION) / 10_000
        if row.pk:
            self.initial["ending"] = choice_of(row.step_minor, row.ending_minor, row.currency)
        if "derived_from" in self.fields and row.pk:
            others: Any = self.fields["derived_from"]
            others.queryset = PriceList.objects.exclude(pk=row.pk).filter(currency=row.currency)

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].strip().upper()
        try:
            minor_digits(currency)
        except ValueError:
            raise forms.ValidationError(_("“%s” is no currency. Use its ISO code, e.g. USD.") % currency) from None
        if self.instance.pk and self.instance.prices.exists() and currency != self.initial["currency"]:
            raise forms.ValidationError(_("This list has prices. A list in another currency is a new list."))
        return currency

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last, below = data.get("starts_on"), data.get("ends_on"), data.get("derived_from")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first one."))
        if below and data.get("currency") and below.currency != data["currency"]:
            self.add_error("derived_from", _("This list is in another currency."))
        if below and self.instance.pk and self.instance.pk in _chain(below):
            self.add_error("derived_from", _("That list is derived from this one."))
        self._derive(data)
        return data

    def _derive(self, data: dict[str, Any]) -> None:
        percent = data.get("percent") or 0
        self.instance.factor_ppm = MILLION + int(percent * 10_000)
        try:
            step, ending = ending_of(data.get("ending") or "", data.get("currency") or "USD")
        except ValueError as error:
            self.add_error("ending", str(error))
            return
        self.instance.step_minor, self.instance.ending_minor = step, ending


def _chain(price_list: PriceList | None) -> set[int]:
    found: set[int] = set()
    while price_list and price_list.pk not in found:
        found.add(price_list.pk)
        price_list = price_list.derived_from
    return found


def scope_of(price_list: PriceList) -> list[str]:
    """Where, when and for whom it counts, in short texts; its many-to-many rows are best fetched before."""
    own = [market.name for market in price_list.markets.all()]
    said = [gettext("Prices of %(markets)s") % {"markets": ", ".join(own)}] if own else []
    for rows in (price_list.only_markets, price_list.only_locations, price_list.only_groups):
        names = [row.name for row in rows.all()]
        said += [", ".join(names)] if names else []
    said += [", ".join(str(Channel(channel).label) for channel in price_list.only_channels)] * bool(
        price_list.only_channels
    )
    if price_list.starts_on or price_list.ends_on:
        said.append(in_words(Days.through(price_list.starts_on, price_list.ends_on)))
    return said or [gettext("Everywhere")]


def derivation_of(price_list: PriceList) -> str:
    """ "US −20 %, ending in .99", nothing for a list of its own."""
    if price_list.derived_from is None:
        return ""
    percent = Decimal(price_list.factor_ppm - MILLION) / 10_000
    sign = "+" if percent > 0 else "\N{MINUS SIGN}"
    parts = [price_list.derived_from.name]
    if percent:
        parts[0] += f" {sign}{number_format(abs(percent).normalize(), use_l10n=True)} %"
    ending = choice_of(price_list.step_minor, price_list.ending_minor, price_list.currency)
    if ending:
        parts.append(str(dict(ENDINGS)[ending]))
    return ", ".join(parts)
