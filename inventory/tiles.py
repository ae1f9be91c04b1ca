"""The home page's numbers of stock."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.company.models import Location, User
from commerce.office import access
from commerce.office.columns import grouped, list_address
from commerce.office.tiles import Part, Tile
from inventory import demand
from inventory.models import StockLevel


def tiles(person: User, *, at: datetime) -> list[Part]:
    """Levels that are oversold now, and those at or below their reorder point that are asked for."""
    if not access.may_view(person, StockLevel):
        return []
    places = access.bound_to(person)
    rows = StockLevel.objects.filter(variant__is_active=True, location__is_active=True)
    rows = rows.filter(location__in=places) if places else rows
    oversold = rows.filter(oversold=True).count()
    low = sum(demand.low_levels(_active(places), at=at).values())
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
            sentence=ngettext(
                "%(n)s item is at or below its reorder point.", "%(n)s items are at or below their reorder point.", low
            )
            % {"n": grouped(low)}
            if low
            else _("Nothing that sells runs low."),
            href=reverse("admin:stock-reorder"),
        ),
    ]


def _active(places: list[int]) -> list[int]:
    """The places of the person; none: everywhere."""
    active = Location.objects.filter(is_active=True, **({"pk__in": places} if places else {}))
    return list(active.values_list("pk", flat=True))
