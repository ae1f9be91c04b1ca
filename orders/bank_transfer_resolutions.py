"""What can be done about money that is to go back by bank transfer: see `commerce.cases.resolutions`."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.cases.models import Case
from commerce.cases.resolutions import Resolution
from commerce.company.models import User
from orders.actions.end_bank_transfer import IMPOSSIBLE, SENT, end_bank_transfer
from orders.bank_transfers import DUE


class ReferenceForm(forms.Form):
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=80,
        help_text=gettext_lazy("What the bank knows the transfer by. No account number."),
    )


class WhyForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("Why not?"), max_length=200)


def _sent(case: Case, *, reference: str, person: User | None, at: datetime) -> str:
    made = end_bank_transfer(case, reference=reference, person=person, at=at)
    return _("%(amount)s were given back by bank transfer.") % {"amount": made.amount.format()}


def _impossible(case: Case, *, why: str, person: User | None, at: datetime) -> str:
    made = end_bank_transfer(case, why=why, person=person, at=at)
    return _("%(amount)s are still owed. There is a new case for it.") % {"amount": made.amount.format()}


RESOLUTIONS: list[Resolution] = [
    Resolution(
        kind=DUE,
        code=SENT,
        label=gettext_lazy("It was ordered at the bank"),
        permission="refund.amount",
        run=_sent,
        explain=gettext_lazy("The books take it off the bank account, and the order says that it was given back."),
        form=lambda _case: ReferenceForm,
    ),
    Resolution(
        kind=DUE,
        code=IMPOSSIBLE,
        label=gettext_lazy("It cannot be sent"),
        permission="refund.amount",
        run=_impossible,
        explain=gettext_lazy("The amount stays owed: a new case offers the other ways to give it back."),
        form=lambda _case: WhyForm,
    ),
]
