"""The forms of stock counts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Category
from commerce.company import locations
from commerce.company.models import Location, User
from commerce.office import access
from inventory import cycle
from inventory.models import StockCount


class StartForm(forms.Form):
    location = forms.ModelChoiceField(label=_("Location"), queryset=Location.objects.none(), empty_label=None)
    kind = forms.ChoiceField(
        label=_("What to count"),
        choices=StockCount.Kind.choices,
        initial=StockCount.Kind.CYCLE,
        help_text=_("A cycle count takes the items that need it most: sold often, not counted for long, or oversold."),
    )
    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=Category.objects.order_by("name"),
        required=False,
        help_text=_("For “A category”; its sub-categories are counted with it."),
    )
    size = forms.IntegerField(
        label=_("Items in a cycle count"), initial=cycle.SIZE, min_value=1, max_value=500, required=False
    )
    is_blind = forms.ChoiceField(
        label=_("Who counts"),
        choices=[("yes", _("does not see what is expected")), ("no", _("sees what is expected"))],
        initial="yes",
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = locations.places().filter(is_active=True)
        bound = access.bound_to(person)
        field: Any = self.fields["location"]
        field.queryset = places.filter(pk__in=bound) if bound else places

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") != StockCount.Kind.CATEGORY:
            data["category"] = None
        data["size"] = data.get("size") or cycle.SIZE
        data["is_blind"] = data.get("is_blind") == "yes"
        return data


class ApproveForm(forms.Form):
    leave_out = forms.ChoiceField(
        label=_("Lines that have to be counted again"),
        choices=[("no", _("come first: do not approve yet")), ("yes", _("are left out: nothing is booked for them"))],
        help_text=_("Lines that are left out stay due for counting."),
    )

    def clean_leave_out(self) -> bool:
        return bool(self.cleaned_data["leave_out"] == "yes")


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        help_text=_("Its first line names the columns “code” (SKU or barcode) and “quantity”."),
    )
