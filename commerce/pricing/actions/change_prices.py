"""Somebody sets prices of a list: for good, from a day on, or for some days."""

from collections.abc import Mapping
from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.pricing import prices
from commerce.pricing.prices import Key, Wanted, Written


@action
def change_prices(
    price_list_id: int, wanted: Mapping[Key, Wanted | None], *, person: User | None, at: datetime
) -> Written:
    """Set prices by (variant, from quantity), all of them or none; None takes one off the list.

    Raises `NotAllowed`, and `OverlappingPrices` when something else is planned for these days.
    """
    require(person, "price.edit")
    return prices.change(price_list_id, wanted, at=at, by=person)
