"""What is asked before money is given away, or a card is blocked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from commerce.kernel.money import parse_money
from commerce.pricing.models import Market

MOST_MINOR = 100_000_00  # a slip of the keys must not become a fortune


def currencies() -> list[tuple[str, str]]:
    """The currencies that the shop sells in."""
    return [(code, code) for code in sorted(set(Market.objects.values_list("price_list__currency", flat=True)))]


class GiveForm(forms.Form):
    """An amount with the reason for it. `decision` makes a form that is sent twice one gift."""

    amount = forms.CharField(label=_("Amount"), max_length=40)
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Which order, what went wrong: who looks at the books reads it.")
    )
    decision = forms.UUIDField(widget=forms.HiddenInput, initial=new_uid)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "amount" in data and "currency" in data:
            try:
                data["amount_minor"] = parse_money(data.pop("amount"), data["currency"]).minor
            except DomainError as error:
                self.add_error("amount", str(error))
                return data
            if not 0 < data["amount_minor"] <= MOST_MINOR:
                self.add_error("amount", _("Enter an amount above zero, and not more than 100,000."))
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class PrintForm(forms.Form):
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=1000, initial=20)
