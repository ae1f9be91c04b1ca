"""Adjusting a level by hand: the reasons, what each of them does, and the only writer of `StockAdjustment`.

Units that are damaged stand apart from those on hand: they are there, but nobody may be promised one. What is damaged
has lost its value at that moment; throwing it away later is worth nothing any more.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from commerce.kernel.db import in_transaction
from commerce.kernel.errors import InvalidInput
from commerce.kernel.ids import new_uid
from inventory import shortfalls, stock
from inventory.levels import Change, Source
from inventory.models import StockAdjustment, StockLevel, StockMovement

LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a level changes. `sign` is the only direction that makes sense, 0 for both.

    `damaged` says what one unit of the change does to the damaged ones: -1 where units change sides, 0 where they
    come or go, and 1 where the change is one of the damaged units alone.
    """

    code: str
    label: Any
    sign: int = 0
    damaged: int = 0

    def change(self, quantity: int) -> Change:
        """What a signed quantity does to the level."""
        if self.damaged > 0:
            return Change(damaged=quantity)
        return Change(on_hand=quantity, damaged=self.damaged * quantity)


REASONS = {
    reason.code: reason
    for reason in (
        Reason("recount", _("Counted again")),
        Reason("damaged", _("Damaged: not for sale"), -1, -1),
        Reason("repaired", _("Damaged before, for sale again"), 1, -1),
        Reason("disposed", _("Damaged before, thrown away"), -1, 1),
        Reason("lost", _("Lost or stolen"), -1),
        Reason("expired", _("Expired"), -1),
        Reason("internal_use", _("Used in the store"), -1),
        Reason("gift", _("Given away"), -1),
        Reason("found", _("Found"), 1),
        Reason("received", _("Received without an order"), 1),
    )
}
CHOICES = [(reason.code, reason.label) for reason in REASONS.values()]


@in_transaction
def adjust(
    level: StockLevel, reason: Reason, quantity: int, *, note: str, source: Source, at: datetime
) -> StockAdjustment:
    """Change a level, which the caller has locked and read since, and write down why.

    What orders were promised and is not there any more becomes a case. Raises `InvalidInput`, `NotOnHand`.
    """
    _check(level, reason, quantity)
    document = StockAdjustment.objects.create(
        uid=source.uid, level=level, reason=reason.code, note=note, person=source.actor, created_at=at
    )
    moves = {(level.variant_id, level.location_id): reason.change(quantity)}
    _changed, short = stock.correct(moves, kind=StockMovement.Kind.ADJUSTMENT, source=source, at=at)
    shortfalls.report(short, because=_now("An adjustment"), facts={"adjustment": str(document.uid)}, at=at)
    return document


def source_by(person: Any) -> Source:
    """The source of an adjustment that is about to be made."""
    return Source("adjustment", new_uid(), person)


def _check(level: StockLevel, reason: Reason, quantity: int) -> None:
    """Refuse a direction that the reason does not have, and damaged units that are not there."""
    if quantity * reason.sign < 0:
        wrong = {
            -1: _("Units that are gone take a minus. Units that came in have another reason."),
            1: _("Units that came in take no minus. Units that are gone have another reason."),
        }
        raise InvalidInput({"change": [wrong[reason.sign]]})
    damaged = level.damaged + reason.change(quantity).damaged
    if damaged < 0:
        text = _("Only %(there)s damaged units are here. Check the quantity.") % {"there": level.damaged}
        raise InvalidInput({"change": [text]})
