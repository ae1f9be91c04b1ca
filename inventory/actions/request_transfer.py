"""Somebody wants goods from another location, or sends some there."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commerce.company.locations import demand_place
from commerce.company.models import Location, User
from commerce.company.permissions import may, require
from commerce.kernel import idempotency
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from inventory import transfers
from inventory.models import Transfer
from inventory.quantities import demand_units


@action
def request_transfer(
    *,
    source: Location,
    destination: Location,
    units: Mapping[int, int],
    person: User | None,
    at: datetime,
    note: str = "",
    expected_on: date | None = None,
    uid: UUID | None = None,
) -> Transfer:
    """The requested transfer of `units` (by variant). `uid` is the caller's: the same one again gives the first answer.

    Raises `InvalidInput`, `NotAllowed`, `KitHasNoStock`, `NothingToDo`.
    """
    if uid:
        idempotency.wait_for_turn("transfer", str(uid))
        known = Transfer.objects.filter(uid=uid).first()
        if known:
            return known
    if source == destination:
        raise InvalidInput({"destination": [_("Choose another location than the one that sends.")]})
    for name, place in (("source", source), ("destination", destination)):
        demand_place(place, field=name)
        if not place.is_active:
            raise InvalidInput({name: [_("%(place)s is closed. Choose another one.") % {"place": place.name}]})
    if expected_on and expected_on < at.date():
        raise InvalidInput({"expected_on": [_("This day is over. Choose a later one.")]})
    if not (person and may(person, "transfer.request", source)):  # whoever is at either end may ask
        require(person, "transfer.request", destination)
    demand_units(units)
    return transfers.request(
        source, destination, units, at=at, person=person, note=note.strip(), expected_on=expected_on, uid=uid
    )
