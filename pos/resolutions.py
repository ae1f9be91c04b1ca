"""What can be done about the cases of tills: see `commerce.cases.resolutions`."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.cases.models import Case
from commerce.cases.resolutions import Resolution
from commerce.company.models import User
from commerce.kernel.money import Money
from pos.actions.give_back_card import give_back_card


class _LookedForm(forms.Form):
    looked = forms.BooleanField(label=gettext_lazy("I have looked: no sale waits at the till"))


def _give_back(case: Case, *, person: User | None, at: datetime, looked: bool = True) -> str:
    attempt = give_back_card(case, person=person, at=at)
    amount = Money(attempt.amount_minor, attempt.currency).format()
    return _("%(amount)s goes back to the card. The case is closed.") % {"amount": amount}


RESOLUTIONS: list[Resolution] = [
    Resolution(
        kind="card_without_sale",
        code="give_back_card",
        label=gettext_lazy("Give the money back"),
        permission="case.resolve",
        run=_give_back,
        explain=gettext_lazy(
            "Look at the till first: a sale that waits there takes this payment by itself, and cannot do so any more"
            " once the money is given back. All of it goes back to the card."
        ),
        form=lambda case: _LookedForm,
        danger=True,
    ),
]
