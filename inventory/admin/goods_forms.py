"""What people fill in to start moving goods."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.company import locations
from commerce.company.models import Location, User
from commerce.company.permissions import may
from inventory.models import Supplier

ITEMS_HINT = _("One per line: SKU or barcode, then how many. You can scan more on the next page.")


class ItemsField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        area = forms.Textarea(attrs={"rows": 6, "autocapitalize": "characters", "spellcheck": "false"})
        super().__init__(**{"label": _("Items"), "widget": area, "help_text": ITEMS_HINT, **kwargs})


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(**{"label": _("Expected on"), "required": False, "widget": day, **kwargs})


class TransferForm(forms.Form):
    """From where to where, and what. Whoever is bound to locations is at one of the two ends."""

    source = forms.ModelChoiceField(Location.objects.none(), label=_("From"))
    destination = forms.ModelChoiceField(Location.objects.none(), label=_("To"))
    items = ItemsField()
    expected_on = DayField()
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "destination"):
            self.fields[name].queryset = locations.places().filter(is_active=True)  # type: ignore[attr-defined]


class PurchaseOrderForm(forms.Form):
    """From whom, for which location, and what."""

    supplier = forms.ModelChoiceField(Supplier.objects.none(), label=_("Supplier"))
    location = forms.ModelChoiceField(Location.objects.none(), label=_("Deliver to"))
    items = ItemsField(help_text=_("One per line: SKU, barcode or the supplier's SKU, then how many."))
    expected_on = DayField(help_text=_("Empty: after the supplier's lead time."))
    rate = forms.DecimalField(
        label=_("Exchange rate"),
        required=False,
        max_digits=14,
        decimal_places=6,
        min_value=0,
        help_text=_("For another currency than yours: what one of theirs costs. Empty: as on the last order."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = locations.places().filter(is_active=True)
        allowed = [place.pk for place in places if may(person, "purchase.edit", place)]
        self.fields["location"].queryset = places.filter(pk__in=allowed)  # type: ignore[attr-defined]
        self.fields["supplier"].queryset = Supplier.objects.filter(is_active=True)  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    reason = forms.CharField(label=_("Why"), required=False, max_length=200)
