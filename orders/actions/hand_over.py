"""The shopper collects: a code is scanned, the goods leave."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import Location, User
from commerce.company.permissions import require
from commerce.kernel.db import action
from inventory.serials import Numbers
from orders import captures, codes, placement, timeline
from orders.actions.prepare_pickup import hold_fulfillment
from orders.errors import PickupCodeUnknown
from orders.models import Fulfillment


def find_by_code(code: str, location: Location) -> Fulfillment:
    """The open pickup that this code opens at this location, and nowhere else. Raises `PickupCodeUnknown`."""
    found = (
        Fulfillment.objects.open()
        .filter(pickup_code_hash=codes.pickup_hash(code), location=location)
        .select_related("order", "location")
        .first()
    )
    if found is None:
        raise PickupCodeUnknown()
    return found


@action
def hand_over(
    fulfillment_uid: UUID,
    *,
    person: User | None,
    at: datetime,
    numbers: Numbers | None = None,
    anyway: bool = False,
) -> Fulfillment:
    """Record that all goods of a pickup were handed over.

    `numbers` are the serial numbers, by variant, of the goods that have some. With `anyway` it goes on without them, or
    with others than the books have here: who may, and a case.
    Raises `NotFound`, `NotAllowed`, `IllegalMove`, `NotOnHand`, `SerialsNeeded`, `SerialNotHere`.
    """
    fulfillment = hold_fulfillment(fulfillment_uid)
    require(person, "pickup.hand_over", fulfillment.location)
    if anyway:
        require(person, "serial.override", fulfillment.location)
    held = captures.held_of(fulfillment.order)  # payments are locked before stock
    placement.complete_fulfillment(fulfillment, actor=person, at=at, numbers=numbers, anyway=anyway)
    if held:
        captures.for_fulfillment(fulfillment, held, at=at)
    timeline.add(fulfillment.order, "handed_over", at=at, actor=person, location=fulfillment.location.name)
    placement.announce(fulfillment.order, [fulfillment], "fulfillment.done", at=at)
    return fulfillment
