"""An order was placed: offers that sold below the smallest margin become cases."""

from datetime import datetime
from uuid import UUID

from commerce.kernel.db import action
from orders import offer_margins
from orders.models import Order


def report_offers_below_cost(uid: UUID, *, at: datetime) -> None:
    """After the sale, so that nobody waits for it; the same order again changes nothing."""
    order = Order.objects.select_related("market").filter(uid=uid).first()
    lows = offer_margins.low_lines(order) if order else []
    if order and lows:
        _report(order, lows, at=at)


@action
def _report(order: Order, lows: list[offer_margins.Low], *, at: datetime) -> None:
    offer_margins.report(order, lows, at=at)
