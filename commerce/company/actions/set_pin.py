"""A member of staff gets a PIN for the till."""

from commerce.company import pins
from commerce.company.models import PinAttempts, User
from commerce.company.permissions import ROLES, may, require
from commerce.kernel.db import action
from commerce.kernel.errors import NotAllowed

RANK = {role: rank for rank, (role, _label) in enumerate(ROLES)}


@action
def set_pin(*, colleague: User, pin: str, person: User | None) -> None:
    """Give `colleague` a PIN and end the pauses of wrong tries. Raises `NotAllowed`, `InvalidInput`.

    Who edits staff may do this for everybody; a manager only for people of lower rank who work at the manager's stores
    alone, or anybody could become their manager at the till (T10).
    """
    if person is not None and not may(person, "staff.edit"):
        require(person, "pin.set")
        if colleague != person and not _is_below(colleague, person):
            raise NotAllowed(permission="pin.set")
    pins.set_pin(colleague, pin)
    PinAttempts.objects.filter(user=colleague).delete()


def _is_below(colleague: User, person: User) -> bool:
    own = {place.pk for place in person.locations.all()}
    theirs = {place.pk for place in colleague.locations.all()}
    is_lower = not colleague.is_superuser and RANK.get(colleague.role, 0) < RANK.get(person.role, 0)
    return is_lower and (not own or (bool(theirs) and theirs <= own))
