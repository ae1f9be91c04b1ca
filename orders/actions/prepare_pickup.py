"""The goods were taken off the shelf and wait for the shopper."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import Location, User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from orders import placement, states, timeline
from orders.models import Fulfillment, Order


@action
def prepare_pickup(
    fulfillment_uid: UUID, *, person: User | None, at: datetime, here: Location | None = None
) -> Fulfillment:
    """Mark a pickup ready; when `here` is given, only one of this location.

    Raises `NotFound`, `NotAllowed`, `IllegalMove`.
    """
    fulfillment = hold_fulfillment(fulfillment_uid)
    if here and fulfillment.location_id != here.pk:
        raise NotFound(what="fulfillment", key=str(fulfillment_uid))
    require(person, "pickup.prepare", fulfillment.location)
    states.move(fulfillment, Fulfillment.State.READY, states.FULFILLMENT, ready_at=at)
    timeline.add(fulfillment.order, "ready", at=at, actor=person, location=fulfillment.location.name)
    placement.announce(fulfillment.order, [fulfillment], "fulfillment.ready", at=at)
    return fulfillment


def hold_fulfillment(uid: UUID) -> Fulfillment:
    """Lock a fulfillment's order and then the fulfillment itself."""
    order_pk = Fulfillment.objects.filter(uid=uid).values_list("order_id", flat=True).first()
    if order_pk is None:
        raise NotFound(what="fulfillment", key=str(uid))
    order = Order.objects.locked().get(pk=order_pk)
    fulfillment = Fulfillment.objects.locked().select_related("location").get(uid=uid)
    fulfillment.order = order
    return fulfillment
