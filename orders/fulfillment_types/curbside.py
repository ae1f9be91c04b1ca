"""Brought out to the shopper's car by the store."""

from django.utils.translation import gettext_lazy

from orders.errors import CannotPickUp
from orders.fulfillment_types.base import Wish
from orders.fulfillment_types.pickup import Pickup


class Curbside(Pickup):
    code = "curbside"
    label = gettext_lazy("Curbside pickup")

    def check(self, wish: Wish, countries: list[str]) -> None:
        super().check(wish, countries)
        if wish.location is None or not wish.location.offers_curbside:
            raise CannotPickUp()


TYPE = Curbside()
