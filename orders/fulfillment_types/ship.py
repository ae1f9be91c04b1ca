"""Sent to the shopper's address, from whichever location has the goods."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.catalog.models import Variant
from commerce.kernel.errors import InvalidInput
from orders.errors import CannotDeliver
from orders.fulfillment_types.base import Portion, Wish
from orders.quotes import Place
from orders.routing import sourcing


class Ship:
    code = "ship"
    label = gettext_lazy("Delivery")
    ships = True
    has_code = False

    def check(self, wish: Wish, countries: list[str]) -> None:
        if not wish.address:
            raise InvalidInput({"fulfillment.address": [_("Enter the address to deliver to.")]})
        if wish.address["country"] not in countries:
            raise CannotDeliver()

    def place(self, wish: Wish) -> Place:
        return Place.of_address(wish.address or {"country": ""})

    def plan(self, lines: list[tuple[Variant, int]], wish: Wish, *, at: datetime) -> list[Portion]:
        return sourcing.choose(lines, country=(wish.address or {}).get("country", ""), at=at)


TYPE = Ship()
