"""The pages on which goods of an order are taken back, and on which money goes back without goods."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commerce.company.models import Location, User
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.kernel.money import parse_money
from commerce.office import access
from commerce.office.asking import ask, find
from commerce.office.base import person_of
from inventory.amount_fields import amount_field
from inventory.serial_fields import NumbersField
from orders import allowances, returns
from orders.actions.accept_return import accept_return
from orders.actions.refund_amount import refund_amount
from orders.models import Order, OrderLine, ReturnLine
from orders.returnable import Returnable, fallbacks, left_of
from orders.returns import ReturnWish

ORIGINAL = ("", _("Back to where it came from"))


def may_take_back(lines: Sequence[OrderLine], person: User) -> bool:
    """Whether a button is shown: something has left that has not come back."""
    return person.has_perm("return.accept") and any(left_of(line) for line in lines)


def may_refund(order: Order, person: User) -> bool:
    """Whether a button is shown: there is money that can go back."""
    placed = order.state in (Order.State.OPEN, Order.State.CLOSED)
    return placed and person.has_perm("refund.amount") and order.payment_status not in ("unpaid", "refunded")


def _tender_field(person: User) -> forms.ChoiceField:
    choices = [ORIGINAL, *(fallbacks().items() if person.has_perm("refund.elsewhere") else [])]
    return forms.ChoiceField(
        label=_("Give the money back"),
        choices=choices,
        required=False,
        help_text=_("Another way only where the original cannot take it."),
    )


def _places(person: User) -> Any:
    bound = access.bound_to(person)
    found = Location.objects.filter(is_active=True).exclude(kind=Location.Kind.TRANSIT).order_by("position", "pk")
    return found.filter(pk__in=bound) if bound else found


def _return_form(left: list[Returnable], person: User) -> type[forms.Form]:
    """A number of units for each line, one reason and one place for all of them."""
    fields: dict[str, forms.Field] = {}
    for one in left:
        line = one.line
        most = _("Up to %(most)s of %(name)s.") % {"most": one.in_units, "name": line.name}
        label = _("%(sku)s: how many come back") % {"sku": line.sku}
        whole = forms.IntegerField(label=label, required=False, min_value=0, max_value=one.quantity, help_text=most)
        fields[f"units_{line.pk}"] = amount_field(line, whole)
        if one.needs_serials:
            hint = _("One per line: %(numbers)s") % {"numbers": ", ".join(one.serials)}
            name = _("%(sku)s: serial numbers that come back") % {"sku": line.sku}
            fields[f"serials_{line.pk}"] = NumbersField(label=name, required=False, help_text=hint)
    places = list(_places(person))
    fields["reason"] = forms.ChoiceField(label=_("Reason"), choices=ReturnLine.Reason)
    fields["disposition"] = forms.ChoiceField(label=_("Where the goods go"), choices=ReturnLine.Disposition)
    fields["location"] = forms.ModelChoiceField(
        label=_("Taken back at"), queryset=_places(person), initial=places[0] if len(places) == 1 else None
    )
    fields["with_shipping"] = forms.MultipleChoiceField(
        label=_("Shipping and fees"),
        choices=[("on", _("Give their share back, too."))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    fields["tender"] = _tender_field(person)
    fields["note"] = forms.CharField(label=_("Note"), max_length=500, required=False)
    fields["uid"] = forms.UUIDField(widget=forms.HiddenInput)
    return type("ReturnForm", (forms.Form,), fields)


def return_page(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Take goods of an order back."""
    person = person_of(request)
    if not (admin.has_view_permission(request) and person.has_perm("return.accept")):
        raise PermissionDenied
    order: Order = find(admin, request, object_id)
    left = [one for one in returns.returnable(order) if one.quantity]

    def run(data: dict[str, Any]) -> Any:
        record = accept_return(
            order.pk,
            [wish for one in left if (wish := _wish(one, data))],
            uid=data["uid"],
            location=data["location"],
            channel=Order.Channel.WEB,
            person=person,
            at=now(),
            tender=data["tender"],
            with_shipping=bool(data["with_shipping"]),
            note=data["note"],
        )
        words = {"number": record.number, "amount": record.total.format()}
        return with_card(_("Return %(number)s: %(amount)s given back, or on its way.") % words, record.refunds)

    return ask(
        admin,
        request,
        order,
        title=_("Take goods of %(order)s back") % {"order": order},
        explain=_(
            "Each unit goes back at what was paid for it, with its tax. Goods that go back on the shelf are for sale at"
            " once, also on the web."
        ),
        form=partial(_return_form(left, person), initial={"uid": new_uid()}),
        button=_("Take back"),
        run=run,
    )


def _wish(one: Returnable, data: dict[str, Any]) -> ReturnWish | None:
    pk = one.line.pk
    units = data.get(f"units_{pk}")
    if not units:
        return None
    serials = tuple(data.get(f"serials_{pk}") or ())
    return ReturnWish(pk, units, data["reason"], data["disposition"], serials)


def with_card(words: Any, made: Any) -> str:
    """What was done (a row's refunds are `made`), and where the number of a gift card is that was made for it."""
    cards = [
        row.details["last4"]
        for row in made.select_related("payment")
        if row.tender == "gift_card" and row.payment.tender != "gift_card"
    ]
    if not cards:
        return str(words)
    more = _("Show the number of the new gift card ending in %(cards)s on its page, and hand it over.")
    return f"{words} {more % {'cards': ', '.join(cards)}}"


class AmountForm(forms.Form):
    amount = forms.CharField(label=_("Amount"), max_length=40)
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The customer reads it."))
    uid = forms.UUIDField(widget=forms.HiddenInput)


def _amount_form(order: Order, person: User) -> type[forms.Form]:
    """An order that belongs to no store has no drawer of its own: then cash needs one to come from."""
    return type("RefundForm", (AmountForm,), way_fields(order, person))


def way_fields(order: Order, person: User) -> dict[str, forms.Field]:
    """By what money goes back, and, of an order that belongs to no store, whose drawer cash comes from."""
    fields: dict[str, forms.Field] = {"tender": _tender_field(person)}
    if order.location is None:
        fields["location"] = forms.ModelChoiceField(
            label=_("From the drawer of"),
            queryset=_places(person).filter(kind=Location.Kind.STORE),
            required=False,
            help_text=_("Only for cash: who hands it over."),
        )
    return fields


def amount_page(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Give an amount back although nothing comes back."""
    person = person_of(request)
    if not (admin.has_view_permission(request) and person.has_perm("refund.amount")):
        raise PermissionDenied
    order: Order = find(admin, request, object_id)
    left = allowances.left_of(order)
    form = _amount_form(order, person)

    def run(data: dict[str, Any]) -> Any:
        amount = parse_money(data["amount"], order.currency)
        uid: UUID = data["uid"]
        made = refund_amount(
            order.pk,
            amount,
            uid=uid,
            reason=data["reason"],
            person=person,
            at=now(),
            tender=data["tender"],
            location=data.get("location"),
        )
        words = _("%(amount)s given back, or on its way.") % {"amount": made.total.format()}
        return with_card(words, made.refunds)

    return ask(
        admin,
        request,
        order,
        title=_("Refund an amount of %(order)s") % {"order": order},
        explain=_(
            "Up to %(left)s. The price of what the customer keeps becomes lower by it, and so does its tax; what comes"
            " back later gives back the rest. Goods that come back are a return instead."
        )
        % {"left": left.format()},
        form=partial(form, initial={"uid": new_uid()}),
        button=_("Refund"),
        run=run,
    )
