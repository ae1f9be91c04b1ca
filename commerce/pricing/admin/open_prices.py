"""The limits of open prices, on the page of a variant."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.kernel.money import minor_digits
from commerce.office.base import OfficeInline
from commerce.pricing.admin.amounts import AmountField, AmountsMixin
from commerce.pricing.models import OpenPriceLimit


class OpenPriceLimitForm(AmountsMixin, forms.ModelForm[OpenPriceLimit]):  # type: ignore[misc]
    amounts = {"least": "least_minor", "most": "most_minor"}
    least = AmountField(label=_("At least"), required=False)
    most = AmountField(label=_("At most"), required=False)

    class Meta:
        model = OpenPriceLimit
        fields = ("currency",)

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

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("currency"):
            self.read(data, data["currency"], self.add_error)
            most = self.instance.most_minor
            if most is not None and most < self.instance.least_minor:
                self.add_error("most", _("This is less than the lowest price."))
        return data


class OpenPriceLimitInline(OfficeInline):
    model = OpenPriceLimit
    form = OpenPriceLimitForm
    fields = ("currency", "least", "most")
