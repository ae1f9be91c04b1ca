"""Fields in which people write amounts of goods: in units, "0.35" of what is sold by the meter."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from commerce.catalog.units import MOST, PIECE, Measured, NoAmount, smallest, symbol, typed


def amount_field(of: Measured, before: forms.Field, *, signed: bool = False) -> forms.Field:
    """The field of a form as it is for goods of this kind: `before` for pieces, one that takes "0.35" for others."""
    if of.unit == PIECE:
        return before
    start = before.initial if isinstance(before.initial, int) else None
    label = f"{before.label} ({symbol(of.unit)})"
    return AmountField(of, signed=signed, initial=start, label=label, required=False, help_text=before.help_text)


class AmountField(forms.CharField):
    """An amount of `of` as people write it; its value is in smallest amounts, None for nothing. With `signed` a minus
    is taken."""

    def __init__(self, of: Measured, *, signed: bool = False, initial: int | None = None, **kwargs: Any) -> None:
        self.of, self.signed = of, signed
        mode = "text" if signed else "decimal"  # no minus on the number pads of telephones
        widget = forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"})
        start = None if initial is None else typed(initial, of.unit_scale)
        super().__init__(**{"max_length": 20, "widget": widget, "initial": start, **kwargs})

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).strip().replace("\N{MINUS SIGN}", "-")
        sign = -1 if self.signed and text.startswith("-") else 1
        if not text:
            return None
        try:
            return sign * smallest(text.removeprefix("-") if sign < 0 else text, self.of, least=0, most=MOST)
        except NoAmount as error:
            raise ValidationError(str(error)) from error
