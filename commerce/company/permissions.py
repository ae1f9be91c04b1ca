"""Who may do what: one table, asked by every action, so that till, web, API and admin cannot differ."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from commerce.company.models import Location, User

ROLES = [
    ("associate", _("Associate")),
    ("lead", _("Lead")),
    ("manager", _("Store manager")),
    ("office", _("Back office")),
    ("admin", _("Administrator")),
]

_ASSOCIATE = {"sale.record", "shift.open", "shift.close", "pickup.prepare", "pickup.hand_over"}
_LEAD = _ASSOCIATE | {"drawer.no_sale", "order.view"}
_MANAGER = _LEAD | {"device.pair", "stock.adjust", "order.ship", "price.override"}
_OFFICE = {"order.view", "order.ship", "catalog.edit", "price.edit", "stock.adjust", "import.run"}

MATRIX: dict[str, set[str]] = {
    "associate": _ASSOCIATE,
    "lead": _LEAD,
    "manager": _MANAGER,
    "office": _OFFICE,
    "admin": _MANAGER | _OFFICE,
}


def may(person: "User", permission: str, location: "Location | None" = None) -> bool:
    """True when the person's role has the permission and, if they are bound to locations, `location` is one of them."""
    if not person.is_active:
        return False
    if person.is_superuser:
        return True
    if permission not in MATRIX.get(person.role, set()):
        return False
    bound_to = {place.pk for place in person.locations.all()}
    return location is None or not bound_to or location.pk in bound_to


def require(person: "User | None", permission: str, location: "Location | None" = None) -> None:
    """Raise `NotAllowed` unless `may`. `None` stands for the system itself, which may do everything."""
    if person is not None and not may(person, permission, location):
        raise NotAllowed(permission=permission)
