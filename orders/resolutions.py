"""What can be done about the cases of orders: see `commerce.cases.resolutions`."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.cases.models import Case
from commerce.cases.resolutions import Resolution
from commerce.company.models import User
from orders.actions.capture_now import capture_now
from orders.actions.retry_network_event import retry_network_event
from orders.actions.send_from_elsewhere import send_from_elsewhere


def _send(case: Case, *, person: User | None, at: datetime) -> str:
    sent = send_from_elsewhere(case, person=person, at=at)
    if not sent:
        return _("Nothing is missing any more.")
    return "; ".join(_("Order %(order)s is sent from %(place)s now") % {"order": o, "place": p} for o, p in sent) + "."


def _work_again(case: Case, *, person: User | None, at: datetime) -> str:
    if retry_network_event([case.subject], person=person, at=at):
        return _("It is worked again within seconds; when that succeeds, this case closes.")
    return _("It was worked in the meantime.")


def _capture_now(case: Case, *, person: User | None, at: datetime) -> str:
    asked = capture_now(case, person=person, at=at)
    if not asked:
        return _("Nothing is held any more.")
    return _("%(amount)s is taken within seconds.") % {"amount": asked}


RESOLUTIONS: list[Resolution] = [
    Resolution(
        kind="oversell",
        code="send_from_elsewhere",
        label=gettext_lazy("Send from another location"),
        permission="case.resolve",
        run=_send,
        explain=gettext_lazy(
            "Looks which location has the missing units now and lets it send them. Found on the shelf after all? Adjust"
            " the stock first, then press this: the case closes."
        ),
    ),
    Resolution(
        kind="authorization_expiring",
        code="capture_now",
        label=gettext_lazy("Take the money now"),
        permission="payment.capture",
        run=_capture_now,
        explain=gettext_lazy(
            "Takes all that the order still costs, before its goods have left. Do it when you are going to send them."
        ),
    ),
    Resolution(
        kind="capture_failed",
        code="capture_now",
        label=gettext_lazy("Try again"),
        permission="payment.capture",
        run=_capture_now,
        explain=gettext_lazy(
            "Tries to take what is still held for the order. Nothing is held? Ask the customer to pay."
        ),
    ),
    Resolution(
        kind="network_event_parked",
        code="work_again",
        label=gettext_lazy("Try again"),
        permission="event.retry",
        run=_work_again,
        explain=gettext_lazy("Once the cause is gone: the event is worked as if it had just come."),
    ),
]
