"""Somebody takes back a price that was planned, or ends one that is limited."""

from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.pricing import prices
from commerce.pricing.timeline import Span


@action
def take_price_back(price_list_id: int, price: int, *, person: User | None, at: datetime) -> Span:
    """What stood before a price (a primary key) stands again in its days, from today on. Returns the price.

    Raises `NotAllowed`, `NotFound`, and `StandingPrice` for the price of today.
    """
    require(person, "price.edit")
    return prices.take_back(price_list_id, price, at=at, by=person)
