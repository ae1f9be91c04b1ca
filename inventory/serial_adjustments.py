"""Serial numbers of units that are adjusted by hand: which ones broke, were repaired, left or were found."""

from collections.abc import Sequence
from datetime import datetime

from commerce.kernel.db import in_transaction
from inventory import numbered, serials
from inventory.adjustments import Reason
from inventory.levels import Source
from inventory.models import StockLevel
from inventory.serials import State

RECOUNT = "recount"  # who counted again knows how many there are, and not always which


def chosen(level: StockLevel, reason: Reason, quantity: int, numbers: Sequence[str]) -> list[str]:
    """The numbers of `quantity` (signed) units of a level, which the caller has locked and not changed yet.

    One for each, by the rules of `numbered.leaving` and `numbered.coming`; a recount needs none. Raises
    `SerialsDoNotMatch`, `InvalidInput`.
    """
    variant, units = level.variant_id, abs(quantity)
    named = serials.tidy(numbers)
    if not level.variant.tracks_serials or (not named and reason.code == RECOUNT):
        return []
    before, _after = _step(reason, quantity)
    there = level.damaged if before == State.DAMAGED else level.on_hand
    if quantity * reason.sign < 0 or (before and units > there):
        return []  # refused for what it is, whatever the numbers are
    if before:
        given = {variant: named}
        return numbered.leaving({variant: units}, level.location_id, given, state=before.value)[variant]
    serials.demand_all({variant: named}, {variant: units})
    return named


@in_transaction
def follow(
    level: StockLevel, reason: Reason, quantity: int, named: Sequence[str], *, source: Source, at: datetime
) -> None:
    """Move the numbers that `chosen` gave as the reason says. Raises `SerialNotHere`."""
    before, after = _step(reason, quantity)
    numbers = {level.variant_id: named}
    if before:
        serials.change(numbers, before, after, level.location_id, source=source, at=at)
    else:
        serials.receive(numbers, level.location_id, source=source, at=at)


def _step(reason: Reason, quantity: int) -> tuple[State | None, State]:
    """Where units come from (None: from outside) and what becomes of them."""
    if reason.damaged > 0:
        return State.DAMAGED, State.GONE
    if reason.damaged:
        return (State.IN_STOCK, State.DAMAGED) if quantity < 0 else (State.DAMAGED, State.IN_STOCK)
    return (State.IN_STOCK, State.GONE) if quantity < 0 else (None, State.IN_STOCK)
