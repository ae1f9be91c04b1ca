"""F09, F12, T16: words of the card network are kept once, answered at once, worked later, and parked when poisoned."""

import json
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings

from commerce.cases import resolutions
from commerce.cases.models import Case
from commerce.kernel.clock import now
from orders import network_events, tasks
from orders.actions.settle_payment import settle_payment
from orders.actions.work_network_events import work_network_events
from orders.models import NetworkEvent, Order, Payment, RefusedWord
from tests.faults.conftest import in_child, together
from tests.faults.test_webhooks import SUCCEEDED, deliver, event, paid
from tests.sandbox.card_network_process import CardNetwork
from tests.world import World

pytestmark = [pytest.mark.timeout(60), pytest.mark.usefixtures("clean_afterwards")]

ASKED = {"method": "GET", "path": "/v1/payment_intents/*"}


def test_while_the_card_network_cannot_be_asked_the_event_waits(world: World, network: CardNetwork) -> None:
    """It was taken, so it will not come again; it is tried again, with growing pauses."""
    payment = paid(world)
    network.control("faults", {"kind": "error", "times": 2, **ASKED})
    assert deliver(event(payment, SUCCEEDED)) == 200
    kept = NetworkEvent.objects.get()
    assert (kept.state, kept.attempts, Order.objects.get().state) == ("received", 1, "draft")
    assert kept.try_at is not None
    assert kept.try_at > now()
    assert work_network_events(at=now() + timedelta(minutes=2)) == 1
    assert Order.objects.get().state == "open"


def test_the_answer_waits_for_nothing(world: World, network: CardNetwork) -> None:
    """Verified, kept and answered while the card network itself hangs; worked when the queue comes to it."""
    payment = paid(world)
    network.control("faults", {"kind": "delay", "seconds": 2, **ASKED})
    began = time.monotonic()
    assert deliver(event(payment, SUCCEEDED), works=False) == 200
    assert time.monotonic() - began < 1
    assert (NetworkEvent.objects.get().state, Order.objects.get().state) == ("received", "draft")
    network.control("faults", method="DELETE")
    tasks.work_network_events()
    assert (NetworkEvent.objects.get().state, Order.objects.get().state) == ("done", "open")


def test_an_event_is_kept_once_and_counted(world: World) -> None:
    payment = paid(world)
    body = event(payment, SUCCEEDED)
    assert together(*[lambda: deliver(body, works=False)] * 4) == [200] * 4
    kept = NetworkEvent.objects.get()
    assert (kept.deliveries, kept.object_id, kept.state) == (4, payment.provider_id, "received")
    assert tasks.work_network_events() == 1
    assert deliver(body) == 200
    kept.refresh_from_db()
    assert (kept.deliveries, kept.state, kept.attempts) == (5, "done", 1)


def test_an_event_is_worked_by_one_worker(world: World) -> None:
    bodies = [event(paid(world), SUCCEEDED) for _n in range(2)]
    for body in bodies:
        deliver(body, works=False)
    assert sum(together(*[tasks.work_network_events] * 4)) == 2
    assert set(NetworkEvent.objects.values_list("state", "attempts")) == {("done", 1)}


def test_what_would_let_somebody_pay_is_not_kept_with_the_event(world: World) -> None:
    payment = paid(world)
    secret = {"id": payment.provider_id, "object": "payment_intent", "client_secret": "pi_secret", "note": "a\x00b"}
    assert deliver(event(payment, SUCCEEDED, data={"object": secret})) == 200
    assert NetworkEvent.objects.get().payload["data"]["object"] == {
        "id": payment.provider_id,
        "object": "payment_intent",
        "note": "ab",
    }


def test_a_poisoned_event_is_parked_with_a_case_and_can_be_worked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = paid(world), paid(world)

    def settle_others(uid: UUID, *, at: datetime) -> Order:
        if uid == first.uid:
            raise RuntimeError("a bug")
        return settle_payment(uid, at=at)

    with monkeypatch.context() as broken:
        broken.setattr("orders.network_workers.settle_payment", settle_others)
        assert [deliver(event(payment, SUCCEEDED), works=False) for payment in (first, second)] == [200, 200]
        assert tasks.work_network_events() == 1
        assert Order.objects.get(pk=second.order_id).state == "open"
        for again in range(1, network_events.MAX_ATTEMPTS):
            work_network_events(at=now() + timedelta(days=again))
        kept = NetworkEvent.objects.get(object_id=first.provider_id)
        assert (kept.state, kept.attempts, kept.reason) == ("parked", 10, "RuntimeError('a bug')")
        case = Case.objects.get(kind="network_event_parked")
        assert (case.subject, case.owner_role) == (kept.event_id, "office")
        assert work_network_events(at=now() + timedelta(days=99)) == 0

    resolutions.run(case, "work_again", person=None, at=now())
    assert tasks.work_network_events() == 1
    case.refresh_from_db()
    kept.refresh_from_db()
    assert (kept.state, case.status, Order.objects.get(pk=first.order_id).state) == ("done", "resolved", "open")


def test_a_worker_that_died_gives_its_event_back(world: World) -> None:
    deliver(event(paid(world), SUCCEEDED), works=False)
    assert in_child(tasks.work_network_events, orders__before_settle="kill") == 137
    assert Order.objects.get().state == "draft"
    assert tasks.work_network_events() == 0  # it may still be at it
    assert work_network_events(at=now() + network_events.LEASE) == 1
    assert Order.objects.get().state == "open"


def test_the_longest_prefix_says_who_works_an_event(settings: Any, transactional_db: None) -> None:
    settings.NETWORK_EVENT_WORKERS = {"charge.": "a", "charge.refund": "b", "refund.": "c"}
    found = [network_events.worker_of(kind) for kind in ("charge.succeeded", "charge.refunded", "refund.failed", "x")]
    assert found == ["a", "b", "c", ""]


def test_what_is_not_for_us_is_kept_with_its_reason(world: World) -> None:
    payment = paid(world)
    assert deliver(event(payment, SUCCEEDED, account="acct_other")) == 200
    kept = NetworkEvent.objects.get()
    assert kept.state == "refused"
    assert "acct_other" in kept.reason
    assert Order.objects.get().state == "draft"
    with override_settings(STRIPE_ACCOUNT="acct_ours"):
        assert deliver(event(payment, SUCCEEDED, 1, account="acct_ours")) == 200
    assert Order.objects.get().state == "open"


def test_words_without_a_signature_are_counted_and_not_kept(world: World) -> None:
    body = event(paid(world), SUCCEEDED)
    assert [deliver(body, secret="whsec_wrong") for _n in range(3)] == [400] * 3
    assert deliver(body, at=time.time() - 3600) == 400
    assert deliver(b"[]") == 400
    assert deliver(json.dumps({"type": "x"}).encode()) == 400
    assert deliver(event(Payment(), SUCCEEDED, padding="x" * 300_000)) == 413
    counted = dict(RefusedWord.objects.values_list("reason", "count"))
    assert counted == {"signature": 3, "stale": 1, "shape": 2, "size": 1}
    assert not NetworkEvent.objects.exists()
