"""Readers see every event once, in an order that never changes, even when transactions finish out of turn."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import override_settings

from commerce.events import delivery, outbox
from commerce.events.models import Event, FailedDelivery, Subscription
from commerce.events.outbox import Cursor
from commerce.kernel.errors import InvalidInput

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
taken: list[str] = []


def take(event: Event) -> None:
    """A subscriber that keeps what it is given, and cannot take events whose key is `poison`."""
    if event.key == "poison":
        raise ValueError("I cannot")
    taken.append(event.key)


@pytest.fixture(autouse=True)
def _forget() -> None:
    taken.clear()


def record(*keys: str, topic: str = "thing.done") -> None:
    with transaction.atomic():
        outbox.record_many([(topic, key, {"key": key}) for key in keys], at=AT)


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_slow_transaction_is_not_skipped() -> None:
    """Its id is lower than one that was already readable, were it not for the order by transaction."""
    slow_has_written, fast_has_committed = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            outbox.record("thing.done", "slow", {}, at=AT)
            slow_has_written.set()
            fast_has_committed.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    slow_has_written.wait(10)
    record("fast")
    assert outbox.after(Cursor(), limit=10) == []  # not yet: something could still come before it
    fast_has_committed.set()
    thread.join()
    events = outbox.after(Cursor(), limit=10)
    assert [event.key for event in events] == ["slow", "fast"]
    assert outbox.after(Cursor(events[0].tx, events[0].pk), limit=10) == events[1:]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_event_never_was() -> None:
    with transaction.atomic():
        outbox.record("thing.done", "ghost", {}, at=AT)
        transaction.set_rollback(True)
    record("real")
    assert [event.key for event in outbox.after(Cursor(), limit=10)] == ["real"]


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_gets_each_event_once_in_order_and_poison_holds_up_none() -> None:
    record("a", "poison", "b")
    record("c", topic="other.topic")
    me = f"{__name__}.take"
    assert delivery.deliver(me, ["thing.done"], at=AT) == 3
    assert delivery.deliver(me, ["thing.done"], at=AT) == 0
    assert taken == ["a", "b"]
    failed = FailedDelivery.objects.get()
    assert (failed.event.key, failed.attempts) == ("poison", 1)
    assert delivery.retry(at=AT + timedelta(seconds=5)) == 0  # not due yet
    for attempt in range(2, delivery.MAX_ATTEMPTS + 1):
        delivery.retry(at=AT + timedelta(days=attempt))
    failed.refresh_from_db()
    assert (failed.attempts, failed.gave_up) == (delivery.MAX_ATTEMPTS, True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_deliver_no_event_twice() -> None:
    record(*[f"{n}" for n in range(50)])
    me = f"{__name__}.take"
    Subscription.objects.create(subscriber=me)

    def work() -> None:
        delivery.deliver(me, ["thing.done"], at=AT)
        connection.close()

    workers = [threading.Thread(target=work) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert taken == [f"{n}" for n in range(50)]


@pytest.mark.django_db(transaction=True)
def test_subscribers_pass_over_what_is_entered_as_history() -> None:
    with override_settings(EVENT_SUBSCRIBERS={"thing.done": [f"{__name__}.take"]}):
        record("before")
        with transaction.atomic():
            outbox.record("thing.done", "history", {}, at=AT)
            delivery.pass_over()
        record("after")
        assert delivery.deliver(f"{__name__}.take", ["thing.done"], at=AT) == 1
        with transaction.atomic():
            delivery.pass_over()
        assert delivery.deliver(f"{__name__}.take", ["thing.done"], at=AT) == 0
    assert taken == ["after"]
    assert [event.key for event in outbox.after(Cursor(), limit=9)] == ["before", "history", "after"]


@pytest.mark.django_db
def test_recording_demands_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="must run inside a transaction"):
        outbox.record("thing.done", "x", {}, at=AT)


@pytest.mark.parametrize("text", ["x", "1", "1-2-3", "1-x"])
def test_a_cursor_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        Cursor.parse(text)
