"""Goods are to be bought from a supplier."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commerce.company.locations import demand_place
from commerce.company.models import Location, User
from commerce.company.permissions import require
from commerce.kernel import idempotency
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from inventory import purchases
from inventory.models import PurchaseOrder, Supplier
from inventory.quantities import demand_units


@action
def draft_purchase_order(
    *,
    supplier: Supplier,
    location: Location,
    units: Mapping[int, int],
    person: User | None,
    at: datetime,
    note: str = "",
    expected_on: date | None = None,
    rate_ppm: int | None = None,
    uid: UUID | None = None,
) -> PurchaseOrder:
    """A draft of `units` (by variant) for a location. `uid` is the caller's: the same one again gives the first answer.

    Raises `InvalidInput`, `NotAllowed`, `KitHasNoStock`, `NothingToDo`.
    """
    if uid:
        idempotency.wait_for_turn("purchase_order", str(uid))
        known = PurchaseOrder.objects.filter(uid=uid).first()
        if known:
            return known
    require(person, "purchase.edit", location)
    if not supplier.is_active:
        raise InvalidInput({"supplier": [_("Nothing is bought from %(name)s any more.") % {"name": supplier.name}]})
    demand_place(location)
    if not location.is_active:
        raise InvalidInput({"location": [_("%(place)s is closed. Choose another one.") % {"place": location.name}]})
    if expected_on and expected_on < at.date():
        raise InvalidInput({"expected_on": [_("This day is over. Choose a later one.")]})
    if rate_ppm is not None and rate_ppm <= 0:
        raise InvalidInput({"rate": [_("An exchange rate is more than 0.")]})
    demand_units(units)
    return purchases.draft(
        supplier,
        location,
        units,
        at=at,
        person=person,
        note=note.strip(),
        expected_on=expected_on,
        rate_ppm=rate_ppm,
        uid=uid,
    )
