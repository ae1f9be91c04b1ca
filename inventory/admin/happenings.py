"""What happened to a document of stock, as entries of a timeline, from the events that its steps recorded."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.catalog.units import text_of
from commerce.company.models import User
from commerce.events.models import Event
from commerce.office.columns import name_of

WORDS: dict[str, tuple[Any, str, str]] = {
    "transfer.requested": (_("Requested"), "plus", ""),
    "transfer.changed": (_("Changed"), "pencil", ""),
    "transfer.approved": (_("Approved, set aside"), "check", ""),
    "transfer.shipped": (_("Shipped"), "truck", ""),
    "transfer.received": (_("Received"), "package-check", "positive"),
    "transfer.returned": (_("Back at the sender"), "undo-2", ""),
    "transfer.written_off": (_("Written off"), "circle-x", "danger"),
    "transfer.short": (_("Missing"), "triangle-alert", "danger"),
    "transfer.closed": (_("Nothing is on the way any more"), "circle-check", "positive"),
    "transfer.canceled": (_("Canceled"), "x", ""),
    "purchase_order.drafted": (_("Drafted"), "plus", ""),
    "purchase_order.changed": (_("Changed"), "pencil", ""),
    "purchase_order.ordered": (_("Ordered"), "send", ""),
    "purchase_order.received": (_("Received"), "package-check", "positive"),
    "purchase_order.closed": (_("Closed"), "circle-check", "positive"),
    "purchase_order.canceled": (_("Canceled"), "x", ""),
}


def of_document(uid: UUID) -> list[dict[str, Any]]:
    """Newest first."""
    events = list(Event.objects.filter(key=str(uid), topic__in=WORDS).order_by("-pk")[:50])
    skus = {sku for event in events for sku in event.payload.get("units", {})}
    goods = {variant.sku: variant for variant in Variant.objects.filter(sku__in=skus).select_related("product")}
    names = {event.payload.get("person") for event in events}
    people = {person.username: name_of(person) for person in User.objects.filter(username__in=names)}
    return [_entry(event, people, goods) for event in events]


def _entry(event: Event, people: dict[str, str], goods: dict[str, Variant]) -> dict[str, Any]:
    title, icon, tone = WORDS[event.topic]
    moved = list(event.payload.get("units", {}).items())[:6]
    units = ", ".join(
        f"{text_of(quantity, goods[sku]) if sku in goods else quantity} × {sku}" for sku, quantity in moved
    )
    if len(event.payload.get("units", {})) > 6:
        units += " …"
    return {
        "title": title,
        "icon": icon,
        "tone": tone,
        "at": event.created_at,
        "by": people.get(event.payload.get("person", ""), ""),
        "note": " · ".join(filter(None, [units, event.payload.get("reason", "")])),
    }
