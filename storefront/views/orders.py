"""A shopper's order, by the signed link that only they have."""

from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commerce.events import outbox
from commerce.events.live import stream_url
from commerce.kernel.clock import now
from orders import bills, cancellations, codes, gift_card_words, queries
from orders.models import Order
from orders.returnable import label_of
from storefront import checkout, tracking
from storefront.baskets import pictures_of


@never_cache
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    htmx: Any = getattr(request, "htmx", None)
    template = "storefront/_order.html" if htmx and htmx.target == "order" else "storefront/order.html"
    seen = outbox.here()
    found = opened(token)
    with timezone.override(checkout.zone_of(found)):
        response = render(request, template, order_context(found, token, seen=seen, at=now()))
    response["Referrer-Policy"] = "no-referrer"  # the address opens the order: no other site may learn it
    return response


def opened(token: str) -> Order:
    uid = codes.order_of_link(token)
    found = queries.by_uid(uid) if uid else None
    if found is None or not found.number:
        raise Http404
    prefetch_related_objects([found], "lines__variant", "timeline")
    return found


def order_context(order: Order, token: str, *, seen: outbox.Cursor, at: datetime) -> dict[str, Any]:
    """Everything on an order's page, which listens for what happened after `seen`."""
    lines = list(order.lines.all())
    pictures = pictures_of([line.variant for line in lines], order.market_id, at=now())
    ships = any(part.type == "ship" for part in order.fulfillments.all())
    bill = bills.of_order(order, ships=ships)
    topics = ("order.placed", "order.canceled", "fulfillment.ready", "fulfillment.done")
    return {
        "order": order,
        "token": token,
        "lines": [(line, pictures.get(line.variant_id, ""), gift_card_words.sentence(line)) for line in lines],
        "parts": [tracking.part(part, at) for part in order.fulfillments.all()],
        "stand": tracking.stand(order),
        "timeline": tracking.entries(order),
        "rows": bill.rows(),
        "save": bill.save_minor,
        "may_cancel": cancellations.may_be_withdrawn(order),
        "note": checkout.tax_note(order.taxes, order.currency, included=order.prices_include_tax),
        "payments": [(payment, label_of(payment)) for payment in order.payments.all() if payment.state == "captured"],
        "live_topics": " ".join(topics),
        "live_url": stream_url([f"{topic}:{order.uid}" for topic in topics], after=seen),
    }
