"""Who stands at which register, and the shifts of the tills that follow from it."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .hours import opening
from .people import staff
from .places import locations, registers
from .records import Location, Register, Sale, TillShift

_OPEN_BEFORE, _CLOSE_AFTER = timedelta(minutes=15), timedelta(minutes=20)
_NEVER = datetime.max.replace(tzinfo=ZoneInfo("UTC"))


def _registers_of(location: Location) -> list[Register]:
    return [register for register in registers() if register.location_code == location.code]


def cashiers_of(location: Location, day: date) -> dict[str, str]:
    """The person at each register of a store that day; everybody takes turns."""
    team = [person.key for person in staff() if person.location_code == location.code]
    turn = day.toordinal()
    return {register.code: team[(turn + place) % len(team)] for place, register in enumerate(_registers_of(location))}


def register_for(dice: random.Random, location: Location) -> str:
    """The register a basket is rung up at; most at the front counter."""
    codes = [register.code for register in _registers_of(location)]
    return dice.choices(codes, (68, 24, 20)[: len(codes)])[0]


def till_shifts(sales: Iterable[Sale], end: datetime, seed: int) -> tuple[TillShift, ...]:
    """One shift per register and day with sales, opened before the doors and closed after them, the open ones last.

    Shifts that would close after `end` are still open. Most drawers count right.
    """
    places = {location.code: location for location in locations()}
    floats = {register.code: register.drawer_float_minor for register in registers()}
    used: dict[tuple[date, str], Location] = {}
    for sale in sales:
        if sale.register_code:
            place = places[sale.location_code]
            used[sale.at.astimezone(ZoneInfo(place.time_zone)).date(), sale.register_code] = place
    found = []
    for (day, code), place in used.items():
        hours = opening(place, day)
        if hours is None:
            continue
        closed = hours[1] + _CLOSE_AFTER
        dice = random.Random(f"{seed} {day} {code}")
        opener = cashiers_of(place, day)[code]
        closer = opener if dice.random() < 0.7 else dice.choice(list(cashiers_of(place, day).values()))
        difference = dice.choice((-500, -205, -100, -75, -20, 5, 25, 100, 300)) if dice.random() < 0.14 else 0
        found.append(
            TillShift(
                register_code=code,
                business_date=day,
                opened_at=hours[0] - _OPEN_BEFORE,
                closed_at=closed if closed <= end else None,
                opened_by=opener,
                closed_by=closer,
                float_minor=floats[code],
                difference_minor=difference,
            )
        )
    return tuple(sorted(found, key=lambda shift: (shift.closed_at or _NEVER, shift.register_code)))
