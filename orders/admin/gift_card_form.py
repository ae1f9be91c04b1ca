"""The page on which a gift card that was bought on the web is mailed once more."""

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
from orders.actions.send_gift_card_again import send_gift_card_again
from orders.models import GiftCardDelivery, Order


class AgainForm(forms.Form):
    to_email = forms.EmailField(label=_("To"), max_length=254)
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Kept with the card."))


def may_send(delivery: GiftCardDelivery | None, person: User) -> bool:
    """Whether a link is shown."""
    return delivery is not None and not delivery.line.returned and person.has_perm("wallet.give")


def again_page(admin: Any, request: HttpRequest, object_id: str, line_pk: int) -> HttpResponse:
    """Send it again."""
    person = person_of(request)
    if not (admin.has_view_permission(request) and person.has_perm("wallet.give")):
        raise PermissionDenied
    order: Order = find(admin, request, object_id)
    delivery = (
        GiftCardDelivery.objects.select_related("line__gift_card").filter(line=line_pk, line__order=order).first()
    )
    if delivery is None:
        raise Http404

    def run(data: dict[str, Any]) -> Any:
        made = send_gift_card_again(order.pk, line_pk, **data, person=person, at=now())
        return _("The gift card is on its way to %(email)s.") % {"email": made.to_email}

    return ask(
        admin,
        request,
        order,
        title=_("Send gift card %(card)s again") % {"card": delivery.line.gift_card},
        explain=_(
            "What is on it moves to a new card, whose number is mailed. The number that was mailed before pays nothing"
            " any more, whoever has it."
        ),
        form=partial(AgainForm, initial={"to_email": delivery.to_email}),
        button=_("Send it again"),
        danger=True,
        run=run,
    )
