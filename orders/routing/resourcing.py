"""A unit that an order was promised is gone: send it from another location, in the same transaction.

Called with stock levels locked already, so it waits for nobody: orders and levels that somebody else holds are passed
over, and what cannot be helped now is left to a case. Only parcels can come from elsewhere; who collects an order has
chosen the store, and what is packed is not the unit that was taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commerce.company.models import Location
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.ids import new_uid
from inventory import availability, reservations
from inventory.errors import InsufficientStock
from inventory.levels import Demand, Source
from inventory.shortfalls import Shortage
from orders import placement, states, timeline
from orders.models import Fulfillment, FulfillmentLine, Order


@dataclass(frozen=True, slots=True)
class Rescue:
    """What became of a shortage: the orders that are now sent from elsewhere, and what is still missing for others."""

    shortage: Shortage
    sent: tuple[tuple[str, str], ...]  # an order's number and the name of the location that sends it now
    waiting: tuple[str, ...]  # numbers of the orders that still wait for what is missing
    missing: int


@in_transaction
def rescue(shortages: Sequence[Shortage], *, at: datetime) -> list[Rescue]:
    """Find other locations for what is short, the youngest promise first, until every older one has its units."""
    return [_rescue(shortage, at=at) for shortage in shortages]


def _rescue(shortage: Shortage, *, at: datetime) -> Rescue:
    missing = shortage.missing
    sent: list[tuple[str, str]] = []
    waiting: list[str] = []
    uids = [uid for kind, uid in shortage.sources if kind == "order"]
    numbers = dict(Order.objects.filter(uid__in=uids).values_list("uid", "number"))
    for uid in uids:
        if missing <= 0:
            break
        order = Order.objects.select_for_update(of=("self",), skip_locked=True).filter(uid=uid, state="open").first()
        freed, name = _send_from_elsewhere(order, shortage, at=at) if order else (0, "")
        missing -= freed
        if freed:
            sent.append((str(numbers[uid]), name))
        else:
            waiting.append(str(numbers[uid]))
    return Rescue(shortage, tuple(sent), tuple(waiting) if missing > 0 else (), max(missing, 0))


def _send_from_elsewhere(order: Order, shortage: Shortage, *, at: datetime) -> tuple[int, str]:
    """Units of the short level that came free, and who sends them now; the whole parcel if one place has all of it."""
    short = FulfillmentLine.objects.filter(
        fulfillment__order=order,
        fulfillment__type="ship",
        fulfillment__state=Fulfillment.State.PENDING,
        reservation__level=shortage.level,
        reservation__state="allocated",
    )
    line = short.select_related("fulfillment__location", "reservation", "order_line__variant").first()
    if line is None or line.reservation is None:
        return 0, ""
    parcel = list(line.fulfillment.lines.select_related("reservation", "order_line__variant").order_by("pk"))
    freed = sum(
        one.reservation.quantity for one in parcel if one.reservation and one.reservation.level_id == shortage.level
    )
    for lines in [parcel, [line]] if len(parcel) > 1 else [parcel]:
        place = _place_for(order, line.fulfillment, lines, at=at)
        if place and _move(order, line.fulfillment, lines, place, at=at):
            return (freed if lines is parcel else line.reservation.quantity), place.name
    return 0, ""


def _place_for(order: Order, parcel: Fulfillment, lines: Sequence[FulfillmentLine], *, at: datetime) -> Location | None:
    """The first place that has all of the lines now and whose levels nobody is changing."""
    places = Location.objects.filter(ships=True, is_active=True, feeds_web=True).exclude(pk=parcel.location_id)
    has: dict[int, dict[int, int]] = {}
    for level in availability.of_variants([line.order_line.variant_id for line in lines], at=at):
        has.setdefault(level.location, {})[level.variant] = level.available
    country = (order.shipping_address or {}).get("country", "")
    joined = set(order.fulfillments.filter(type="ship", state="pending").values_list("location_id", flat=True))
    for place in sorted(places, key=lambda one: (one.pk not in joined, one.country != country, one.position, one.pk)):
        there = has.get(place.pk, {})
        if all(there.get(line.order_line.variant_id, 0) >= line.quantity for line in lines):
            return place
    return None


def _move(
    order: Order, parcel: Fulfillment, lines: Sequence[FulfillmentLine], place: Location, *, at: datetime
) -> bool:
    """Take the units at `place` and give the old promise back; False when somebody holds one of the levels."""
    variants = [line.order_line.variant_id for line in lines]
    if not (_lock_without_waiting(variants, place.pk) and _lock_without_waiting(variants, parcel.location_id)):
        return False
    demands = [Demand(line.order_line.variant_id, place.pk, line.quantity) for line in lines]
    try:
        taken = reservations.reserve(demands, until=None, source=Source("order", order.uid), at=at)
    except InsufficientStock:
        return False
    reservations.release([line.reservation for line in lines if line.reservation], at=at)
    target = _parcel_at(order, place, at=at)
    for line, reservation in zip(lines, taken, strict=True):
        FulfillmentLine.objects.filter(pk=line.pk).update(fulfillment=target, reservation=reservation)
    if not parcel.lines.exists():
        states.move(parcel, Fulfillment.State.CANCELED, states.FULFILLMENT)
    skus = ", ".join(line.order_line.sku for line in lines)
    timeline.add(order, "resourced", at=at, skus=skus, location=place.name, instead_of=parcel.location.name)
    placement.announce(order, [parcel, target], "order.resourced", at=at)
    return True


def _lock_without_waiting(variants: Sequence[int], location: int) -> bool:
    """Lock the levels behind the variants there: out of the order of locks, so never by waiting."""
    wanted = rows(
        "SELECT l.id FROM unnest(%s::bigint[]) AS w(variant_id)"
        " LEFT JOIN inventory_kitcomponent k ON k.kit_id = w.variant_id"
        " JOIN inventory_stocklevel l ON l.variant_id = coalesce(k.component_id, w.variant_id) AND l.location_id = %s",
        [list(variants), location],
    )
    levels = sorted({level for (level,) in wanted})
    locked = rows("SELECT id FROM inventory_stocklevel WHERE id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED", [levels])
    return len(locked) == len(levels)


def _parcel_at(order: Order, place: Location, *, at: datetime) -> Fulfillment:
    """The order's open parcel from there, or a new one."""
    found = Fulfillment.objects.filter(order=order, type="ship", location=place, state="pending").first()
    return found or Fulfillment.objects.create(
        uid=new_uid(), order=order, type="ship", location=place, state=Fulfillment.State.PENDING, created_at=at
    )
