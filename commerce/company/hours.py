"""When a place is open, by the calendar of its own time zone. Pure.

Hours are kept per weekday, {"mon": ["10:00", "19:00"]}; a holiday's own hours, or null for closed, go before them:
{"2026-12-25": null}.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commerce.company.models import Location

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD_DAYS = 15  # over any row of holidays


def opening(place: Location, day: date) -> tuple[datetime, datetime] | None:
    """When a place opens and closes on a day of its own calendar; None when it stays closed."""
    holidays = place.holidays or {}
    usual = (place.opening_hours or {}).get(WEEKDAYS[day.weekday()])
    hours = holidays.get(day.isoformat(), usual)
    if not hours:
        return None
    zone = ZoneInfo(place.time_zone)
    opens, closes = (_moment(day, text, zone) for text in hours)
    return opens, closes


def next_opening(place: Location, at: datetime) -> datetime | None:
    """The next moment, `at` or later, at which the doors are open; None when it says no hours."""
    local = at.astimezone(ZoneInfo(place.time_zone))
    for ahead in range(LOOK_AHEAD_DAYS):
        hours = opening(place, local.date() + timedelta(days=ahead))
        if hours and hours[1] > local:
            return max(hours[0], local)
    return None


def _moment(day: date, text: str, zone: ZoneInfo) -> datetime:
    if text == "24:00":
        return datetime.combine(day + timedelta(days=1), time(), zone)
    return datetime.combine(day, time.fromisoformat(text), zone)
