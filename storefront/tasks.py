"""Subscribers of events: what shoppers are told by mail."""

from uuid import UUID

from commerce.events.models import Event
from commerce.kernel.clock import now
from storefront import mails


def email_confirmation(event: Event) -> None:
    """Subscriber of `order.placed`: what was paid in the shop is confirmed by mail, sales have a receipt."""
    if event.payload.get("channel") in ("web", "phone"):
        mails.confirm_order(UUID(event.payload["order"]), at=now())


def email_ready_for_pickup(event: Event) -> None:
    """Subscriber of `fulfillment.ready`."""
    mails.announce_ready(UUID(event.payload["order"]), at=now())
