"""Gift cards that were bought on the web, from the checkout to the mail. Steps, and the only writer of
`GiftCardDelivery`.

A card is made when its order is placed, in that transaction; a line has one card, however often its payment is settled.
The mail is written by the surface that knows how (`storefront.gift_card_mails`), which claims here what is due.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from commerce.cases.queue import open_case, resolve_about
from commerce.company.models import User
from commerce.events import outbox
from commerce.kernel.db import in_transaction
from commerce.kernel.failpoints import is_off
from commerce.kernel.money import Money
from customers import gift_cards
from customers.errors import GiftCardUnusable
from customers.models import GiftCard
from customers.wallets import Source
from orders import sold_gift_cards, timeline
from orders.bought_gift_cards import BoughtCard
from orders.models import GiftCardDelivery, Order, OrderLine

UNSENT = "gift_card_unsent"
MORNING = time(8)  # of the market: cards with a day are there when people look at their mail
PATIENCE = 6  # failed tries after which a person is told
LATER = timedelta(minutes=1)
MOST_LATER = timedelta(hours=4)


@in_transaction
def plan(lines: Sequence[OrderLine], cards: Sequence[BoughtCard], *, from_name: str) -> None:
    """Keep whom the cards of a checkout go to, line by line."""
    GiftCardDelivery.objects.bulk_create(
        GiftCardDelivery(
            line=line,
            to_name=card.to_name,
            to_email=card.to_email,
            from_name=from_name[:120],
            message=card.message,
            send_on=card.day,
        )
        for line, card in zip(lines, cards, strict=True)
    )


@in_transaction
def make(order: Order, *, at: datetime) -> int:
    """The cards of an order that is paid now, active and to be mailed; how many were made. The caller holds the order's
    lock; a line that has its card already is left alone."""
    found = GiftCardDelivery.objects.filter(line__order=order).order_by("pk")
    if not is_off("orders.gift_card_once"):
        found = found.select_for_update(of=("self",))
    planned = {one.line_id: one for one in found}
    bare = list(OrderLine.objects.filter(pk__in=planned, gift_card=None))  # read behind the lock
    for line in bare:
        sold_gift_cards.put_on_new(line, order.currency, actor=order.actor, at=at)
        one = planned[line.pk]
        one.due_at = _due_at(one, order.market.time_zone, at)
        one.save(update_fields=["due_at"])
    if bare:
        _announce(order, at=at)
    return len(bare)


def _due_at(delivery: GiftCardDelivery, time_zone: str, at: datetime) -> datetime:
    if delivery.send_on is None:
        return at
    return max(at, datetime.combine(delivery.send_on, MORNING, ZoneInfo(time_zone)))


def _announce(order: Order, *, at: datetime) -> None:
    outbox.record("gift_card.bought", str(order.uid), {"order": str(order.uid), "number": order.number or ""}, at=at)


@in_transaction
def claim_due(*, at: datetime, most: int = 20) -> list[GiftCardDelivery]:
    """Deliveries whose mail is due, locked to the end of the transaction; those that another worker is at are left to
    it."""
    due = GiftCardDelivery.objects.filter(due_at__lte=at).order_by("due_at", "pk")
    free = due.select_for_update(skip_locked=True, of=("self",))
    return list(free.select_related("line__order", "line__gift_card")[:most])


@in_transaction
def number_of(delivery: GiftCardDelivery, *, at: datetime) -> tuple[GiftCard, str] | None:
    """The card with its number, which is shown with that; None for one that pays nothing any more, or whose number
    somebody has seen already."""
    card = delivery.line.gift_card
    if card is None or card.state != GiftCard.State.ACTIVE or card.shown_at:
        return None
    return card, gift_cards.reveal(card, at=at)


@in_transaction
def mark_sent(delivery: GiftCardDelivery, *, at: datetime) -> None:
    """Its mail went out."""
    delivery.due_at, delivery.sent_at, delivery.sends, delivery.tries = None, at, delivery.sends + 1, 0
    delivery.save(update_fields=["due_at", "sent_at", "sends", "tries"])
    line = delivery.line
    amount = Money(line.total_minor - line.tax_minor, line.order.currency).as_json()
    card, email = str(line.gift_card), delivery.to_email
    timeline.add(line.order, "gift_card_sent", at=at, card=card, email=email, amount=amount)
    resolve_about(UNSENT, str(delivery.uid), at=at)


@in_transaction
def drop(delivery: GiftCardDelivery) -> None:
    """There is nothing to send any more: the card was blocked, moved or taken back."""
    GiftCardDelivery.objects.filter(pk=delivery.pk).update(due_at=None)


@in_transaction
def put_off(delivery: GiftCardDelivery, why: str, *, at: datetime) -> None:
    """The mail could not be sent: later again, and a case when that has happened often."""
    delivery.tries += 1
    delivery.due_at = at + min(LATER * 2**delivery.tries, MOST_LATER)
    delivery.save(update_fields=["tries", "due_at"])
    if delivery.tries == PATIENCE:
        order = delivery.line.order
        words = {"card": delivery.line.gift_card, "order": order.number, "email": delivery.to_email, "why": why}
        open_case(
            UNSENT,
            subject=str(delivery.uid),
            text=_(
                "Gift card %(card)s of order %(order)s could not be mailed to %(email)s: %(why)s It is tried again. Is"
                " the address right? On the order's page it can be sent to another one."
            )
            % words,
            context={"order": str(order.uid), "number": order.number, "email": delivery.to_email},
            at=at,
        )


@in_transaction
def send_again(
    delivery: GiftCardDelivery, *, to_email: str, actor: User | None, reason: str, at: datetime
) -> GiftCardDelivery:
    """Mail a card once more, or to another address: its number may be known to somebody, so what is on it moves to a
    new card, and the old number pays nothing any more. One whose number nobody has seen keeps it. The caller holds the
    order's lock. Raises `GiftCardUnusable` for a card that was blocked, taken back or spent."""
    delivery = GiftCardDelivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    line = OrderLine.objects.select_related("order", "gift_card").get(pk=delivery.line_id)
    card = sold_gift_cards.card_of(line)
    if card is None or not gift_cards.available(card, at=at):
        raise GiftCardUnusable()
    if card.shown_at:
        source = Source("gift_card_mail", delivery.uid, actor, reason)
        card = gift_cards.transfer(card, source=source, at=at)
    OrderLine.objects.filter(pk=line.pk).update(gift_card=card)
    delivery.to_email, delivery.due_at, delivery.tries = to_email, at, 0
    delivery.save(update_fields=["to_email", "due_at", "tries"])
    _announce(line.order, at=at)
    return delivery
