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

_ASSOCIATE = {"sale.record", "shift.open", "shift.close", "pickup.prepare", "pickup.hand_over", "stock.scan"}
_ASSOCIATE |= {"batch.record"}  # type what the slip of a card machine says
_ASSOCIATE |= {"price.open_simple"}  # say the price of what has none, where its variant leaves that to everybody
_ASSOCIATE |= {"return.accept"}  # take goods back, for the money by which they were paid
_LEAD = _ASSOCIATE | {"price.open", "drawer.no_sale", "order.view", "stock.count"}
# Who unpacks deliveries and sends parcels to other stores; prices of suppliers are not for them.
_LEAD |= {"transfer.view", "transfer.request", "transfer.ship", "transfer.receive", "purchase.view", "purchase.receive"}
_LEAD |= {"refund.elsewhere"}  # by another tender than the original
# What anybody with a desk sees; which stores' rows, their locations decide.
_DESK = {"order.view", "order.ship", "customer.view", "catalog.view", "stock.view", "stock.adjust", "shift.view"}
_DESK |= {"stock.scan", "stock.count", "stock.approve_count"}  # scan into a count; start and end one; believe it
_DESK |= {"cost.view"}  # what goods cost, and so what is earned on them
_DESK |= {"case.view", "case.resolve", "company.view", "batch.record"}
_DESK |= {"transfer.view", "transfer.request", "transfer.approve", "transfer.ship", "transfer.receive"}
_DESK |= {"transfer.settle", "purchase.view", "purchase.edit", "purchase.receive"}
_DESK |= {"stock.repair", "stock.reorder", "stock.policy"}
_DESK |= {"serial.override"}  # goods may leave without their serial number, or with one that the books have not here
_DESK |= {"wallet.view", "wallet.block"}  # gift cards and store credit; to give some away is another matter
_DESK |= {"order.cancel"}  # what has not left of it
_DESK |= {"return.accept", "refund.elsewhere", "refund.amount"}  # refund.amount: money back without goods
_MANAGER = _LEAD | _DESK | {"device.pair", "pin.set", "price.override", "staff.view", "order.phone"}
_MANAGER |= {"wallet.give"}
_OFFICE = _DESK | {"catalog.edit", "price.edit", "import.run", "ledger.view", "event.view", "event.retry"}
_OFFICE |= {"order.phone", "wallet.give", "ledger.close", "payment.capture"}
_OFFICE |= {"settlement.match", "dispute.answer"}  # say what moved at the card network; speak with a bank
_KEPT_CARDS = {"card.charge_saved", "card.remove"}  # of customers who agreed to it
_MANAGER |= _KEPT_CARDS
_OFFICE |= _KEPT_CARDS
_ADMIN = {"company.edit", "staff.view", "staff.edit", "token.issue"}

MATRIX: dict[str, set[str]] = {
    "associate": _ASSOCIATE,
    "lead": _LEAD,
    "manager": _MANAGER,
    "office": _OFFICE,
    "admin": _MANAGER | _OFFICE | _ADMIN,
}


# How much of a price a role takes off by its own hand, in parts per million; more needs the PIN of somebody who may.
# The till asks before, `pos.approvals` when the sale comes in.
DISCOUNT_LIMITS: dict[str, int] = {
    "associate": 0,
    "lead": 100_000,
    "manager": 300_000,
    "office": 0,
    "admin": 1_000_000,
}

# The same on the phone, where the back office sells, too.
PHONE_LIMITS = {**DISCOUNT_LIMITS, "office": 100_000}


def till_limits() -> dict[str, dict[str, int | bool]]:
    """By role, what a till asks before it lets somebody reduce a price, or give money back another way than it came."""
    return {
        role: {
            "discount_ppm": ppm,
            "below_cost": "price.override" in MATRIX[role],
            "refund_elsewhere": "refund.elsewhere" in MATRIX[role],
        }
        for role, ppm in DISCOUNT_LIMITS.items()
    }


def discount_limit(person: "User | None", location: "Location | None" = None) -> int:
    """What a person may take off by hand at a location, in parts per million; nobody may take off nothing."""
    if person is None or not may(person, "sale.record", location):
        return 0
    return DISCOUNT_LIMITS["admin"] if person.is_superuser else DISCOUNT_LIMITS.get(person.role, 0)


def phone_discount_limit(person: "User") -> int:
    """What a person may take off an order by phone by hand, in parts per million."""
    if not may(person, "order.phone"):
        return 0
    return PHONE_LIMITS["admin"] if person.is_superuser else PHONE_LIMITS.get(person.role, 0)


def may(person: "User", permission: str, location: "Location | None" = None) -> bool:
    """True when the person's role has the permission and, if they are bound to locations, `location` is one of them."""
    if not person.is_active:
        return False
    if person.is_superuser:
        return True
    if permission not in MATRIX.get(person.role, set()):
        return False
    if location is None:
        return True
    bound_to = getattr(person, "bound_to", None)
    if bound_to is None:
        bound_to = [place.pk for place in person.locations.all()]
    return not bound_to or location.pk in bound_to


def require(person: "User | None", permission: str, location: "Location | None" = None) -> None:
    """Raise `NotAllowed` unless `may`. `None` stands for the system itself, which may do everything."""
    if person is not None and not may(person, permission, location):
        raise NotAllowed(permission=permission)
