"""Gift cards that a return was given back on: their numbers, for whoever hands the paper over."""

from datetime import datetime, timedelta

from commerce.kernel.db import action
from customers import gift_cards
from customers.models import GiftCard
from orders.models import Return
from pos.models import Register

SHOWN_FOR = timedelta(minutes=15)  # an answer that was lost on the way is asked for again within this time


@action
def show_refund_cards(register: Register, record: Return, *, at: datetime) -> dict[int, str]:
    """The number of each new card by its refund (primary key); none after a while, or once a card was used.

    Only the register that took the goods back is told.
    """
    if record.till_return.register_id != register.pk or at - record.created_at > SHOWN_FOR:
        return {}
    shown = {}
    for refund in record.refunds.filter(tender="gift_card", state="succeeded").exclude(payment__tender="gift_card"):
        card = GiftCard.objects.get(uid=refund.details["wallet"])
        code = gift_cards.reveal_refunded(card, refund.amount_minor, at=at)
        if code:
            shown[refund.pk] = code
    return shown
