"""The page on which what has not left of an order is canceled."""

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commerce.company.models import User
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from commerce.office.asking import ask, find
from commerce.office.base import person_of
from orders import cancellations
from orders.actions.cancel_order import cancel_order
from orders.admin.return_forms import way_fields, with_card
from orders.errors import NothingToCancel
from orders.models import Order


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False, help_text=_("The customer reads it."))
    uid = forms.UUIDField(widget=forms.HiddenInput)


def may_cancel(order: Order, person: User) -> bool:
    """Whether a button is shown: something waits to leave."""
    if order.state != Order.State.OPEN or not person.has_perm("order.cancel"):
        return False
    return order.fulfillments.filter(state__in=["pending", "ready"]).exists()


def cancel_page(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Cancel all of an order that has not left."""
    person = person_of(request)
    if not (admin.has_view_permission(request) and person.has_perm("order.cancel")):
        raise PermissionDenied
    order: Order = find(admin, request, object_id)
    form = type("CancelOrderForm", (CancelForm,), way_fields(order, person))

    def run(data: dict[str, Any]) -> Any:
        made = cancel_order(
            order.pk,
            uid=data["uid"],
            reason=data["reason"],
            person=person,
            at=now(),
            tender=data["tender"],
            location=data.get("location"),
        )
        words = {"order": order, "amount": made.total.format(), "back": made.refund.format()}
        if made.refund_minor:
            said = _("%(order)s: %(amount)s canceled. %(back)s given back, or on its way.") % words
            return with_card(said, made.refunds)
        return _("%(order)s: %(amount)s canceled. Nothing of it had been charged.") % words

    return ask(
        admin,
        request,
        order,
        title=_("Cancel %(order)s") % {"order": order},
        explain=_explain(order),
        form=partial(form, initial={"uid": new_uid()}),
        button=_("Cancel the order"),
        run=run,
        danger=True,
    )


def _explain(order: Order) -> Any:
    try:
        cancellations.check(order)
    except NothingToCancel as refusal:
        return str(refusal)
    due = cancellations.quote(order).total_minor
    back = cancellations.to_give_back(order, due)
    words = {"amount": Money(due, order.currency).format(), "back": Money(back, order.currency).format()}
    if order.fulfillment_status == Order.FulfillmentStatus.UNFULFILLED:
        said = _("All of it, %(amount)s, is canceled; %(back)s of that was charged and goes back.") % words
    else:
        said = _("What has not left, %(amount)s, is canceled; %(back)s of that was charged and goes back.") % words
    return said + " " + str(_("The goods are for sale again at once. What was packed goes back on the shelf."))
