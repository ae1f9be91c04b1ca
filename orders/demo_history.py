"""The card payments of the demo's history, as the card network's stand-in is told of them before it starts: then money
can go back to their cards, and one of them is contested."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Max

from orders.models import Payment

MADE_UP = "pi_demo_"
CONTESTED_AFTER = timedelta(days=12)


def card_payments() -> Iterator[dict[str, Any]]:
    """A row for each, the oldest first: see `commerce.sandbox.card_network.history`."""
    taken = Payment.objects.filter(provider_id__startswith=MADE_UP, captured_minor__gt=0).order_by("pk")
    contested = _contested()
    for paid in taken.iterator():
        key = paid.provider_id.removeprefix("pi_")
        yield {
            "id": paid.provider_id,
            "charge": f"ch_{key}",
            "amount": paid.captured_minor,
            "refunded": paid.refunded_minor,
            "currency": paid.currency,
            "created": int((paid.settled_at or paid.created_at).timestamp()),
            "brand": str(paid.details.get("brand") or ""),
            "last4": str(paid.details.get("last4") or ""),
            "dispute": "product_not_received" if paid.pk == contested else "",
        }


def _contested() -> int | None:
    """A parcel of some time before the end of the history, of which its buyer will say that it never came."""
    latest = Payment.objects.filter(provider_id__startswith=MADE_UP).aggregate(at=Max("created_at"))["at"]
    if latest is None:
        return None
    shipped = Payment.objects.filter(
        provider_id__startswith=MADE_UP,
        tender="card_online",
        refunded_minor=0,
        refund_pending_minor=0,
        order__state="closed",
        order__fulfillments__type="ship",
        created_at__lte=latest - CONTESTED_AFTER,
    )
    return shipped.order_by("-created_at", "pk").values_list("pk", flat=True).first()
