"""The forms that ask for serial numbers before goods leave, and the page that puts those of a line right."""

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commerce.company.models import User
from commerce.kernel.clock import now
from commerce.office.asking import ask, find
from commerce.office.base import person_of
from inventory.serial_fields import NumbersField, fields_of, taken
from orders.actions.change_serials import change_serials
from orders.models import Fulfillment, Order
from orders.serial_numbers import asked_of

ANYWAY = _("It leaves as it is, whatever the books say. A case tells the manager.")


def form_of(fulfillment: Fulfillment, person: User, base: type[forms.Form] = forms.Form) -> type[forms.Form]:
    """`base`, and a field for the numbers of each line that has some; who may, can go on without them."""
    asked = [(line.order_line.variant, line.quantity) for line in asked_of(fulfillment)]
    fields: dict[str, forms.Field] = fields_of(asked)
    if fields and person.has_perm("serial.override"):
        fields["anyway"] = forms.MultipleChoiceField(
            label=_("Numbers that do not fit, or are missing"),
            choices=[("on", ANYWAY)],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
    return type("NumbersForm", (base,), fields)


def answered(data: dict[str, Any]) -> dict[str, Any]:
    """What such a form gave, as the actions take it."""
    numbers, anyway = taken(data), bool(data.pop("anyway", False))
    return {**data, "numbers": numbers, "anyway": anyway}


class LineForm(forms.Form):
    serials = NumbersField(required=True, help_text=_("One per line, as the labels say."))


def line_page(admin: Any, request: HttpRequest, object_id: str, line_pk: int) -> HttpResponse:
    """Which units the goods of a line were."""
    person = person_of(request)
    if not (admin.has_view_permission(request) and person.has_perm("serial.override")):
        raise PermissionDenied
    order: Order = find(admin, request, object_id)
    line = order.lines.filter(pk=line_pk).first()
    if line is None:
        raise Http404

    def run(data: dict[str, Any]) -> Any:
        change_serials(order.pk, line.pk, data["serials"], person=person, at=now())
        return _("The serial numbers of %(sku)s are corrected.") % {"sku": line.sku}

    return ask(
        admin,
        request,
        order,
        title=_("Serial numbers of %(sku)s in %(order)s") % {"sku": line.sku, "order": order},
        explain=_(
            "What the customer really took. A number that you take out is in stock again where it stood before; one"
            " that you add counts as sold."
        ),
        form=partial(LineForm, initial={"serials": line.serials}),
        button=_("Correct"),
        run=run,
    )
