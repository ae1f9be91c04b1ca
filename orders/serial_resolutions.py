"""What can be done about serial numbers that a sale left open: see `commerce.cases.resolutions`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.cases.models import Case
from commerce.cases.resolutions import Resolution
from commerce.company.models import User
from commerce.kernel.errors import NotFound
from inventory.serial_fields import NumbersField
from orders.actions.change_serials import change_serials
from orders.models import OrderLine
from orders.serial_numbers import CLASH, MISSING


def _lines(case: Case) -> list[OrderLine]:
    """The lines that the case may be about, the one it names first."""
    found = OrderLine.objects.filter(order__number=case.context.get("order"), sku=case.context.get("sku"))
    lines = list(found.select_related("order").order_by("pk"))
    if case.kind == CLASH:
        return [line for line in lines if case.context.get("serial") in line.serials]
    return [line for line in lines if len(line.serials) < line.fulfilled]


def _is_open(case: Case) -> bool:
    return bool(_lines(case))


def _form(case: Case) -> type[forms.Form]:
    line = _line(case)
    text = _("%(n)s × %(name)s left with order %(order)s: the number of each, one per line, as the labels say.")
    hint = text % {"n": line.fulfilled, "name": line.name, "order": line.order}
    field = NumbersField(units=line.fulfilled, required=True, initial=line.serials, help_text=hint)
    return type("SerialsForm", (forms.Form,), {"serials": field})


def _line(case: Case) -> OrderLine:
    lines = _lines(case)
    if not lines:
        raise NotFound(what="order line", key=case.subject)
    return lines[0]


def _correct(case: Case, *, serials: Sequence[str], person: User | None, at: datetime) -> str:
    line = _line(case)
    change_serials(line.order_id, line.pk, serials, person=person, at=at)
    facts: dict[str, Any] = {"sku": line.sku, "order": line.order}
    if Case.objects.filter(pk=case.pk, status=Case.Status.OPEN).exists():
        return _("Corrected, and something of %(sku)s in order %(order)s is still open.") % facts
    return _("The serial numbers of %(sku)s in order %(order)s are corrected.") % facts


_CORRECT: dict[str, Any] = {
    "code": "correct_serials",
    "label": gettext_lazy("Correct the numbers"),
    "permission": "serial.override",
    "run": _correct,
    "form": _form,
    "is_open_to": _is_open,
}
RESOLUTIONS: list[Resolution] = [
    Resolution(
        kind=CLASH,
        explain=gettext_lazy(
            "Write what the label really says: the number that was taken by mistake is free again. Does the label say"
            " the same? Then the books were wrong before: correct the other order or the shelf, and resolve this case."
        ),
        **_CORRECT,
    ),
    Resolution(
        kind=MISSING,
        explain=gettext_lazy("Ask the customer, or look which numbers are not on the shelf any more."),
        **_CORRECT,
    ),
]
