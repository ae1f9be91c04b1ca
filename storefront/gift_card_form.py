"""What somebody fills in who buys a gift card: how much, for whom, with which words, on which day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.kernel.errors import DomainError, InvalidInput
from commerce.kernel.money import Money, parse_money
from orders.bought_gift_cards import MOST_WORDS, Limits, amount_problem

OWN = "own"


class GiftCardForm(forms.Form):
    """`limits` and `currency` are the market's. Shape only: what may be bought is `bought_gift_cards.ask`'s to say."""

    amount = forms.CharField(required=False, max_length=20)
    own_amount = forms.CharField(label=gettext_lazy("Your amount"), required=False, max_length=20)
    to_name = forms.CharField(
        label=gettext_lazy("For"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say who the card is for.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    to_email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Enter the address that the card is sent to."),
            "invalid": gettext_lazy("Enter an e-mail address such as name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    message = forms.CharField(
        label=gettext_lazy("Your words"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    send_on = forms.DateField(
        label=gettext_lazy("Day of sending"),
        required=False,
        error_messages={"invalid": gettext_lazy("Choose a day from the calendar.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, limits: Limits, currency: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limits, self.currency, self.today = limits, currency, today
        self.fields["send_on"].widget.attrs["min"] = today.isoformat()

    @property
    def choices(self) -> Sequence[tuple[str, str, bool]]:
        """(value, label, is chosen) of the amounts that are offered, and of an amount of one's own."""
        chosen = self["amount"].value() or (str(self.limits.offered[0]) if self.limits.offered else OWN)
        shown = [(str(minor), Money(minor, self.currency).format()) for minor in self.limits.offered]
        return [(value, label, value == chosen) for value, label in [*shown, (OWN, _("Your amount"))]]

    @property
    def hint(self) -> str:
        """Between which amounts one's own may be."""
        words = {
            "least": Money(self.limits.least_minor, self.currency).format(),
            "most": Money(self.limits.most_minor, self.currency).format(),
        }
        return _("From %(least)s to %(most)s.") % words

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = data.get("amount") or OWN
        if chosen.isdecimal() and int(chosen) in self.limits.offered:
            data["amount_minor"] = int(chosen)
            return data
        if not data.get("own_amount", "").strip():
            self.add_error("own_amount", _("Enter an amount."))
            return data
        try:
            data["amount_minor"] = parse_money(data.get("own_amount", ""), self.currency).minor
        except DomainError as error:
            self.add_error("own_amount", str(error))
            return data
        problem = amount_problem(data["amount_minor"], self.limits, self.currency)
        if problem:
            self.add_error("own_amount", problem)
        return data

    def refuse(self, error: InvalidInput) -> None:
        """Show beside their fields what the rules refused."""
        for name, texts in error.fields.items():
            self.add_error("own_amount" if name == "amount" else name, " ".join(texts))
