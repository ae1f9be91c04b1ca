"""Card readers: sent a payment, they wait, decide and report; and they can be lost, busy or turned away from."""

from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.asking import intent, refused, until
from tests.sandbox.card_network_process import CardNetwork, start_card_network


@pytest.fixture
def reader(api: Any) -> Any:
    """A registered reader at a location."""
    place = {"line1": "1 Main St", "city": "Portland", "state": "OR", "country": "US", "postal_code": "97201"}
    location = api.terminal.locations.create({"display_name": "Main St", "address": place})
    return api.terminal.readers.create(
        {"registration_code": "simulated-wpe", "label": "Front counter", "location": location.id}
    )


def at_reader(api: Any, **given: Any) -> Any:
    """An intent to be taken at a reader."""
    return intent(api, allowed_payment_method_types=["card_present"], **given)


def send(api: Any, reader: Any, payment: Any) -> Any:
    """Send the payment to the reader."""
    return api.terminal.readers.process_payment_intent(
        reader.id, {"payment_intent": payment.id, "process_config": {"enable_customer_cancellation": True}}
    )


def outcome(api: Any, reader: Any) -> Any:
    """The reader's action once it has ended."""
    return until(
        lambda: (found := api.terminal.readers.retrieve(reader.id)).action.status != "in_progress" and found.action
    )


def test_a_presented_card_pays(card_network: CardNetwork, api: Any, reader: Any) -> None:
    payment = at_reader(api, capture_method="manual")
    sent = send(api, reader, payment)
    assert (sent.action.status, sent.action.process_payment_intent.payment_intent) == ("in_progress", payment.id)
    assert api.payment_intents.retrieve(payment.id).status == "requires_payment_method"
    done = api.test_helpers.terminal.readers.present_payment_method(
        reader.id, {"type": "card_present", "card_present": {"number": "5555555555554444"}}
    )
    assert done.action.status == "succeeded"
    held = api.payment_intents.retrieve(payment.id, {"expand": ["latest_charge"]})
    assert held.status == "requires_capture"
    details = held.latest_charge.payment_method_details
    assert (details.type, details.card_present.brand, details.card_present.last4) == (
        "card_present",
        "mastercard",
        "4444",
    )
    assert (details.card_present.reader, details.card_present.location) == (reader.id, reader.location)
    assert details.card_present.receipt.application_preferred_name
    taken = api.payment_intents.capture(payment.id, {"expand": ["latest_charge.balance_transaction"]})
    assert taken.latest_charge.balance_transaction.fee == 59
    assert api.refunds.create({"payment_intent": payment.id}).status == "succeeded"


@pytest.mark.parametrize(
    ("gesture", "code"), [("present", None), ("decline", "card_declined"), ("cancel", "customer_canceled")]
)
def test_the_customer_does_what_the_buttons_say(
    card_network: CardNetwork, api: Any, reader: Any, gesture: str, code: str | None
) -> None:
    payment = at_reader(api)
    send(api, reader, payment)
    card_network.control(f"readers/{reader.id}/{gesture}", {})
    action = outcome(api, reader)
    assert (action.status, action.failure_code) == ("failed" if code else "succeeded", code)
    status = api.payment_intents.retrieve(payment.id).status
    assert status == ("requires_payment_method" if code else "succeeded")
    if code:
        send(api, reader, payment)
        card_network.control(f"readers/{reader.id}/present", {})
        assert outcome(api, reader).status == "succeeded"
    types = [event.type for event in api.events.list({"limit": 100}).data]
    assert f"terminal.reader.action_{'failed' if code else 'succeeded'}" in types
    assert card_network.control("charges")["count"] == 1


def test_a_reader_that_is_busy_or_offline_says_so(card_network: CardNetwork, api: Any, reader: Any) -> None:
    payment = at_reader(api)
    card_network.control(f"readers/{reader.id}", {"busy": True})
    assert refused(lambda: send(api, reader, payment)).code == "terminal_reader_busy"
    card_network.control(f"readers/{reader.id}", {"busy": False, "status": "offline"})
    assert refused(lambda: send(api, reader, payment)).code == "terminal_reader_offline"
    assert [one.id for one in api.terminal.readers.list({"status": "offline"}).data] == [reader.id]
    card_network.control(f"readers/{reader.id}", {"status": "online"})
    send(api, reader, payment)
    card_network.control(f"readers/{reader.id}/present", {})
    assert refused(lambda: api.terminal.readers.cancel_action(reader.id)).code == "terminal_reader_busy"
    assert refused(lambda: send(api, reader, at_reader(api))).code == "terminal_reader_busy"
    assert outcome(api, reader).status == "succeeded"
    assert refused(lambda: send(api, reader, payment)).code == "payment_intent_unexpected_state"
    assert refused(lambda: send(api, reader, intent(api))).code == "payment_intent_incompatible_payment_method"


