"""What the card network tells of refunds: see `settings.NETWORK_EVENT_WORKERS`. It only says where to look."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from orders.actions.adopt_refund import adopt_refund
from orders.actions.settle_refund import settle_refund
from orders.gateway_refunds import Sent, sent_of
from orders.models import Refund


def work(event: dict[str, Any], *, at: datetime) -> None:
    """An event `refund.*` or `charge.refund*`; any number of times, in any order. Raises `RefundUnknown`."""
    thing = event["data"]["object"]
    if thing.get("object") != "refund":
        return  # charge.refunded tells of a charge; the same fact comes as an event about its refund
    sent = sent_of(thing)
    ours = _ours(sent)
    if ours is not None:
        settle_refund(ours.uid, at=at)
    elif not sent.refund:
        adopt_refund(sent, str(thing.get("payment_intent") or ""), at=at)


def _ours(sent: Sent) -> Refund | None:
    """By the id that we kept, or, when it comes before our own answer did, by the uid that was sent along."""
    found = Refund.objects.filter(provider_id=sent.id).first()
    with suppress(ValueError):  # another program's metadata may say anything
        if found is None and sent.refund:
            found = Refund.objects.filter(uid=UUID(sent.refund)).first()
    return found
