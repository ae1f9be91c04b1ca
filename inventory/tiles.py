"""The home page's numbers of stock."""

from datetime import datetime

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.company.models import User
from commerce.office import access
from commerce.office.columns import grouped, list_address
from commerce.office.tiles import Part, Tile
from inventory.models import StockLevel

LOW = 3


def tiles(person: User, *, at: datetime) -> list[Part]:
    """Levels that are oversold now, and those that are nearly or quite empty."""
    if not access.may_view(person, StockLevel):
        return []
    places = access.bound_to(person)
    rows = StockLevel.objects.filter(variant__is_active=True, location__is_active=True)
    rows = rows.filter(location__in=places) if places else rows
    free = F("on_hand") - F("reserved") - F("safety")
    counts = rows.alias(free=free).aggregate(
        oversold=Count("pk", filter=Q(oversold=True)),
        none=Count("pk", filter=Q(free__lte=0)),
        low=Count("pk", filter=Q(free__range=(1, LOW))),
    )
    oversold, none, low = counts["oversold"], counts["none"], counts["low"]
    return [
        Tile(
            label=_("Oversold now"),
            figure=grouped(oversold),
            sentence=ngettext(
                "%(n)s shelf has less than was promised.", "%(n)s shelves have less than was promised.", oversold
            )
            % {"n": oversold}
            if oversold
            else _("Every promise has its unit."),
            change_is="down" if oversold else "",
            href=list_address(StockLevel, stand="oversold"),
        ),
        Tile(
            label=_("Low stock"),
            figure=grouped(low),
            sentence=_("%(low)s shelves have up to %(limit)s left, %(none)s have none.")
            % {"low": grouped(low), "limit": LOW, "none": grouped(none)},
            href=list_address(StockLevel, stand="low"),
        ),
    ]
