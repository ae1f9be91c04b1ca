"""A parcel leaves a location."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from inventory.serials import Numbers
from orders import captures, placement, timeline
from orders.actions.prepare_pickup import hold_fulfillment
from orders.models import Fulfillment


@action
def ship_fulfillment(
    fulfillment_uid: UUID,
    *,
    carrier: str,
    tracking: str,
    person: User | None,
    at: datetime,
    numbers: Numbers | None = None,
    anyway: bool = False,
) -> Fulfillment:
    """Record that all goods of a fulfillment were shipped; `numbers` and `anyway` are those of `hand_over`.

    Raises `NotFound`, `NotAllowed`, `IllegalMove`, `NotOnHand`, `SerialsNeeded`, `SerialNotHere`.
    """
    fulfillment = hold_fulfillment(fulfillment_uid)
    require(person, "order.ship", fulfillment.location)
    if anyway:
        require(person, "serial.override", fulfillment.location)
    held = captures.held_of(fulfillment.order)  # payments are locked before stock
    placement.complete_fulfillment(fulfillment, actor=person, at=at, numbers=numbers, anyway=anyway)
    if held:
        captures.for_fulfillment(fulfillment, held, at=at)
    fulfillment.carrier, fulfillment.tracking = carrier.strip(), tracking.strip()
    fulfillment.save(update_fields=["carrier", "tracking"])
    timeline.add(
        fulfillment.order,
        "shipped",
        at=at,
        actor=person,
        location=fulfillment.location.name,
        carrier=fulfillment.carrier,
        tracking=fulfillment.tracking,
    )
    placement.announce(fulfillment.order, [fulfillment], "fulfillment.done", at=at)
    return fulfillment
