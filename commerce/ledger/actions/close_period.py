"""The books are closed through a day: what comes late is booked on the first open one."""

from datetime import date, datetime

from commerce.company.models import Location, User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.ledger import periods
from commerce.ledger.models import PeriodLock


@action
def close_period(through: date, *, note: str = "", person: User | None, at: datetime) -> PeriodLock:
    """Close through a day that is over everywhere, or open days again with a reason (`note`).

    Raises `NotAllowed`, `DayNotOver`, `ReasonNeeded`.
    """
    require(person, "ledger.close")
    zones = Location.objects.values_list("time_zone", flat=True).distinct()
    latest = periods.latest_possible(zones, at)
    return periods.close(through, latest=latest, note=note, person=person, at=at)
