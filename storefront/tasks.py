"""What shoppers are told by mail: subscribers of events, and the beat for what has a day."""

from uuid import UUID

from celery import shared_task

from commerce.events.models import Event
from commerce.kernel.clock import now
from storefront import card_mails, mails, phone_mails
from storefront.actions import send_gift_cards as sending


def email_confirmation(event: Event) -> None:
    """Subscriber of `order.placed`: what was paid in the shop is confirmed by mail, sales have a receipt."""
    if event.payload.get("channel") in ("web", "phone"):
        mails.confirm_order(UUID(event.payload["order"]), at=now())


def email_money_back(event: Event) -> None:
    """Subscriber of `order.returned` and `order.refunded`: what is on its way back to the shopper, and by what."""
    mails.announce_money_back(
        UUID(event.payload["order"]), UUID(event.payload.get("return") or event.payload["allowance"]), at=now()
    )


def email_cancellation(event: Event) -> None:
    """Subscriber of `order.canceled`: what will not come, and where its money goes."""
    mails.announce_cancellation(UUID(event.payload["order"]), at=now())


def email_goods_gone(event: Event) -> None:
    """Subscriber of `order.goods_gone`: they paid, but what they wanted was sold meanwhile."""
    mails.announce_goods_gone(UUID(event.payload["order"]), at=now())


def email_payment_link(event: Event) -> None:
    """Subscriber of `phone_order.sent`."""
    phone_mails.send_payment_link(UUID(event.payload["phone_order"]))


def email_cards_link(event: Event) -> None:
    """Subscriber of `cards.link_asked`."""
    card_mails.send_cards_link(UUID(event.payload["customer"]), asked=event.payload["at"])


def email_ready_for_pickup(event: Event) -> None:
    """Subscriber of `fulfillment.ready`."""
    mails.announce_ready(UUID(event.payload["order"]), at=now())


def email_gift_cards(event: Event) -> None:
    """Subscriber of `gift_card.bought`: cards without a day go out at once, and the beat sends the others."""
    sending.send_due(at=now())


@shared_task
def send_gift_cards(**kwargs: object) -> int:
    """Gift cards whose day has come, or whose mail has failed before."""
    return sending.send_gift_cards(at=now())
