"""Collected by the shopper in a store."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.catalog.models import Variant
from commerce.kernel.errors import InvalidInput
from orders.errors import CannotPickUp
from orders.fulfillment_types.base import Portion, Wish
from orders.quotes import Place


class Pickup:
    code = "pickup"
    label = gettext_lazy("Pickup in store")
    ships = False
    has_code = True

    def check(self, wish: Wish, countries: list[str]) -> None:
        if wish.location is None:
            raise InvalidInput({"fulfillment.location": [_("Choose a store to pick up from.")]})
        if not (wish.location.is_active and wish.location.offers_pickup and wish.location.country in countries):
            raise CannotPickUp()

    def place(self, wish: Wish) -> Place:
        assert wish.location is not None
        return Place.of_location(wish.location)

    def plan(self, lines: list[tuple[Variant, int]], wish: Wish, *, at: datetime) -> list[Portion]:
        assert wish.location is not None
        return [Portion(wish.location, tuple(lines))]


TYPE = Pickup()
