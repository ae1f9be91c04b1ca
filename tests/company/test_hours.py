"""When a place is open, holidays included."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from commerce.company.hours import next_opening, opening
from commerce.company.models import Location

HERE = ZoneInfo("Europe/Amsterdam")
STORE = Location(
    time_zone="Europe/Amsterdam",
    opening_hours={day: ["10:00", "19:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
    | {"sun": ["12:00", "24:00"]},
    holidays={
        "2026-12-24": ["10:00", "14:00"],
        "2026-12-25": None,
        "2026-12-26": None,
        "2026-12-20": ["11:00", "13:00"],
    },
)


def test_a_holiday_goes_before_the_weekday() -> None:
    assert opening(STORE, date(2026, 12, 25)) is None
    assert opening(STORE, date(2026, 12, 24)) == (
        datetime(2026, 12, 24, 10, tzinfo=HERE),
        datetime(2026, 12, 24, 14, tzinfo=HERE),
    )
    assert opening(STORE, date(2026, 12, 20)) == (
        datetime(2026, 12, 20, 11, tzinfo=HERE),
        datetime(2026, 12, 20, 13, tzinfo=HERE),
    )


def test_after_christmas_eve_the_doors_open_on_the_next_day_that_is_none() -> None:
    evening = datetime(2026, 12, 24, 13, 30, tzinfo=UTC)  # 14:30 there: closed half an hour ago
    assert next_opening(STORE, evening) == datetime(2026, 12, 27, 12, tzinfo=HERE)


def test_a_day_may_end_at_midnight() -> None:
    hours = opening(STORE, date(2026, 12, 27))
    assert hours is not None
    assert hours[1] == datetime(2026, 12, 28, 0, tzinfo=HERE)
