"""Who works the events of the card network that are about payments: see `orders.network_events`."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from orders.actions.settle_payment import settle_payment
from orders.models import Payment

ANNOUNCED = "payment_intent.created"  # our own doing, of which nothing has come yet


def payment_intent(event: dict[str, Any], *, at: datetime) -> None:
    """Something happened to a payment: the card network is asked what. Raises `PaymentUnknown` when it is silent."""
    if event["type"] == ANNOUNCED:
        return
    intent = event["data"]["object"]
    uid = _payment_of(str(intent["id"]), (intent.get("metadata") or {}).get("payment", ""))
    if uid:
        settle_payment(uid, at=at)


def _payment_of(provider_id: str, uid: str) -> UUID | None:
    """By the id that we kept, or, when it comes before our own answer did, by the uid that we had sent along."""
    found = Payment.objects.filter(provider_id=provider_id).values_list("uid", flat=True).first()
    with suppress(ValueError):  # another program's metadata may say anything
        if found is None and uid:
            found = Payment.objects.filter(uid=UUID(str(uid))).values_list("uid", flat=True).first()
    return found
