"""How many units of a variant a location keeps back from the web."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from commerce.company.locations import demand_place
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput, NotFound
from inventory import safety
from inventory.models import StockLevel

LARGEST = 1_000_000


@action
def set_safety_stock(level_pk: int, units: int | None, *, person: User | None, at: datetime) -> None:
    """Keep `units` back from the web; None: as many as the location says of everything.

    Raises `NotFound`, `NotAllowed`, `InvalidInput`.
    """
    level = StockLevel.objects.select_related("location", "variant").filter(pk=level_pk).first()
    if level is None:
        raise NotFound(what="stock level", key=str(level_pk))
    require(person, "stock.adjust", level.location)
    demand_place(level.location)
    if units is not None and not 0 <= units <= LARGEST:
        raise InvalidInput({"units": [_("Keep back between 0 and 1,000,000 units.")]})
    safety.keep(level, units, at=at)
