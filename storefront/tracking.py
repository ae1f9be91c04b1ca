"""Where an order is: its parts and its history, in the words for the person who bought it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import qrcode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.company.models import Location
from orders import codes, gift_card_words, timeline
from orders.models import Fulfillment, Order
from storefront import promises

ICONS = {
    "placed": "shopping-bag",
    "paid": "credit-card",
    "ready": "package-check",
    "handed_over": "hand",
    "shipped": "truck",
    "refunded": "undo-2",
    "canceled": "circle-x",
    "rest_canceled": "circle-x",
    "sold": "store",
    "gift_card_sent": "gift",
}


DONE = {
    "pickup": gettext_lazy("Collected"),
    "ship": gettext_lazy("On its way"),
    "email": gettext_lazy("By e-mail"),
}


def stand(order: Order) -> tuple[str, str]:
    """How far an order is as a whole: a word for the person who bought it, and the tone of its chip."""
    every = list(order.fulfillments.all())
    parts = [part for part in every if part.state != "canceled"]
    parts = [part for part in parts if part.type != "email"] or parts  # what people wait for
    states = {part.state for part in parts}
    if every and not parts:
        return _("Canceled"), "open"
    if states == {"done"}:
        types = {part.type for part in parts}
        return str(DONE.get(types.pop(), _("Done")) if len(types) == 1 else _("Done")), "positive"
    if "ready" in states:
        return _("Ready to collect"), "positive"
    return (_("Partly done") if "done" in states else _("In preparation")), "open"


def part(fulfillment: Fulfillment, at: datetime) -> dict[str, Any]:
    """A fulfillment: what happens next, and the code to collect it with while it waits."""
    is_pickup, is_mailed = fulfillment.type == "pickup", fulfillment.type == "email"
    waits = fulfillment.state in ("pending", "ready")
    code = codes.pickup_code(fulfillment.uid) if is_pickup and waits else ""
    return {
        "fulfillment": fulfillment,
        "is_pickup": is_pickup,
        "is_mailed": is_mailed,
        "title": _title(fulfillment),
        "next": _next(fulfillment, at),
        "hours": promises.hours_sentence(fulfillment.location, at) if is_pickup and waits else "",
        "week": _week(fulfillment.location) if is_pickup and waits else [],
        "directions": _directions(fulfillment.location) if is_pickup and waits else "",
        "code": code,
        "qr": qr_path(code) if code else "",
        "qr_size": len(_matrix(code)) if code else 0,
    }


def _week(place: Location) -> list[tuple[str, str]]:
    return promises.week(place) if place.opening_hours else []


def _directions(place: Location) -> str:
    """The address of a map on which the shopper asks for the way; where they start they tell only the map."""
    return f"https://www.openstreetmap.org/directions?{urlencode({'to': f'{place.latitude},{place.longitude}'})}"


def _title(fulfillment: Fulfillment) -> str:
    if fulfillment.type == "email":
        return _("Gift card by e-mail")
    if fulfillment.type == "pickup":
        return _("Pickup at %(store)s") % {"store": fulfillment.location.name}
    return _("Delivery") if fulfillment.type == "ship" else _("Taken along")


def _next(fulfillment: Fulfillment, at: datetime) -> str:
    """One or two sentences: what we do now and what the shopper does."""
    state, is_pickup = fulfillment.state, fulfillment.type == "pickup"
    if state == "canceled":
        return _("This part was canceled.")
    if fulfillment.type == "email":
        return " ".join(f"{gift_card_words.sentence(line.order_line)}." for line in fulfillment.lines.all())
    if is_pickup and state == "pending":
        ready = promises.ready_sentence(fulfillment.location, fulfillment.order.placed_at or at)
        return _("We are gathering your things: %(ready)s. We write to you when you can come.") % {"ready": ready}
    if is_pickup and state == "ready":
        return _("It is ready. Come by and show this code at the counter.")
    if is_pickup:
        return _("You have collected it. Enjoy it.")
    if state == "done":
        parcel = f"{fulfillment.carrier} {fulfillment.tracking}".strip()
        return _("It is on its way: %(parcel)s") % {"parcel": parcel} if parcel else _("It is on its way.")
    arrives = promises.delivery_sentence(fulfillment.order.placed_at or at, fulfillment.location.time_zone)
    return _("We are packing it. %(arrives)s.") % {"arrives": arrives}


def entries(order: Order) -> list[dict[str, Any]]:
    """What has happened, the newest first; only what concerns the shopper."""
    shown = [entry for entry in order.timeline.all() if entry.kind in ICONS]
    return [
        {
            "title": timeline.words(entry),
            "at": entry.created_at,
            "icon": ICONS[entry.kind],
            "tone": "positive" if entry.kind in ("ready", "handed_over", "shipped") else "",
        }
        for entry in reversed(shown)
    ]


def qr_path(text: str) -> str:
    """The dark squares of a QR code as the path of an SVG, one unit each; its view box is `qr_size` wide."""
    return "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(_matrix(text)) for x, is_dark in enumerate(row) if is_dark
    )


def _matrix(text: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=3)
    code.add_data(text)
    code.make(fit=True)
    return code.get_matrix()
