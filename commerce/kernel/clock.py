"""Time. Views, tasks and commands call `now()`; everything below them is given the time as an argument."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return timezone.now()


def business_date(time_zone: str, at: datetime) -> date:
    """The calendar date on which `at` counts for a place in `time_zone` (an IANA name)."""
    return at.astimezone(ZoneInfo(time_zone)).date()
