"""The shelf holds something else than the books say: broken, found, stolen, given away."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.events import outbox
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput, NotFound
from commerce.kernel.ids import new_uid
from inventory import stock
from inventory.levels import Source, lock
from inventory.models import StockLevel, StockMovement

REASONS = [
    ("recount", _("Counted again")),
    ("damaged", _("Damaged")),
    ("lost", _("Lost or stolen")),
    ("found", _("Found")),
    ("internal_use", _("Used in the store")),
    ("received", _("Received without an order")),
]
LARGEST = 1_000_000


@action
def adjust_stock(
    level_pk: int,
    *,
    reason: str,
    person: User | None,
    at: datetime,
    change: int | None = None,
    counted: int | None = None,
    note: str = "",
) -> UUID:
    """Change what is on hand by `change`, or to what was `counted`; the adjustment's own uid, by which its movement
    names it. The event `stock.adjusted` keeps the reason. Raises `NotFound`, `NotAllowed`, `InvalidInput`, `NotOnHand`.
    """
    lock([level_pk])
    level = StockLevel.objects.select_related("location", "variant").filter(pk=level_pk).first()
    if level is None:
        raise NotFound(what="stock level", key=str(level_pk))
    require(person, "stock.adjust", level.location)
    quantity = _quantity(level, reason, change, counted)
    uid = new_uid()
    stock.move(
        {(level.variant_id, level.location_id): quantity},
        kind=StockMovement.Kind.ADJUSTMENT,
        source=Source("adjustment", uid, person),
        at=at,
    )
    facts = {"sku": level.variant.sku, "location": level.location.code, "quantity": quantity}
    words = {"reason": reason, "note": note.strip(), "person": person.username if person else ""}
    outbox.record("stock.adjusted", str(uid), {**facts, **words}, at=at)
    return uid


def _quantity(level: StockLevel, reason: str, change: int | None, counted: int | None) -> int:
    """The signed number of units, judged against what the locked level holds now."""
    if reason not in dict(REASONS):
        raise InvalidInput({"reason": [_("Choose why the stock changes.")]})
    if (change is None) == (counted is None):
        raise InvalidInput({"change": [_("Give either the change or what you counted, not both.")]})
    if counted is not None and not 0 <= counted <= LARGEST:
        raise InvalidInput({"counted": [_("Count between 0 and 1,000,000.")]})
    quantity = change if change is not None else (counted or 0) - level.on_hand
    if not quantity:
        raise InvalidInput({"change" if counted is None else "counted": [_("That is what the books say already.")]})
    if abs(quantity) > LARGEST:
        raise InvalidInput({"change": [_("Change at most 1,000,000 units at once.")]})
    return quantity
