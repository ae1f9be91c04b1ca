"""Parting allocations: fewer units leave than were set aside."""

from collections.abc import Mapping
from datetime import datetime

from commerce.kernel.db import in_transaction
from inventory import reservations
from inventory.levels import lock
from inventory.models import Reservation


@in_transaction
def give_back(units: Mapping[int, int], *, at: datetime) -> None:
    """Give a part of allocations back, by primary key: the part ends as a released reservation of its own.

    Not for kits. Raises ValueError unless fewer units are given back than are allocated.
    """
    found = Reservation.objects.filter(pk__in=units, state=Reservation.State.ALLOCATED, kit_uid=None)
    lock(found.values_list("level_id", flat=True))
    kept = list(found.select_for_update().order_by("pk"))
    if len(kept) != len(units) or any(not 0 < units[row.pk] < row.quantity for row in kept):
        raise ValueError(f"cannot give back {dict(units)}")
    parts = [
        Reservation(
            level_id=row.level_id,
            quantity=units[row.pk],
            state=Reservation.State.ALLOCATED,
            source_type=row.source_type,
            source_uid=row.source_uid,
            created_at=row.created_at,
        )
        for row in kept
    ]
    for row in kept:
        row.quantity -= units[row.pk]
    Reservation.objects.bulk_update(kept, ["quantity"])
    reservations.release(Reservation.objects.bulk_create(parts), at=at)
