"""Somebody wants to know what is really on the shelves."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Category
from commerce.company.locations import demand_place
from commerce.company.models import Location, User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from inventory import counts, cycle, tallies
from inventory.models import StockCount

MOST = 500


@action
def start_count(
    location: Location,
    *,
    kind: str,
    person: User | None,
    at: datetime,
    category: Category | None = None,
    size: int = cycle.SIZE,
    is_blind: bool = True,
) -> StockCount:
    """Begin a count of everything, of a category, or of the `size` SKUs that need it most. Raises `NotAllowed`,
    `InvalidInput`."""
    require(person, "stock.count", location)
    demand_place(location)
    if not location.is_active:
        raise InvalidInput({"location": [_("%(place)s is closed. Choose another one.") % {"place": location.name}]})
    if kind not in StockCount.Kind.values:
        raise InvalidInput({"kind": [_("Choose what to count.")]})
    if (kind == StockCount.Kind.CATEGORY) != (category is not None):
        raise InvalidInput({"category": [_("Choose the category to count, or count everything.")]})
    variants: list[int] = []
    if kind == StockCount.Kind.CYCLE:
        if not 1 <= size <= MOST:
            raise InvalidInput({"size": [_("Count between 1 and %(most)s SKUs.") % {"most": MOST}]})
        variants = cycle.choose(tallies.candidates(location.pk, at=at), size)
        if not variants:
            text = _("Nothing needs counting: it was all counted lately, or is in a count that is open.")
            raise InvalidInput({"kind": [text]})
    return counts.start(location, kind, category=category, variants=variants, is_blind=is_blind, person=person, at=at)
