from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from customers import gift_cards
from customers.models import GiftCard
from customers.wallets import Source
from orders.tenders.base import Back, Tender

if TYPE_CHECKING:
    from orders.models import Refund


def _give_back(refund: "Refund", at: datetime) -> dict[str, Any]:
    """Money goes back to the card that paid, or to the one in its place; what was paid by other means, to a new card,
    whose number is shown once to whoever hands it over."""
    source = Source("refund", refund.uid, refund.actor, refund.reason)
    if refund.payment.tender == "gift_card":
        paid_by = GiftCard.objects.get(uid=refund.payment.details["wallet"])
        card = gift_cards.credit(paid_by, refund.amount_minor, source=source, at=at)
    else:
        card = gift_cards.issue(
            refund.currency,
            refund.amount_minor,
            origin=GiftCard.Origin.REFUND,
            kind="refunded",
            source=source,
            at=at,
        )
    return {"wallet": str(card.uid), "last4": card.last_four}


TENDER = Tender(
    "gift_card",
    _("Gift card"),
    account="gift_cards",
    at_till=True,
    at_shop=True,
    back=Back.WALLET,
    refund_rank=10,
    is_fallback=True,
    part=lambda payment: str(payment.details["wallet"]),
    give_back=_give_back,
)
