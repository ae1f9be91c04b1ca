"""Times a shopper can count on, in words: opening hours, when a pickup is ready, when a parcel arrives.

Pure: the time comes in, sentences come out. A store that has said no hours is taken to be reachable at any time.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commerce.company.hours import next_opening, opening
from commerce.company.models import Location


def hours_sentence(place: Location, at: datetime) -> str:
    """ "Open until 7:00 PM", "Opens at 10:00 AM", "Opens Monday at 10:00 AM"; empty when it says no hours."""
    local = at.astimezone(ZoneInfo(place.time_zone))
    opens = next_opening(place, at)
    if opens is None:
        return ""
    hours = opening(place, opens.date())
    if opens <= local and hours:
        return _("Open until %(time)s") % {"time": clock(hours[1])}
    if opens.date() == local.date():
        return _("Opens at %(time)s") % {"time": clock(opens)}
    return _("Opens %(day)s at %(time)s") % {"day": _day(opens.date(), local.date()), "time": clock(opens)}


def ready_sentence(place: Location, at: datetime) -> str:
    """ "ready in about 1 hour", "ready today from 11:00 AM", "ready tomorrow from 11:00 AM"."""
    local = at.astimezone(ZoneInfo(place.time_zone))
    needed = timedelta(minutes=settings.PICKUP_READY_MINUTES)
    moment = _ready_at(place, at, needed)
    if moment is None or moment <= local + needed:
        return _("ready in about 1 hour") if needed <= timedelta(hours=1) else _("ready in a few hours")
    names = {"day": _day(moment.date(), local.date()), "time": clock(moment)}
    return _("ready %(day)s from %(time)s") % names


def _ready_at(place: Location, at: datetime, needed: timedelta) -> datetime | None:
    """When somebody has had `needed` of open doors to prepare it: never after closing, else the next morning."""
    opens = next_opening(place, at)
    if opens is None:
        return None
    hours = opening(place, opens.date())
    if hours and opens + needed <= hours[1]:
        return opens + needed
    tomorrow = next_opening(place, datetime.combine(opens.date() + timedelta(days=1), time(), opens.tzinfo))
    return tomorrow + needed if tomorrow else None


def delivery_window(at: datetime, time_zone: str) -> tuple[date, date]:
    """First and last day on which a parcel ordered now arrives; it leaves from a place in `time_zone`."""
    local = at.astimezone(ZoneInfo(time_zone))
    leaves = local.date()
    if local.time() >= time.fromisoformat(settings.DISPATCH_CUTOFF) or leaves.weekday() > 4:
        leaves = _working_days(leaves, 1)
    first, last = settings.DELIVERY_DAYS
    return _working_days(leaves, first), _working_days(leaves, last)


def delivery_sentence(at: datetime, time_zone: str) -> str:
    """ "Arrives Wed, Nov 25 – Fri, Nov 27"."""
    first, last = delivery_window(at, time_zone)
    return _("Arrives %(first)s – %(last)s") % {"first": short_day(first), "last": short_day(last)}


def _working_days(day: date, count: int) -> date:
    """`count` working days after a day."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def week(place: Location) -> list[tuple[str, str]]:
    """Weekday and hours, Monday first, as a store's page lists them."""
    monday = date(2024, 1, 1)
    rows = []
    for number in range(7):
        hours = opening(place, monday + timedelta(days=number))
        text = f"{clock(hours[0])} – {clock(hours[1])}" if hours else _("Closed")
        rows.append((format_date(monday + timedelta(days=number), "EEEE", _locale()), text))
    return rows


def clock(moment: datetime) -> str:
    """A time of day as people here write it."""
    return format_time(moment.time(), "short", locale=_locale())


def short_day(day: date) -> str:
    """ "Wed, Nov 25" """
    return format_date(day, "EEE, MMM d", _locale()) if _locale() == "en" else format_date(day, "EEE d. MMM", _locale())


def _day(day: date, today: date) -> str:
    if day == today:
        return _("today")
    if day == today + timedelta(days=1):
        return _("tomorrow")
    return format_date(day, "EEEE", _locale())


def _locale() -> str:
    return (get_language() or "en").split("-")[0]
