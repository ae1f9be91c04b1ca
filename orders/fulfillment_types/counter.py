"""Handed over at the till, together with the receipt."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.catalog.models import Variant
from commerce.kernel.errors import InvalidInput
from orders.fulfillment_types.base import Portion, Wish
from orders.quotes import Place


class Counter:
    code = "counter"
    label = gettext_lazy("Taken along")
    ships = False
    has_code = False

    def check(self, wish: Wish, countries: list[str]) -> None:
        raise InvalidInput({"fulfillment.type": [_("Only a till hands goods over the counter.")]})

    def place(self, wish: Wish) -> Place:
        assert wish.location is not None
        return Place.of_location(wish.location)

    def plan(self, lines: list[tuple[Variant, int]], wish: Wish, *, at: datetime) -> list[Portion]:
        assert wish.location is not None
        return [Portion(wish.location, tuple(lines))]


TYPE = Counter()
