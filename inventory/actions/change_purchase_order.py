"""A draft is changed before it goes to the supplier."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput, NotFound
from inventory import purchases
from inventory.quantities import demand_units


@action
def change_purchase_order(
    uid: UUID, units: Mapping[int, int], *, person: User | None, at: datetime, costs: Mapping[int, int] | None = None
) -> None:
    """Set the units of variants, 0 for none, and what one of them costs (minor units of the order's currency).

    Raises `NotFound`, `NotAllowed`, `InvalidInput`, `NotNow`, `KitHasNoStock`, `NothingToDo`.
    """
    order = purchases.hold(uid)
    if order is None:
        raise NotFound(what="purchase order", key=str(uid))
    require(person, "purchase.edit", order.location)
    demand_units(units)
    if min((costs or {}).values(), default=0) < 0:
        raise InvalidInput({"costs": [_("A cost cannot be negative.")]})
    purchases.put_lines(order, units, costs)
    purchases.tell(order, "changed", at=at, person=person)
