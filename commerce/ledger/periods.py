"""The only writer of period locks."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from commerce.company.models import User
from commerce.kernel.clock import business_date
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.failpoints import is_off
from commerce.ledger.errors import DayNotOver, ReasonNeeded
from commerce.ledger.models import PeriodLock


def closed_through() -> date | None:
    """The last day that is closed; None while all are open."""
    latest = PeriodLock.objects.order_by("-pk").first()
    return latest.through if latest else None


def latest_possible(time_zones: Iterable[str], at: datetime) -> date:
    """The last day that is over in all of these places, and in UTC."""
    return min(business_date(zone, at) for zone in ["UTC", *time_zones]) - timedelta(days=1)


@in_transaction
def close(through: date, *, latest: date, note: str, person: User | None, at: datetime) -> PeriodLock:
    """Close the books through a day, or with an earlier one open them again.

    Whoever is posting is waited for, and who comes later waits: when this commits, nobody can still add to the period.
    Raises `DayNotOver`, `ReasonNeeded`.
    """
    if through > latest:
        raise DayNotOver(day=through.isoformat(), latest=latest.isoformat())
    if not is_off("ledger.close"):
        rows("LOCK TABLE ledger_journalentry IN SHARE MODE")
    closed = closed_through()
    if closed and through < closed and not note.strip():
        raise ReasonNeeded(through=closed.isoformat())
    return PeriodLock.objects.create(through=through, note=note.strip(), person=person, created_at=at)
