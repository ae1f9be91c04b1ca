"""The shelf holds something else than the books say: broken, found, stolen, given away."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commerce.company.locations import demand_place
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.events import outbox
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput, NotFound
from inventory import adjustments, serial_adjustments
from inventory.adjustments import LARGEST, REASONS, Reason
from inventory.levels import lock
from inventory.models import StockLevel


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
    numbers: Sequence[str] = (),
) -> UUID:
    """Change a level by `change`, or what is on hand to what was `counted`; the adjustment's uid, by which its movement
    names it. The reason decides whether units come, go, or change between sellable and damaged (`adjustments.REASONS`).
    `numbers` are the serial numbers of the units, where the product has some: see `serial_adjustments.chosen`.
    Raises `NotFound`, `NotAllowed`, `InvalidInput`, `NotOnHand`, `SerialsDoNotMatch`, `SerialNotHere`.
    """
    lock([level_pk])
    level = StockLevel.objects.select_related("location", "variant").filter(pk=level_pk).first()
    if level is None:
        raise NotFound(what="stock level", key=str(level_pk))
    require(person, "stock.adjust", level.location)
    demand_place(level.location)
    if reason not in REASONS:
        raise InvalidInput({"reason": [_("Choose why the stock changes.")]})
    why, source, note = REASONS[reason], adjustments.source_by(person), note.strip()
    quantity = _quantity(level, why, change, counted)
    named = serial_adjustments.chosen(level, why, quantity, numbers)
    serial_adjustments.follow(level, why, quantity, named, source=source, at=at)
    adjustments.adjust(level, why, quantity, note=note, source=source, at=at)
    facts = {"sku": level.variant.sku, "location": level.location.code, "quantity": quantity}
    words = {"reason": reason, "note": note, "person": person.username if person else ""}
    outbox.record("stock.adjusted", str(source.uid), {**facts, **words}, at=at)
    return source.uid


def _quantity(level: StockLevel, reason: Reason, change: int | None, counted: int | None) -> int:
    """The signed number of units, judged against what the locked level holds now."""
    if (change is None) == (counted is None):
        raise InvalidInput({"change": [_("Give either the change or what you counted, not both.")]})
    if counted is not None and reason.damaged > 0:
        raise InvalidInput({"counted": [_("Say how many damaged units are gone, not what is on the shelf.")]})
    if counted is not None and not 0 <= counted <= LARGEST:
        raise InvalidInput({"counted": [_("Count between 0 and 1,000,000.")]})
    quantity = change if change is not None else (counted or 0) - level.on_hand
    if not quantity:
        raise InvalidInput({"change" if counted is None else "counted": [_("That is what the books say already.")]})
    if abs(quantity) > LARGEST:
        raise InvalidInput({"change": [_("Change at most 1,000,000 units at once.")]})
    return quantity
