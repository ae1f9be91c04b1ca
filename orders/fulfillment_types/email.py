"""Gift cards that go out by mail: nothing to fetch, nothing to ship, done when they are paid."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.errors import InvalidInput
from orders.errors import CannotDeliver
from orders.fulfillment_types.base import Portion, Wish
from orders.quotes import Place


class Email:
    code = "email"
    label = gettext_lazy("By e-mail")
    ships = False
    has_code = False

    def check(self, wish: Wish, countries: list[str]) -> None:
        """Anybody with a mail address can have it."""

    def place(self, wish: Wish) -> Place:
        """No tax is due on a gift card, wherever it is."""
        return Place("")

    def plan(self, lines: list[tuple[Variant, int]], wish: Wish, *, at: datetime) -> list[Portion]:
        """Goods do not go by mail."""
        if lines:
            raise InvalidInput({"fulfillment.type": [_("Only gift cards are sent by e-mail. Choose another way.")]})
        return []


def home() -> Location:
    """The place whose books a gift card is sold in: the first that serves the web. Raises `CannotDeliver`."""
    places = Location.objects.filter(is_active=True, feeds_web=True).exclude(kind=Location.Kind.TRANSIT)
    found = places.order_by("-ships", "position", "pk").first()
    if found is None:
        raise CannotDeliver()
    return found


TYPE = Email()
