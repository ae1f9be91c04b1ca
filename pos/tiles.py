"""The home page's numbers of the tills."""

from datetime import datetime, timedelta

from django.db.models import Min
from django.utils.translation import gettext as _

from commerce.company.models import User
from commerce.office import access
from commerce.office.columns import list_address
from commerce.office.tiles import Part, Tile
from pos.models import Register, Shift

LONG = timedelta(hours=16)


def tiles(person: User, *, at: datetime) -> list[Part]:
    """Open shifts, and whether one was forgotten."""
    if not access.may_view(person, Shift):
        return []
    places = access.bound_to(person)
    running = Shift.objects.filter(closed_at=None)
    registers = Register.objects.all()
    if places:
        running, registers = running.filter(register__location__in=places), registers.filter(location__in=places)
    oldest = running.aggregate(oldest=Min("opened_at"))["oldest"]
    forgotten = bool(oldest and at - oldest > LONG)
    return [
        Tile(
            label=_("Open shifts"),
            figure=running.count(),
            sentence=_("One has been open since yesterday: count its drawer.")
            if forgotten
            else _("of %(registers)s registers.") % {"registers": registers.count()},
            change_is="down" if forgotten else "",
            href=list_address(Shift, open="yes"),
        )
    ]
