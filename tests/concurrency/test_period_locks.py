"""A period is closed while somebody posts: when it is closed, all of it is there, and nothing comes after."""

from collections.abc import Iterator
from datetime import date
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from commerce.company.models import Location
from commerce.kernel import failpoints
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.ledger import journal
from commerce.ledger.actions.close_period import close_period
from commerce.ledger.journal import Entry, Part
from commerce.ledger.models import JournalEntry

pytestmark = [pytest.mark.timeout(120)]

DAY = date(2026, 3, 31)


@pytest.fixture
def unguarded() -> Iterator[None]:
    failpoints.arm("ledger.close", "off")
    yield
    failpoints.arm("ledger.close", None)


def close_while_posting() -> tuple[int, int]:
    """How many entries of the day there are right after it was closed, and in the end."""
    posted, may_commit, is_closed = Event(), Event(), Event()
    seen: list[int] = []

    def post() -> None:
        with transaction.atomic(durable=True):
            parts = (Part("cash", 100, "PDX-1-1"), Part("sales", -100))
            journal.post([Entry("sale", "order", new_uid(), "USD", parts, business_date=DAY)], at=now())
            posted.set()
            may_commit.wait(20)
        connection.close()

    def close() -> None:
        posted.wait(20)
        close_period(DAY, person=None, at=now())
        seen.append(JournalEntry.objects.filter(business_date=DAY).count())
        is_closed.set()
        connection.close()

    threads = [Thread(target=post), Thread(target=close)]
    for thread in threads:
        thread.start()
    is_closed.wait(1)  # it waits for who is posting, unless nobody makes it wait
    may_commit.set()
    for thread in threads:
        thread.join(30)
    return seen[0], JournalEntry.objects.filter(business_date=DAY).count()


def test_closing_waits_for_who_is_posting(store: Location) -> None:
    assert close_while_posting() == (1, 1)


def test_without_the_lock_an_entry_would_come_after(store: Location, unguarded: None) -> None:
    assert close_while_posting() == (0, 1)


def test_who_comes_while_a_period_is_closed_is_booked_on_the_next_day(store: Location) -> None:
    locked, done = Event(), Event()
    entries: list[date] = []

    def close() -> None:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE ledger_journalentry IN SHARE MODE")
            locked.set()
            done.wait(1)
            cursor.execute("INSERT INTO ledger_periodlock (through, note, created_at) VALUES (%s, '', now())", [DAY])
        connection.close()

    def post() -> None:
        locked.wait(20)
        uid = new_uid()
        with transaction.atomic(durable=True):
            parts = (Part("cash", 100, "PDX-1-1"), Part("sales", -100))
            journal.post([Entry("sale", "order", uid, "USD", parts, business_date=DAY)], at=now())
        entries.append(JournalEntry.objects.get(source_uid=uid).business_date)
        connection.close()

    threads = [Thread(target=close), Thread(target=post)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert entries == [date(2026, 4, 1)]
