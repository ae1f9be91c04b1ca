"""A register's day begins."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from commerce.pricing.queries import market_for
from pos import drawer, shifts
from pos.models import Register, Shift


@action
def open_shift(register: Register, *, uid: UUID, float_minor: int, currency: str, person: User, at: datetime) -> Shift:
    """Open a shift with its float. The same uid again is the same shift.

    Raises `NotAllowed`, `InvalidInput`, `ShiftOpen`, `KeyReused`.
    """
    require(person, "shift.open", register.location)
    own = market_for(register.location.country).currency
    if currency != own:
        raise InvalidInput(
            {"currency": [_("%(register)s sells in %(own)s.") % {"register": register.name, "own": own}]}
        )
    shift, is_new = shifts.begin(register, uid=uid, currency=currency, person=person, at=at)
    if is_new:
        drawer.put_in_float(shift, float_minor, actor=person, at=at)
    return shift
