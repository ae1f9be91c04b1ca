"""A gift card that was mailed did not arrive, or went to the wrong address."""

from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput, NotFound
from orders import bought_gift_cards, gift_card_deliveries
from orders.models import GiftCardDelivery, Order


@action
def send_gift_card_again(
    order_pk: int, line_pk: int, *, to_email: str, reason: str, person: User | None, at: datetime
) -> GiftCardDelivery:
    """Mail it once more. What was mailed before pays nothing any more: see `gift_card_deliveries.send_again`.

    Raises `NotAllowed`, `NotFound`, `InvalidInput` and `GiftCardUnusable`.
    """
    require(person, "wallet.give")
    order = Order.objects.locked().get(pk=order_pk)
    delivery = GiftCardDelivery.objects.filter(line=line_pk, line__order=order).first()
    if delivery is None:
        raise NotFound(what="gift card", key=str(line_pk))
    problem = bought_gift_cards.email_problem(to_email)
    if problem:
        raise InvalidInput({"to_email": [problem]})
    return gift_card_deliveries.send_again(delivery, to_email=to_email.strip(), actor=person, reason=reason, at=at)
