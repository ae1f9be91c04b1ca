"""Times in words, at fixed moments."""

from datetime import UTC, date, datetime

import pytest

from commerce.company.models import Location
from storefront import promises

STORE = Location(
    time_zone="America/Los_Angeles",
    opening_hours={day: ["10:00", "19:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat")},
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 by the store's clock (UTC-8); the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=promises.ZoneInfo("America/Los_Angeles")).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (at(23, 12), "Open until 7:00\N{NARROW NO-BREAK SPACE}PM"),
        (at(23, 8), "Opens at 10:00\N{NARROW NO-BREAK SPACE}AM"),
        (at(23, 19), "Opens tomorrow at 10:00\N{NARROW NO-BREAK SPACE}AM"),
        (at(28, 20), "Opens Monday at 10:00\N{NARROW NO-BREAK SPACE}AM"),
    ],
)
def test_opening_hours(moment: datetime, said: str) -> None:
    assert promises.hours_sentence(STORE, moment) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (at(23, 12), "ready in about 1 hour"),
        (at(23, 18), "ready in about 1 hour"),
        (at(23, 18, 1), "ready tomorrow from 11:00\N{NARROW NO-BREAK SPACE}AM"),
        (at(23, 8), "ready today from 11:00\N{NARROW NO-BREAK SPACE}AM"),
        (at(28, 18, 30), "ready Monday from 11:00\N{NARROW NO-BREAK SPACE}AM"),
    ],
)
def test_a_pickup_needs_an_hour_of_open_doors(moment: datetime, said: str) -> None:
    assert promises.ready_sentence(STORE, moment) == said


def test_a_store_without_hours_promises_an_hour_and_says_no_hours() -> None:
    assert promises.ready_sentence(Location(time_zone="UTC"), at(23, 3)) == "ready in about 1 hour"
    assert promises.hours_sentence(Location(time_zone="UTC"), at(23, 3)) == ""


@pytest.mark.parametrize(
    ("moment", "first", "last"),
    [
        (at(23, 14, 59), date(2026, 11, 25), date(2026, 11, 27)),
        (at(23, 15), date(2026, 11, 26), date(2026, 11, 30)),
        (at(27, 16), date(2026, 12, 2), date(2026, 12, 4)),
        (at(28, 9), date(2026, 12, 2), date(2026, 12, 4)),
    ],
)
def test_parcels_leave_until_three_and_travel_on_working_days(moment: datetime, first: date, last: date) -> None:
    assert promises.delivery_window(moment, "America/Los_Angeles") == (first, last)
