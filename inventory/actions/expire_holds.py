"""Sweep holds that have lapsed. No promise depends on it: readers judge a hold's time themselves."""

from datetime import datetime

from commerce.kernel.db import action
from inventory import endings
from inventory.models import Reservation

BATCH = 500


@action
def expire_holds(*, at: datetime) -> int:
    """Expire lapsed holds of up to `BATCH` levels; how many units came free."""
    lapsed = Reservation.objects.filter(state=Reservation.State.HELD, expires_at__lte=at)
    levels = sorted(lapsed.values_list("level_id", flat=True).distinct()[:BATCH])
    expired = endings.expire_lapsed(levels, at=at) if levels else 0
    return expired + endings.end_rests_of_kits(at=at)
