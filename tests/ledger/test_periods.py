"""Closed days: nothing is booked on them any more, and what comes late keeps the day it belongs to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from commerce.kernel.clock import now
from commerce.kernel.db import action, rows
from commerce.kernel.ids import new_uid
from commerce.ledger import journal, periods
from commerce.ledger.actions.close_period import close_period
from commerce.ledger.errors import DayNotOver, ReasonNeeded
from commerce.ledger.journal import Entry, Part
from commerce.ledger.models import JournalEntry
from tests.factories.company import LocationFactory, UserFactory

pytestmark = pytest.mark.django_db

MARCH = date(2026, 3, 31)


@action
def post(on: date) -> JournalEntry:
    uid = new_uid()
    parts = (Part("cash", 100, "PDX-1-1"), Part("sales", -100))
    journal.post([Entry("sale", "order", uid, "USD", parts, business_date=on)], at=now())
    return JournalEntry.objects.get(source_uid=uid)


def test_what_belongs_to_a_closed_day_is_booked_on_the_first_open_one() -> None:
    close_period(MARCH, person=None, at=now())
    late, on_time = post(date(2026, 3, 30)), post(date(2026, 4, 2))
    assert (late.business_date, late.original_date) == (date(2026, 4, 1), date(2026, 3, 30))
    assert (on_time.business_date, on_time.original_date) == (date(2026, 4, 2), None)
    last = post(MARCH)
    assert (last.business_date, last.original_date) == (date(2026, 4, 1), MARCH)


def test_the_database_refuses_what_is_not_moved() -> None:
    close_period(MARCH, person=None, at=now())
    sql = (
        "INSERT INTO ledger_journalentry (uid, kind, source_type, source_uid, location_code, business_date, currency,"
        " created_at) VALUES (gen_random_uuid(), 'sale', 'order', gen_random_uuid(), '', %s, 'USD', now())"
    )
    with pytest.raises(DatabaseError, match="closed through 2026-03-31"), transaction.atomic():
        rows(sql, [MARCH])


def test_days_are_opened_again_with_a_reason_and_by_a_row_of_its_own() -> None:
    close_period(MARCH, person=None, at=now())
    with pytest.raises(ReasonNeeded):
        close_period(date(2026, 2, 28), person=None, at=now())
    close_period(date(2026, 2, 28), note="A bill came late", person=None, at=now())
    assert periods.closed_through() == date(2026, 2, 28)
    assert post(MARCH).original_date is None
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows("DELETE FROM ledger_periodlock")


def test_a_day_can_be_closed_when_it_is_over_everywhere() -> None:
    LocationFactory(time_zone="America/Los_Angeles")
    at = datetime(2026, 4, 1, 6, 30, tzinfo=UTC)  # still the last of March in Los Angeles
    with pytest.raises(DayNotOver):
        close_period(MARCH, person=None, at=at)
    close_period(MARCH, person=None, at=at + timedelta(hours=1))


def test_the_office_closes_the_books_on_a_page() -> None:
    client = Client()
    client.force_login(UserFactory(username="maren", role="office"))
    address = "/admin/ledger/journalentry/control/close/"
    assert client.get(address).status_code == 200
    answer = client.post(address, {"through": now().date().isoformat(), "note": ""})
    assert answer.status_code == 422
    assert "not over everywhere" in answer.content.decode()
    assert client.post(address, {"through": "2026-03-31", "note": ""}).status_code == 302
    assert periods.closed_through() == MARCH
    assert "closed through" in client.get("/admin/ledger/journalentry/control/").content.decode()
    stranger = Client()
    stranger.force_login(UserFactory(username="lee", role="manager"))
    assert stranger.get(address).status_code == 403
