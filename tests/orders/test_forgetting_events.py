"""What the card network told long ago is removed; what failed, and what still waits, is kept."""

from datetime import timedelta
from typing import Any

import pytest

from commerce.kernel.clock import now
from orders.actions import forget_network_events as forgetting
from orders.models import NetworkEvent

pytestmark = pytest.mark.django_db
OLD = timedelta(days=31)


def keep(name: str, state: str, age: timedelta) -> None:
    at = now() - age
    waits = state == "received"
    NetworkEvent.objects.create(
        event_id=name,
        type="payment_intent.succeeded",
        state=state,
        payload={},
        received_at=at,
        try_at=at if waits else None,
        settled_at=None if waits else at,
    )


def test_only_what_is_over_goes_and_only_when_it_is_old(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.NETWORK_EVENT_DAYS = 30
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for number in range(5):
        keep(f"done {number}", "done", OLD)
    for state in ("left_alone", "refused", "parked", "received"):
        keep(state, state, OLD)
    keep("done lately", "done", timedelta(days=29))
    assert forgetting.forget_network_events(at=now()) == 6
    assert set(NetworkEvent.objects.values_list("event_id", flat=True)) == {
        "refused", "parked", "received", "done lately",
    }  # fmt: skip
    assert forgetting.forget_network_events(at=now()) == 0


def test_what_may_be_sent_again_is_known_for_a_week_at_least(settings: Any) -> None:
    settings.NETWORK_EVENT_DAYS = 0
    keep("yesterday", "done", timedelta(days=1))
    assert forgetting.forget_network_events(at=now()) == 0
