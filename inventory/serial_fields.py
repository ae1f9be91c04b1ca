"""Asking for serial numbers in a form: a field that takes them from a scanner, one per line."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.catalog.models import Variant
from commerce.kernel.errors import InvalidInput
from inventory import serials

_NAME = "serials_"  # then the primary key of what they belong to
MOST_ROWS = 8


class NumbersField(forms.CharField):
    """Numbers, one per line; what it gives is the list of them. Empty lines do not count.

    Whether there are enough of them the action says, in better words: `required` only tells people that some are asked.
    """

    def __init__(self, *, units: int = 1, **kwargs: Any) -> None:
        rows = min(max(units, 1), MOST_ROWS)
        area = forms.Textarea(attrs={"rows": rows, "autocapitalize": "characters", "spellcheck": "false"})
        super().__init__(**{"label": gettext_lazy("Serial numbers"), "widget": area, "required": False, **kwargs})

    def clean(self, value: Any) -> list[str]:
        try:
            return serials.tidy(str(self.to_python(value)).splitlines())
        except InvalidInput as error:
            raise forms.ValidationError(error.fields["serials"]) from None

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else "\n".join(value)


def fields_of(wanted: Iterable[tuple[Variant, int]], *, hint: Any = "") -> dict[str, forms.Field]:
    """A field for each variant whose units have numbers, by the name that `taken` knows. A `hint` says when it may be
    left empty."""
    return {
        f"{_NAME}{variant.pk}": NumbersField(
            units=units,
            required=not hint,
            label=_("Serial numbers of %(sku)s %(name)s") % {"sku": variant.sku, "name": variant.name},
            help_text=hint or _("%(n)s pieces: scan or type the number of each, one per line.") % {"n": units},
        )
        for variant, units in wanted
        if variant.tracks_serials
    }


def taken(data: dict[str, Any]) -> dict[int, Sequence[str]]:
    """Take the numbers out of what a form gave: by variant (primary key)."""
    names = [name for name in data if name.startswith(_NAME)]
    return {int(name.removeprefix(_NAME)): data.pop(name) for name in names}
