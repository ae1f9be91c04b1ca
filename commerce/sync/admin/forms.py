"""What people say about a file that they import."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.company import locations
from commerce.company.models import Location, User
from commerce.office import access
from commerce.pricing.models import Market
from commerce.sync.formats import NAMES, all_formats


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, also packed as .gz, up to 200 MB; VAT rates as JSON."),
        widget=forms.FileInput(attrs={"accept": ".csv,.gz,.json,text/csv,application/json"}),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )
    file_format = forms.ChoiceField(label=_("Exported from"))
    location = forms.ModelChoiceField(
        Location.objects.none(),
        label=_("Location of the stock"),
        to_field_name="code",
        required=False,
        empty_label=_("None: leave stock as it is"),
        help_text=_("Quantities in the file are what this location has on hand."),
    )
    market = forms.ModelChoiceField(
        Market.objects.none(),
        label=_("Market of the prices"),
        to_field_name="code",
        required=False,
        empty_label=_("The default market"),
    )
    valid_from = forms.DateField(
        label=_("Tax rates count from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("For tables that name no day. Empty: today."),
    )

    def __init__(self, data: Any, files: Any, *, person: User) -> None:
        super().__init__(data, files)
        places = locations.places().filter(is_active=True).order_by("position", "name")
        bound = access.bound_to(person)
        self.fields["location"].queryset = places.filter(pk__in=bound) if bound else places  # type: ignore[attr-defined]
        self.fields["market"].queryset = Market.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["file_format"].choices = [(name, NAMES.get(name, name)) for name in all_formats()]  # type: ignore[attr-defined]

    def options(self) -> dict[str, str]:
        """As `import_file` takes them."""
        place, market, day = (self.cleaned_data[name] for name in ("location", "market", "valid_from"))
        return {
            "location": place.code if place else "",
            "market": market.code if market else "",
            "valid_from": day.isoformat() if day else "",
        }
