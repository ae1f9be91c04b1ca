"""Signed events: sent again until somebody takes them, and every way in which they can go astray."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.sandbox.asking import intent, paid, refused, until
from tests.sandbox.card_network_process import CardNetwork, start_card_network
from tests.sandbox.listener import Listener


@pytest.fixture
def told(card_network: CardNetwork, listener: Listener, api: Any) -> CardNetwork:
    """The card network, with the listener as its webhook endpoint."""
    made = api.webhook_endpoints.create({"url": listener.url, "enabled_events": ["*"]})
    listener.secret = made.secret
    return card_network


@pytest.fixture
def hasty(tmp_path: Path, listener: Listener) -> Iterator[CardNetwork]:
    """A card network of the test's own that knows the listener from its environment and retries at once."""
    network = start_card_network(
        tmp_path, webhook_url=listener.url, webhook_secret=listener.secret, CARD_NETWORK_WEBHOOK_RETRIES="0.1,0.2,0.4"
    )
    yield network
    network.kill()


def test_every_step_of_a_payment_is_told(told: CardNetwork, listener: Listener, api: Any) -> None:
    made = intent(api, metadata={"order": "W"})
    refused(lambda: api.payment_intents.confirm(made.id, {"payment_method": "pm_card_chargeDeclined"}))
    api.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa"})
    api.refunds.create({"payment_intent": made.id, "amount": 100})
    listener.wait(lambda one: "charge.refunded" in one.types() and "charge.updated" in one.types())
    assert set(listener.types()) >= {
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
        "refund.created",
        "charge.refunded",
    }
    event = next(one for one in listener.events if one.type == "payment_intent.succeeded")
    assert (event.object, event.data.object.id, event.data.object.metadata["order"]) == ("event", made.id, "W")
    assert event.request.idempotency_key
    failed = next(one for one in listener.events if one.type == "payment_intent.payment_failed")
    assert failed.data.object.last_payment_error.code == "card_declined"
    assert failed.data.object.status == "requires_payment_method"
    assert api.events.retrieve(event.id).data.object.status == "succeeded"


def test_a_wrong_secret_or_a_changed_body_is_noticed(told: CardNetwork, listener: Listener, api: Any) -> None:
    taken: list[tuple[bytes, str]] = []
    listener.take = lambda body, signature: taken.append((body, signature)) or 200  # type: ignore[method-assign]
    intent(api)
    until(lambda: taken)
    body, signature = taken[0]
    assert stripe.Webhook.construct_event(body, signature, listener.secret).type == "payment_intent.created"
    for changed, secret in ((body.replace(b"1999", b"1"), listener.secret), (body, "whsec_other")):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(changed, signature, secret)


def test_a_refused_delivery_is_repeated_until_it_is_taken(hasty: CardNetwork, listener: Listener) -> None:
    listener.statuses = [500, 503, 302]
    api = hasty.client().v1
    intent(api)
    assert len(api.events.list({"delivery_success": False}).data) == 1
    listener.wait(lambda one: len(one.events) == 1)
    assert listener.refused == 3
    until(lambda: not api.events.list({"delivery_success": False}).data)
    assert api.events.list().data[0].pending_webhooks == 0


def test_deliveries_that_nobody_took_go_on_after_a_kill(hasty: CardNetwork, listener: Listener) -> None:
    listener.statuses = [500]
    hasty.control("webhooks", {"delay": 1})
    intent(hasty.client().v1)
    hasty.kill()
    assert listener.events == []
    hasty.restart()
    listener.wait(lambda one: one.types() == ["payment_intent.created"] and one.refused == 1)


def test_after_the_last_try_an_event_is_only_in_the_list(hasty: CardNetwork, listener: Listener) -> None:
    listener.statuses = [500] * 4
    api = hasty.client().v1
    intent(api)
    until(lambda: listener.refused == 4)
    time.sleep(0.3)
    assert listener.events == []
    missed = api.events.list({"delivery_success": False}).data
    assert [one.type for one in missed] == ["payment_intent.created"]


def test_webhooks_can_be_off_held_omitted_or_never_made(told: CardNetwork, listener: Listener, api: Any) -> None:
    told.control("webhooks", {"mode": "off"})
    intent(api)
    told.control("webhooks", {"mode": "silent"})
    intent(api)
    told.control("webhooks", {"mode": "on", "omit": ["charge.*"]})
    paid(api)
    listener.wait(lambda one: "payment_intent.succeeded" in one.types())
    assert not [kind for kind in listener.types() if kind.startswith("charge.")]
    told.control("webhooks", {"mode": "hold", "omit": []})
    held = intent(api)
    time.sleep(0.3)
    assert held.id not in [one.data.object.id for one in listener.events]
    told.control("webhooks", {"mode": "on"})
    listener.wait(lambda one: held.id in [event.data.object.id for event in one.events])
    assert len(api.payment_intents.list().data) == 4
    assert [one.type for one in api.events.list({"limit": 100}).data].count("payment_intent.created") == 3


def test_duplicates_reverse_order_and_replays(told: CardNetwork, listener: Listener, api: Any) -> None:
    told.control("webhooks", {"duplicate": 2, "order": "reverse", "concurrency": 1})
    done = paid(api, capture_method="automatic")
    listener.wait(lambda one: len(one.events) == 9)
    order = list(dict.fromkeys(listener.types()))
    assert order == ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"]
    assert all(listener.types().count(kind) == 3 for kind in order)
    told.control("webhooks", {"duplicate": 0, "order": "created"})
    events = [one.id for one in reversed(listener.events)][::3]
    listener.events.clear()
    told.control("webhooks/replay", {"events": events})
    listener.wait(lambda one: len(one.events) == 3)
    assert [one.id for one in listener.events] == events
    assert listener.events[-1].data.object.id == done.id


def test_webhooks_can_come_before_the_answer(told: CardNetwork, listener: Listener, api: Any) -> None:
    told.control("faults", {"kind": "delay_after", "path": "/v1/payment_intents", "seconds": 0.7})
    began = time.monotonic()
    made = intent(api)
    assert time.monotonic() - began >= 0.7
    assert listener.types() == ["payment_intent.created"]
    assert listener.events[0].data.object.id == made.id


def test_endpoints_choose_their_events(card_network: CardNetwork, listener: Listener, api: Any) -> None:
    made = api.webhook_endpoints.create({"url": listener.url, "enabled_events": ["payment_intent.succeeded"]})
    listener.secret = made.secret
    assert "secret" not in api.webhook_endpoints.retrieve(made.id)
    paid(api)
    listener.wait(lambda one: one.types() == ["payment_intent.succeeded"])
    api.webhook_endpoints.update(made.id, {"disabled": True})
    paid(api)
    api.webhook_endpoints.delete(made.id)
    paid(api)
    time.sleep(0.3)
    assert listener.types() == ["payment_intent.succeeded"]
    assert (
        "full address"
        in refused(lambda: api.webhook_endpoints.create({"url": "shop", "enabled_events": ["*"]})).user_message
    )
