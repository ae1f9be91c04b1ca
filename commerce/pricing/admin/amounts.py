"""Amounts as people write them ("19.99", "1.234,50 €"), in forms whose rows keep minor units."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from commerce.kernel.money import InvalidAmount, Money, parse_money


class AmountField(forms.CharField):
    """Text that becomes money once the form knows its currency: see `AmountsMixin`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"max_length": 40, "widget": UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}), **kwargs}
        )


class AmountsMixin:
    """A model form whose amounts are typed. `amounts` maps a field of the form to the column that keeps it."""

    amounts: Mapping[str, str] = {}
    instance: Any
    fields: dict[str, forms.Field]
    initial: dict[str, Any]

    def fill(self, currency: str | None) -> None:
        """Write the row's amounts into the form's fields."""
        for name, column in self.amounts.items():
            minor = getattr(self.instance, column)
            if minor is not None and currency and self.instance.pk:
                self.initial[name] = Money(minor, currency).format()

    def read(self, data: dict[str, Any], currency: str, add_error: Any) -> None:
        """Set the row's columns from what was typed; what is no amount becomes an error beside its field."""
        for name, column in self.amounts.items():
            text = data.get(name) or ""
            if not text.strip():
                setattr(self.instance, column, None if self.instance._meta.get_field(column).null else 0)
                continue
            try:
                minor = parse_money(text, currency).minor
            except InvalidAmount as error:
                add_error(name, str(error))
                continue
            if minor < 0:
                add_error(name, _("An amount here cannot be negative."))
            setattr(self.instance, column, minor)
