"""What shoppers type: who they are and where the goods should go."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.company.models import Location
from commerce.company.regions import STATES, postal_code_problem
from orders.drafts import Contact
from orders.fulfillment_types.base import Wish
from storefront.context import country_name

ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")


def _text(label: Any, length: int, autocomplete: str, *, missing: Any = "", widget: Any = None) -> forms.CharField:
    """A part of an address; `missing` is what is said when it was left out, nothing where it may be."""
    return forms.CharField(
        label=label,
        max_length=length,
        required=bool(missing),
        error_messages={"required": missing},
        widget=(widget or forms.TextInput)(attrs={"autocomplete": autocomplete}),
    )


class DetailsForm(forms.Form):
    """Who buys, and where the goods should go. Which fields are needed follows from the way they go; gift cards alone
    go by mail (`is_mailed`)."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Enter your e-mail address: the order is confirmed there."),
            "invalid": gettext_lazy("Enter an e-mail address such as name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=120,
        error_messages={
            "required": gettext_lazy("Enter your name, as it should stand on the parcel or at the counter.")
        },
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    method = forms.ChoiceField(
        choices=[("ship", gettext_lazy("Delivery")), ("pickup", gettext_lazy("Pickup in a store"))],
        error_messages={
            "required": gettext_lazy("Choose delivery or pickup."),
            "invalid_choice": gettext_lazy("Choose delivery or pickup."),
        },
    )
    store = forms.CharField(required=False, max_length=20)
    line1 = _text(
        gettext_lazy("Street and number"), 120, "address-line1", missing=gettext_lazy("Enter the street and number.")
    )
    line2 = _text(gettext_lazy("Apartment, floor, company"), 120, "address-line2")
    city = _text(gettext_lazy("City"), 80, "address-level2", missing=gettext_lazy("Enter the city."))
    state = _text(
        gettext_lazy("State"), 10, "address-level1", missing=gettext_lazy("Choose the state."), widget=forms.Select
    )
    postal_code = _text(gettext_lazy("Postal code"), 20, "postal-code", missing=gettext_lazy("Enter the postal code."))
    country = _text(
        gettext_lazy("Country"), 2, "country", missing=gettext_lazy("Choose the country."), widget=forms.Select
    )

    def __init__(
        self,
        *args: Any,
        countries: Sequence[str],
        stores: Sequence[Location],
        ships: bool = True,
        is_mailed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_mailed = is_mailed
        self.countries, self.stores, self.ships = list(countries), stores, ships
        self.states = {code: name for country in countries for code, name in STATES.get(country, {}).items()}
        self.fields["state"].widget.choices = [("", _("Choose a state")), *self.states.items()]
        named = sorted((country_name(code), code) for code in countries)
        self.fields["country"].widget.choices = [(code, name) for name, code in named]
        if is_mailed:
            for name in ("method", *ADDRESS):
                self.fields[name].required = False
        elif self.data.get("method") == "pickup":
            for name in ADDRESS:
                self.fields[name].required = False
        elif not STATES.get(self.data.get("country", "") or next(iter(countries), "")):
            self.fields["state"].required = False

    @property
    def has_states(self) -> bool:
        return bool(self.states)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.is_mailed:
            return data
        if data.get("method") == "ship" and not self.ships:
            self.add_error("method", _("Nothing is delivered here. Choose a store to collect it from."))
        elif data.get("method") == "ship":
            self._check_address(data)
        elif data.get("method") == "pickup" and not any(data.get("store") == store.code for store in self.stores):
            self.add_error("store", _("Choose the store where you want to collect it."))
        return data

    def _check_address(self, data: dict[str, Any]) -> None:
        country = data.get("country", "")
        if country and country not in self.countries:
            self.add_error("country", _("We do not deliver there. Choose one of the countries in the list."))
        if data.get("state") and STATES.get(country) and data["state"] not in STATES[country]:
            self.add_error("state", _("Choose the state."))
        if data.get("postal_code") and (example := postal_code_problem(country, data["postal_code"])):
            self.add_error("postal_code", _("Enter a postal code such as %(example)s.") % {"example": example})

    def contact(self) -> Contact:
        """Who buys; after `is_valid`."""
        return Contact(self.cleaned_data["email"], self.cleaned_data["name"])

    def wish(self) -> Wish:
        """What was chosen; after `is_valid`."""
        data = self.cleaned_data
        if self.is_mailed:
            return Wish("email")
        if data["method"] == "pickup":
            return Wish("pickup", location=next(store for store in self.stores if store.code == data["store"]))
        address = {name: data[name] for name in ADDRESS} | {"name": data["name"]}
        address["state"] = address["state"] if STATES.get(address["country"]) else ""
        address["postal_code"] = address["postal_code"].upper()
        return Wish("ship", address=address)


def details_of(contact: Contact, wish: Wish) -> dict[str, Any]:
    """The form's values for a checkout that was begun before."""
    method = {} if wish.type == "email" else {"method": wish.type}
    values = {"email": contact.email, "name": contact.name, **method, **(wish.address or {})}
    if wish.location:
        values["store"] = wish.location.code
    return values