def test_a_payment_that_still_waits_is_canceled_or_replaced(card_network: CardNetwork, api: Any, reader: Any) -> None:
    first, second = at_reader(api), at_reader(api, amount=500)
    send(api, reader, first)
    assert api.terminal.readers.cancel_action(reader.id).action is None
    assert api.payment_intents.cancel(first.id).status == "canceled"
    with pytest.raises(Exception, match="400"):
        card_network.control(f"readers/{reader.id}/present", {})
    send(api, reader, at_reader(api))
    send(api, reader, second)
    card_network.control(f"readers/{reader.id}/present", {})
    assert outcome(api, reader).process_payment_intent.payment_intent == second.id
    assert card_network.control("charges")["amount"] == 500


def test_an_intent_canceled_while_the_card_is_held_takes_no_money(
    card_network: CardNetwork, api: Any, reader: Any
) -> None:
    payment = at_reader(api)
    send(api, reader, payment)
    card_network.control(f"readers/{reader.id}/present", {})
    api.payment_intents.cancel(payment.id)
    assert outcome(api, reader).failure_code == "payment_intent_unexpected_state"
    assert card_network.control("charges")["count"] == 0


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("approve", None),
        ("decline", "card_declined"),
        ("timeout", "terminal_reader_timeout"),
    ],
)
def test_a_scripted_customer_acts_by_itself(
    card_network: CardNetwork, api: Any, reader: Any, script: str, code: str | None
) -> None:
    card_network.control(f"readers/{reader.id}", {"auto_present": 0.1, "outcome": script})
    send(api, reader, at_reader(api))
    assert outcome(api, reader).failure_code == code


def test_readers_present_cards_by_themselves_when_the_environment_says_so(tmp_path: Path) -> None:
    network = start_card_network(tmp_path, CARD_NETWORK_READER_AUTO_PRESENT="0.1")
    try:
        api = network.client().v1
        made = api.terminal.readers.create({"registration_code": "simulated-s700"})
        send(api, made, at_reader(api))
        assert outcome(api, made).status == "succeeded"
        network.control(f"readers/{made.id}", {"auto_present": None, "outcome": "cancel"})
        send(api, made, at_reader(api))
        assert outcome(api, made).failure_code == "customer_canceled"
    finally:
        network.stop()


def test_the_cart_is_shown_while_the_cashier_scans(card_network: CardNetwork, api: Any, reader: Any) -> None:
    line = {"description": "Socks", "amount": 1580, "quantity": 2}
    cart = {"currency": "usd", "total": 1580, "line_items": [line]}
    shown = api.terminal.readers.set_reader_display(reader.id, {"type": "cart", "cart": cart})
    assert shown.action.set_reader_display.cart.line_items[0].description == "Socks"
    screen = card_network.control(f"readers/{reader.id}")
    assert (screen["phase"], screen["amount"], screen["lines"][0]["quantity"]) == ("cart", "$15.80", 2)


def test_readers_and_locations_are_kept(api: Any, reader: Any) -> None:
    assert api.terminal.readers.list({"location": reader.location}).data[0].label == "Front counter"
    assert api.terminal.readers.update(reader.id, {"label": "Back"}).label == "Back"
    token = api.terminal.connection_tokens.create({"location": reader.location})
    assert token.secret.startswith("pst_test_")
    assert "registration code" in refused(lambda: api.terminal.readers.create({"registration_code": "x"})).user_message
    assert api.terminal.locations.delete(reader.location).deleted is True
    assert api.terminal.readers.retrieve(reader.id).location is None
    assert api.terminal.readers.delete(reader.id).deleted is True
    assert refused(lambda: api.terminal.readers.retrieve(reader.id)).http_status == 404


def test_readers_that_the_environment_names_are_there_from_the_start(tmp_path: Path) -> None:
    named = "tmr_demo_pdx1=PDX-1-R1 Front counter; tmr_demo_pdx2 = Tablet"
    network = start_card_network(tmp_path, CARD_NETWORK_READERS=named, CARD_NETWORK_READER_AUTO_PRESENT="0.1")
    try:
        api = network.client().v1
        assert {reader.id: reader.label for reader in api.terminal.readers.list().data} == {
            "tmr_demo_pdx1": "PDX-1-R1 Front counter",
            "tmr_demo_pdx2": "Tablet",
        }
        network.reset()
        front = api.terminal.readers.retrieve("tmr_demo_pdx1")
        payment = at_reader(api, amount=1900)
        send(api, front, payment)
        assert outcome(api, front).status == "succeeded"
        network.stop()
        network.restart()
        assert api.payment_intents.retrieve(payment.id).status == "succeeded"
        assert len(api.terminal.readers.list().data) == 2
    finally:
        network.kill()


def test_a_reader_with_a_strange_id_keeps_the_network_from_starting(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 1"):
        start_card_network(tmp_path, CARD_NETWORK_READERS="front counter=Front")
