"""Idempotency keys, scripted failures, and a network that is killed in the middle of things."""

import threading
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.sandbox.asking import intent, paid, refused, until
from tests.sandbox.card_network_process import CardNetwork, start_card_network

ORDER = {"amount": 1999, "currency": "usd", "allowed_payment_method_types": ["card"]}


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[CardNetwork]:
    """A card network of the test's own, to be killed."""
    network = start_card_network(tmp_path / "data")
    yield network
    network.kill()


def pay_now(api: Any, key: str, **given: Any) -> Any:
    """Create and confirm under an idempotency key."""
    order = {**ORDER, "confirm": True, "payment_method": "pm_card_visa", **given}
    return api.payment_intents.create(order, {"idempotency_key": key})


def test_the_same_key_gets_the_first_answer_again(api: Any) -> None:
    first, again = pay_now(api, "one"), pay_now(api, "one")
    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert again.last_response.headers["Original-Request"] == first.last_response.headers["Request-Id"]
    assert len(api.charges.list().data) == 1
    error = refused(lambda: pay_now(api, "one", amount=500))
    assert isinstance(error, stripe.IdempotencyError)
    assert (error.http_status, len(api.charges.list().data)) == (400, 1)


def test_a_refusal_is_remembered_and_a_bad_parameter_is_not(api: Any) -> None:
    errors = [refused(lambda: pay_now(api, "no", payment_method="pm_card_chargeDeclined")) for _ in range(2)]
    assert errors[0].error.payment_intent.id == errors[1].error.payment_intent.id
    assert len(api.charges.list().data) == 1
    assert refused(lambda: pay_now(api, "typo", amuont=5)).code == "parameter_unknown"
    assert pay_now(api, "typo").status == "succeeded"


def test_keys_are_forgotten_after_a_day(card_network: CardNetwork, api: Any) -> None:
    first = pay_now(api, "old")
    card_network.control("clock", {"advance": 23 * 3600})
    assert pay_now(api, "old").id == first.id
    card_network.control("clock", {"advance": 2 * 3600})
    assert pay_now(api, "old").id != first.id


def test_a_second_call_under_a_key_in_use_is_told_so(card_network: CardNetwork, api: Any) -> None:
    card_network.control("faults", {"kind": "delay", "path": "/v1/payment_intents", "seconds": 1})
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(pay_now(api, "busy")))
    thread.start()
    time.sleep(0.3)
    error = refused(lambda: pay_now(card_network.client().v1, "busy"))
    thread.join()
    assert (error.http_status, error.json_body["error"]["code"]) == (409, "idempotency_key_in_use")
    assert pay_now(api, "busy").id == answers[0].id
    assert len(api.charges.list().data) == 1


@pytest.mark.parametrize(
    ("kind", "charged", "retry_works"),
    [("error", 0, True), ("error_after", 1, False), ("drop", 0, True), ("drop_after", 1, True)],
)
def test_scripted_failures(card_network: CardNetwork, api: Any, kind: str, charged: int, retry_works: bool) -> None:
    card_network.control("faults", {"kind": kind, "path": "/v1/payment_intents", "times": 1})
    error = refused(lambda: pay_now(api, "k", metadata={"order": "A"}))
    assert isinstance(error, stripe.APIConnectionError if "drop" in kind else stripe.APIError)
    assert card_network.control("charges")["count"] == charged
    if retry_works:
        assert pay_now(api, "k", metadata={"order": "A"}).status == "succeeded"
    else:
        assert refused(lambda: pay_now(api, "k", metadata={"order": "A"})).http_status == 500
        assert api.payment_intents.search({"query": "metadata['order']:'A'"}).data[0].status == "succeeded"
    assert card_network.control("charges")["count"] == 1
    assert card_network.control("faults") == {"data": []}


def test_faults_hit_only_what_they_name(card_network: CardNetwork, api: Any) -> None:
    card_network.control("faults", {"kind": "error", "path": "/v1/payment_intents/*/capture", "times": 2})
    card_network.control("faults", {"kind": "delay_after", "method": "GET", "path": "/v1/charges", "seconds": 0.4})
    held = paid(api, capture_method="manual")
    for _ in range(2):
        assert refused(lambda: api.payment_intents.capture(held.id)).http_status == 500
    assert api.payment_intents.capture(held.id).status == "succeeded"
    began = time.monotonic()
    api.charges.list()
    assert time.monotonic() - began >= 0.4
    card_network.control("faults", {"kind": "error", "times": 9})
    card_network.control("faults", method="DELETE")
    assert intent(api).status == "requires_payment_method"
    with pytest.raises(urllib.error.HTTPError):
        card_network.control("faults", {"kind": "earthquake"})
    with pytest.raises(urllib.error.HTTPError):
        card_network.control("faults", {"kind": "error", "tmies": 2})


