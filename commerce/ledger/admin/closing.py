"""The page that closes the books through a day, or opens days again."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commerce.kernel.clock import now
from commerce.ledger import periods
from commerce.ledger.actions.close_period import close_period
from commerce.office.asking import ask
from commerce.office.base import person_of

EXPLAIN = _(
    "Nothing can be booked on a closed day any more. What comes in late, such as the sales of a till that was offline,"
    " is booked on the first open day and keeps the day it belongs to."
)


class CloseForm(forms.Form):
    through = forms.DateField(label=_("Close through"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(
        label=_("Reason"), max_length=300, required=False, help_text=_("Needed to open closed days again.")
    )


def ask_to_close(admin: Any, request: HttpRequest) -> HttpResponse:
    """Ask for the last day to close, and close it."""
    person = person_of(request)
    if not person.has_perm("ledger.close"):
        raise PermissionDenied
    closed = periods.closed_through()

    def run(data: dict[str, Any]) -> Any:
        lock = close_period(data["through"], note=data["note"], person=person, at=now())
        return _("The books are closed through %(day)s.") % {"day": date_format(lock.through)}

    so_far = _("They are closed through %(day)s so far.") % {"day": date_format(closed)} if closed else ""
    return ask(
        admin,
        request,
        None,
        title=_("Close the books"),
        button=_("Close"),
        run=run,
        form=CloseForm,
        explain=f"{EXPLAIN} {so_far}".strip(),
        back=reverse("admin:ledger-control"),
    )
