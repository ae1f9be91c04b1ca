"""When things happen: opening hours in local time as moments in UTC, and the rhythm of a day and a week."""

from __future__ import annotations

import math
import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from .records import Location

WEEKDAYS = (0.78, 0.76, 0.84, 0.94, 1.14, 1.52, 1.16)
_STORE_HOURS = {7: 1, 8: 2, 9: 3, 10: 5, 11: 8, 12: 11, 13: 10, 14: 8, 15: 8, 16: 9, 17: 11, 18: 9, 19: 6, 20: 4}
_WEB_HOURS = (2, 1, 1, 1, 1, 2, 4, 6, 7, 8, 8, 8, 10, 9, 8, 8, 8, 9, 11, 14, 17, 16, 10, 5)


def local(location: Location, day: date, minutes: float) -> datetime:
    """The moment, in UTC, that many minutes after midnight of a local day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(location.time_zone))
    wall = midnight + timedelta(minutes=minutes)
    return wall.astimezone(UTC)


def opening(location: Location, day: date) -> tuple[datetime, datetime] | None:
    """When a location opens and closes on a day, in UTC, or None when it stays closed."""
    hours = location.opening_hours[day.weekday()]
    return None if hours is None else (local(location, day, hours[0]), local(location, day, hours[1]))


def after_open_minutes(location: Location, moment: datetime, minutes: float) -> datetime:
    """The moment by which the location has been open for that many minutes since `moment`."""
    day = moment.astimezone(ZoneInfo(location.time_zone)).date()
    left = timedelta(minutes=minutes)
    while True:
        hours = opening(location, day)
        if hours and hours[1] > moment:
            begin = max(hours[0], moment)
            if begin + left <= hours[1]:
                return begin + left
            left -= hours[1] - begin
        day += timedelta(days=1)


def store_visits(dice: random.Random, location: Location, day: date, rate: float) -> list[datetime]:
    """Moments at which baskets reach the counter: `rate` on average, while it is open, most at noon and at five."""
    hours = location.opening_hours[day.weekday()]
    if hours is None:
        return []
    opens, closes = hours
    open_hours = list(range(opens // 60, math.ceil(closes / 60)))
    weights = [_STORE_HOURS.get(hour, 1) for hour in open_hours]
    moments = []
    for hour in dice.choices(open_hours, weights, k=poisson(dice, rate * WEEKDAYS[day.weekday()])):
        minutes = min(max(hour * 60 + dice.uniform(0, 60), opens + 4), closes - 2)
        moments.append(local(location, day, minutes).replace(microsecond=0))
    return moments


def web_visits(dice: random.Random, location: Location, day: date, rate: float) -> list[datetime]:
    """Moments at which web orders are placed, by the clock of a location: `rate` on average, most in the evening."""
    count = poisson(dice, rate * (0.6 + 0.4 * WEEKDAYS[day.weekday()]))
    hours = dice.choices(range(24), _WEB_HOURS, k=count)
    return [local(location, day, hour * 60 + dice.uniform(0, 60)).replace(microsecond=0) for hour in hours]


def poisson(dice: random.Random, rate: float) -> int:
    """A count of independent events; approximated by the normal distribution from 50 on."""
    if rate > 50:
        return max(0, round(dice.gauss(rate, math.sqrt(rate))))
    limit, product, count = math.exp(-rate), dice.random(), 0
    while product > limit:
        product *= dice.random()
        count += 1
    return count
