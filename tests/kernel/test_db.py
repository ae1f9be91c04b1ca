"""Transactions, locks, sequences and repeated requests, on the real database."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from commerce.kernel import failpoints, idempotency, sequences
from commerce.kernel.db import action, in_transaction, one_commit, rows
from commerce.kernel.errors import Busy, KeyReused, StillWorking
from commerce.kernel.idempotency import Answer

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


@in_transaction
def step() -> str:
    return "done"


@pytest.mark.django_db
def test_a_step_outside_a_transaction_is_a_mistake_that_shows() -> None:
    with pytest.raises(RuntimeError, match="step must run inside a transaction"):
        step()
    with transaction.atomic():
        assert step() == "done"


@pytest.mark.django_db
def test_an_action_inside_a_transaction_is_a_mistake_that_shows() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        action(step)()


@pytest.mark.django_db
def test_actions_share_one_commit_when_history_is_entered() -> None:
    @action
    def count(*, fail: bool = False) -> int:
        value = sequences.next_value("told")
        if fail:
            raise KeyError
        return value

    with one_commit():
        assert [count(), count()] == [1, 2]
    assert count() == 3
    with pytest.raises(KeyError), one_commit():
        count(fail=bool(count()))
    assert count() == 4  # those of the broken commit never were
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        count()


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_cannot_be_had_becomes_busy() -> None:
    with transaction.atomic():
        sequences.next_value("hot")
        refused: list[str] = []

        def wait() -> None:
            rows("SET lock_timeout = '200ms'")
            try:
                action(lambda: sequences.next_value("hot"))()
            except Busy as error:
                refused.append(error.code)
            connection.close()

        waiter = threading.Thread(target=wait)
        waiter.start()
        waiter.join()
    assert refused == ["busy"]


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_whoever_takes_them_and_whoever_gives_up() -> None:
    def take(n: int) -> int | None:
        try:
            with transaction.atomic():
                value = sequences.next_value("receipt")
                if n % 3 == 0:
                    raise RuntimeError
                return value
        except RuntimeError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = [value for value in pool.map(take, range(60)) if value]
    assert sorted(taken) == list(range(1, 41))


@pytest.mark.django_db
def test_a_series_is_raised_and_never_lowered() -> None:
    with transaction.atomic():
        assert sequences.raise_to("receipt", 7) is True
        assert sequences.raise_to("receipt", 7) is False
        assert sequences.raise_to("receipt", 3) is False
        assert sequences.next_value("receipt") == 8


@pytest.fixture
def key() -> str:
    return "k-1"


@pytest.mark.django_db(transaction=True)
def test_a_key_is_taken_once_and_answers_ever_after(key: str) -> None:
    assert idempotency.begin("s", key, body={"a": 1}, at=AT) is None
    with pytest.raises(StillWorking):
        idempotency.begin("s", key, body={"a": 1}, at=AT)
    idempotency.finish("s", key, Answer(201, {"n": 5}))
    assert idempotency.begin("s", key, body={"a": 1}, at=AT) == Answer(201, {"n": 5})
    with pytest.raises(KeyReused):
        idempotency.begin("s", key, body={"a": 2}, at=AT)
    assert idempotency.begin("other", key, body={"a": 2}, at=AT) is None


@pytest.mark.django_db(transaction=True)
def test_a_request_that_died_gives_its_key_back_after_a_minute(key: str) -> None:
    idempotency.begin("s", key, body={}, at=AT)
    with pytest.raises(StillWorking):
        idempotency.begin("s", key, body={}, at=AT + timedelta(seconds=59))
    assert idempotency.begin("s", key, body={}, at=AT + timedelta(seconds=61)) is None


@pytest.mark.django_db(transaction=True)
def test_a_failed_request_gives_its_key_back_at_once(key: str) -> None:
    idempotency.begin("s", key, body={}, at=AT)
    idempotency.finish("s", key, None)
    assert idempotency.begin("s", key, body={}, at=AT) is None


def test_the_order_of_fields_does_not_matter() -> None:
    assert idempotency.fingerprint({"a": 1, "b": [1, 2]}) == idempotency.fingerprint({"b": [1, 2], "a": 1})
    assert idempotency.fingerprint({"b": [2, 1]}) != idempotency.fingerprint({"b": [1, 2]})


def test_a_failpoint_does_what_it_is_armed_with_and_nothing_else() -> None:
    failpoints.failpoint("somewhere")
    failpoints.arm("somewhere", "raise")
    with pytest.raises(failpoints.FailpointReached):
        failpoints.failpoint("somewhere")
    failpoints.arm("somewhere", "off")
    failpoints.failpoint("somewhere")
    assert failpoints.is_off("somewhere")
    failpoints.arm("somewhere", None)
    assert not failpoints.is_off("somewhere")
