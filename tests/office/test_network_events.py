"""What the card network has told, in the back office: read by those who may, changed by nobody, tried again."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from commerce.kernel.clock import now
from orders.models import NetworkEvent, RefusedWord

pytestmark = pytest.mark.django_db


@pytest.fixture
def parked() -> NetworkEvent:
    return NetworkEvent.objects.create(
        event_id="evt_1",
        type="payment_intent.succeeded",
        object_id="pi_1",
        state="parked",
        reason="RuntimeError('a bug')",
        payload={"id": "evt_1", "data": {"object": {"id": "pi_1"}}},
        attempts=10,
        received_at=now(),
        settled_at=now(),
    )


def test_events_are_listed_read_and_tried_again(parked: NetworkEvent, as_staff: Callable[..., Client]) -> None:
    office = as_staff("office")
    listed = office.get(reverse("admin:orders_networkevent_changelist")).content.decode()
    assert "payment_intent.succeeded" in listed
    assert "a bug" in listed
    page = reverse("admin:orders_networkevent_change", args=[parked.pk])
    assert "evt_1" in office.get(page).content.decode()
    assert office.post(page, {"state": "done"}).status_code == 403
    retry = reverse("admin:orders_networkevent_retry_page", args=[parked.pk])
    assert "Work" in office.get(retry).content.decode()
    parked.refresh_from_db()
    assert parked.state == "parked"  # looking changes nothing
    assert office.post(retry).status_code == 302
    parked.refresh_from_db()
    assert (parked.state, parked.attempts, parked.try_at is not None) == ("received", 0, True)


def test_a_store_has_no_business_with_them(parked: NetworkEvent, as_staff: Callable[..., Client]) -> None:
    manager = as_staff("manager")
    assert manager.get(reverse("admin:orders_networkevent_changelist")).status_code == 403
    assert manager.post(reverse("admin:orders_networkevent_retry_page", args=[parked.pk])).status_code == 403
    parked.refresh_from_db()
    assert parked.state == "parked"


def test_words_that_were_turned_away_are_counted(as_staff: Callable[..., Client]) -> None:
    RefusedWord.objects.create(day=now().date(), reason="signature", count=7, last_at=now(), last_from="203.0.113.9")
    listed = as_staff("office").get(reverse("admin:orders_refusedword_changelist")).content.decode()
    assert "Not signed by the card network" in listed
    assert "203.0.113.9" in listed