def test_the_timeout_card_is_charged_but_nobody_hears_of_it(card_network: CardNetwork, api: Any) -> None:
    patient = card_network.client(retries=2).v1
    error = refused(lambda: pay_now(patient, "lost", payment_method="pm_card_timeout", metadata={"order": "T"}))
    assert isinstance(error, stripe.APIConnectionError)
    found = api.payment_intents.search({"query": "metadata['order']:'T'"}).data
    assert [one.status for one in found] == ["succeeded"]
    late = pay_now(api, "lost", payment_method="pm_card_timeout", metadata={"order": "T"})
    assert (late.id, late.status) == (found[0].id, "succeeded")
    assert card_network.control("charges")["count"] == 1


def test_a_killed_network_forgets_nothing_it_has_answered(mortal: CardNetwork) -> None:
    api = mortal.client().v1
    customer = api.customers.create({"name": "Ada"})
    done = pay_now(api, "kept", customer=customer.id, metadata={"order": "K"})
    held = paid(api, capture_method="manual")
    refund = api.refunds.create({"payment_intent": done.id, "amount": 100})
    mortal.control("clock", {"advance": 3600})
    before = [event.id for event in api.events.list({"limit": 100}).data]
    mortal.kill()
    mortal.restart()

    assert api.payment_intents.retrieve(done.id).to_dict() == done.to_dict()
    assert pay_now(api, "kept", customer=customer.id, metadata={"order": "K"}).id == done.id
    assert api.payment_intents.capture(held.id).status == "succeeded"
    assert api.refunds.retrieve(refund.id).status == "succeeded"
    assert api.refunds.create({"payment_intent": done.id}).amount == 1899
    after = [event.id for event in api.events.list({"limit": 100}).data]
    assert after[-len(before) :] == before
    assert intent(api).created - time.time() > 3500
    until(lambda: api.charges.retrieve(done.latest_charge).balance_transaction)


def test_a_kill_under_load_loses_no_answered_payment(mortal: CardNetwork) -> None:
    answered: list[str] = []
    stop = threading.Event()

    def buy(number: int) -> None:
        api = mortal.client().v1
        count = 0
        while not stop.is_set():
            try:
                answered.append(pay_now(api, f"{number}-{count}").id)
            except stripe.APIConnectionError:
                return
            count += 1

    buyers = [threading.Thread(target=buy, args=(number,)) for number in range(4)]
    for buyer in buyers:
        buyer.start()
    until(lambda: len(answered) >= 40, seconds=20)
    mortal.kill()
    stop.set()
    for buyer in buyers:
        buyer.join()
    mortal.restart()
    api = mortal.client().v1
    kept = {one.id: one.status for one in api.payment_intents.list({"limit": 100}).auto_paging_iter()}
    assert all(kept.get(one) == "succeeded" for one in answered)
    assert len(answered) <= mortal.control("charges")["count"] <= len(answered) + 4


def test_a_half_written_line_is_dropped_and_a_damaged_journal_refused(mortal: CardNetwork, tmp_path: Path) -> None:
    done = paid(mortal.client().v1)
    mortal.kill()
    journal = tmp_path / "data" / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'[["payment_intent","pi_half')
    mortal.restart()
    assert mortal.client().v1.payment_intents.retrieve(done.id).status == "succeeded"
    mortal.kill()
    journal.write_bytes(b"no journal\n" + whole)
    with pytest.raises(RuntimeError, match="ended with 1"):
        mortal.restart()
    assert journal.read_bytes() == b"no journal\n" + whole


def test_what_stops_a_start_is_told_plainly(mortal: CardNetwork, tmp_path: Path, capfd: Any) -> None:
    port = int(mortal.url.rpartition(":")[2])
    for directory, given, words in (
        ("other", {"port": port}, "address already in use"),
        ("data", {}, "Another card network is running on"),
        ("third", {"CARD_NETWORK_READER_AUTO_PRESENT": "soon"}, "must be a number of seconds, not 'soon'"),
        ("fourth", {"webhook_url": "http://127.0.0.1:9"}, "belong together"),
    ):
        with pytest.raises(RuntimeError, match="ended with 1"):
            start_card_network(tmp_path / directory, **given)
        seen = capfd.readouterr().err
        assert words in seen
        assert "Traceback" not in seen


def test_no_card_number_reaches_the_disk(mortal: CardNetwork, tmp_path: Path) -> None:
    card = {"number": "5555 5555 5555 4444", "exp_month": 12, "exp_year": 2050, "cvc": "987"}
    made = mortal.client().v1.payment_methods.create({"type": "card", "card": card})
    assert paid(mortal.client().v1, made.id).status == "succeeded"
    mortal.stop()
    written = (tmp_path / "data" / "journal.jsonl").read_text()
    assert made.id in written
    assert "5555555555554444" not in written.replace(" ", "")
    assert '"987"' not in written
