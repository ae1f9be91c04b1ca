"""What can be done about money that did not reach the customer: see `commerce.cases.resolutions`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.cases.models import Case
from commerce.cases.resolutions import Resolution
from commerce.company.models import Location, User
from orders.actions.pay_owed import pay_owed
from orders.refunds import FAILED
from orders.tenders import registry as tenders


def _pays(tender: str, code: str) -> Callable[..., str]:
    def run(case: Case, *, person: User | None, at: datetime, **answers: Any) -> str:
        made = pay_owed(case, tender=tender, code=code, person=person, at=at, **answers)
        words = {"amount": made.amount.format(), "by": tenders()[made.tender].label}
        if made.state in ("pending", "sent"):
            return _("%(amount)s are on their way again.") % words
        if made.state == "failed":
            return _("%(amount)s came back at once. There is a new case for it.") % words
        return _("%(amount)s were given back by %(by)s.") % words

    return run


def _exists(tender: str) -> Callable[[Case], bool]:
    return lambda case: tender in tenders()


def _place_form(case: Case) -> type[forms.Form]:
    """Whose drawer the cash comes from."""
    places = Location.objects.filter(is_active=True, kind=Location.Kind.STORE).order_by("position", "pk")
    field = forms.ModelChoiceField(label=_("From the drawer of"), queryset=places)
    return type("PlaceForm", (forms.Form,), {"location": field})


RESOLUTIONS: list[Resolution] = [
    Resolution(
        kind=FAILED,
        code="try_again",
        label=gettext_lazy("Try once more"),
        permission="case.resolve",
        run=_pays("", "try_again"),
        explain=gettext_lazy("Sends it to where it was paid from once more: the bank may have a new card by now."),
    ),
    Resolution(
        kind=FAILED,
        code="store_credit",
        label=gettext_lazy("Give as store credit"),
        permission="refund.elsewhere",
        run=_pays("store_credit", "store_credit"),
        explain=gettext_lazy("The customer of the order has it at once. Ask them before."),
        is_open_to=_exists("store_credit"),
    ),
    Resolution(
        kind=FAILED,
        code="gift_card",
        label=gettext_lazy("Give as a gift card"),
        permission="refund.elsewhere",
        run=_pays("gift_card", "gift_card"),
        explain=gettext_lazy("A new card with the amount; its number is shown once, on the page of the card."),
        is_open_to=_exists("gift_card"),
    ),
    Resolution(
        kind=FAILED,
        code="cash",
        label=gettext_lazy("Give in cash"),
        permission="refund.elsewhere",
        run=_pays("cash", "cash"),
        explain=gettext_lazy("Somebody hands it over at a store, out of its drawer."),
        form=_place_form,
    ),
    Resolution(
        kind=FAILED,
        code="bank_transfer",
        label=gettext_lazy("Send by bank transfer"),
        permission="refund.elsewhere",
        run=_pays("bank_transfer", "bank_transfer"),
        explain=gettext_lazy("Somebody orders it at the bank: a case says what, and asks for the reference."),
        is_open_to=_exists("bank_transfer"),
    ),
]
