"""Orders and their fulfillments, as people call them on the pages of stock: see `inventory.documents`."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from inventory.documents import Called, Names
from orders.models import Fulfillment, Order, Return


def _called(order: Order) -> Called:
    if order.state == Order.State.DRAFT:
        cart = order.cart.uid.hex[-6:] if order.cart else ""
        return Called(
            _("Checkout"), cart, _("cart …%(cart)s, not paid yet") % {"cart": cart} if cart else _("not paid yet")
        )
    title = _("Till sale %(number)s") if order.channel == Order.Channel.POS else _("Order %(number)s")
    return Called(title % {"number": order.number}, order.number or "", str(order.get_fulfillment_status_display()))


def _orders(uids: Sequence[UUID]) -> dict[UUID, Called]:
    found = Order.objects.filter(uid__in=uids).select_related("cart")
    return {order.uid: _called(order) for order in found}


def _fulfillments(uids: Sequence[UUID]) -> dict[UUID, Called]:
    found = Fulfillment.objects.filter(uid__in=uids).select_related("order__cart")
    return {each.uid: _called(each.order) for each in found}


def _returns(uids: Sequence[UUID]) -> dict[UUID, Called]:
    found = Return.objects.filter(uid__in=uids).select_related("order")
    return {
        each.uid: Called(
            _("Return %(number)s") % {"number": each.number},
            each.number,
            _("of order %(number)s") % {"number": each.order.number},
        )
        for each in found
    }


NAMES: dict[str, Names] = {"order": _orders, "fulfillment": _fulfillments, "return": _returns}
