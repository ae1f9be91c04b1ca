"""What the page of an order by phone takes, one small form each."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.company.models import Location
from commerce.kernel.money import Money
from orders.fulfillment_types.base import Wish
from orders.models import PhoneOrder

ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")


class CustomerForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)


class WayForm(forms.Form):
    """How the goods should get there. What is still missing, the customer says when they check out."""

    method = forms.ChoiceField(label=gettext_lazy("Way"), choices=PhoneOrder.Method.choices)
    store = forms.ChoiceField(label=gettext_lazy("Store"), required=False)
    line1 = forms.CharField(label=gettext_lazy("Street and number"), max_length=120, required=False)
    line2 = forms.CharField(label=gettext_lazy("Apartment, floor, company"), max_length=120, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80, required=False)
    state = forms.CharField(label=gettext_lazy("State"), max_length=10, required=False)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=20, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"))

    def __init__(self, *args: Any, stores: Sequence[Location], countries: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stores = {store.code: store for store in stores}
        choices = [("", _("Choose a store")), *((store.code, store.name) for store in stores)]
        self.fields["store"].choices = choices  # type: ignore[attr-defined]
        self.fields["country"].choices = [(code, code) for code in countries]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("method") == "pickup" and data.get("store") not in self.stores:
            self.add_error("store", _("Choose the store where they want to collect it."))
        return data

    def wish(self, name: str) -> Wish:
        """What was said; after `is_valid`."""
        data = self.cleaned_data
        if data["method"] == "pickup":
            return Wish("pickup", location=self.stores[data["store"]])
        address = {field: str(data[field]).strip() for field in ADDRESS} | {"name": name}
        return Wish("ship", address={**address, "state": address["state"].upper()})


class DiscountForm(forms.Form):
    """What is taken off by hand. An empty value takes nothing off any more."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Taken off"),
        choices=[("percent", gettext_lazy("Percent")), ("amount", gettext_lazy("Amount"))],
    )
    value = forms.DecimalField(
        label=gettext_lazy("How much"), required=False, min_value=0, max_digits=10, decimal_places=3, localize=True
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == "percent" and (data.get("value") or 0) > 100:
            self.add_error("value", _("At most 100 %."))
        return data

    def engine_value(self, currency: str) -> int:
        """As the engine takes it: parts per million, or minor units."""
        value = self.cleaned_data["value"] or Decimal(0)
        if self.cleaned_data["kind"] == "percent":
            return int(value * 10_000)
        return Money.from_decimal(value, currency).minor
