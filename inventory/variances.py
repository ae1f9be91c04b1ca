"""What a counted line says about the books. Pure: facts in, a verdict out.

A shelf is counted while the store sells from it. Each scan is stamped with the place in the ledger where its level
stood, so the books can be asked what they said at that moment:

    variance = counted - balance at the place of the variant's FIRST scan of the round

Whatever is sold or received after the count has begun is thereby netted out: it is not in the balance of that place,
and it is booked by its own movement. There is one thing that nobody can know. When the books moved between the first
and the last scan of a variant and the number does not fit, the unit that was sold may have been taken from the part of
the shelf that was counted already, or from the part that was counted later; the difference may be a real one, or none.
Such a line is not booked: it has to be counted again, from the beginning, and only the scans of that round count. When
the number fits nothing is booked, so nothing can become wrong by it.

Two more differences are not believed. One whose level was corrected since (another count, an adjustment, an import):
that correction may have been this very difference, and booking it twice would make a new one. And one that would leave
less than nothing on the shelf: more has been sold since than was counted, so the count is wrong.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

UNCOUNTED, WAITING = "uncounted", "waiting"
MATCHES, DIFFERS = "matches", "differs"
MOVED, CORRECTED, IMPOSSIBLE = "moved", "corrected", "impossible"

BOOKED = frozenset({MATCHES, DIFFERS})  # what approving takes into the books
TO_RECOUNT = frozenset({MOVED, CORRECTED, IMPOSSIBLE})

# Above either, whoever counted may not approve: who could carry goods out must not be the one to explain them away.
# Below both, a second person costs a store more than what can be lost. The value is in minor units of the company's
# currency; the units stand for goods whose cost is not known. Losses and gains are added up, not set off.
OTHER_PERSON_ABOVE_MINOR = 20_000
OTHER_PERSON_ABOVE_UNITS = 50


@dataclass(frozen=True, slots=True)
class Tally:
    """What is known of a line. `counted` is the sum of the scans of its round, None when there are none; `expected` is
    the balance at the place of the first of them; `on_hand` is what the books say now."""

    line: int
    variant: int
    round: int
    counted: int | None
    expected: int
    on_hand: int
    unit_cost: Decimal
    moved_between: bool = False
    corrected_since: bool = False

    @property
    def variance(self) -> int:
        """Units found beyond what the books said; with a minus those that are missing."""
        return 0 if self.counted is None else self.counted - self.expected

    @property
    def value_minor(self) -> int:
        """What the variance is worth at the average cost."""
        return int((self.unit_cost * self.variance).quantize(Decimal(1), ROUND_HALF_UP))

    @property
    def verdict(self) -> str:
        """One of the words above; see the module for the rule."""
        if self.counted is None:
            return UNCOUNTED if self.round == 1 else WAITING
        if not self.variance:
            return MATCHES
        if self.moved_between:
            return MOVED
        if self.corrected_since:
            return CORRECTED
        return IMPOSSIBLE if self.on_hand + self.variance < 0 else DIFFERS


def needs_other_person(tallies: list[Tally]) -> bool:
    """Whether these variances are too large to be approved by one of those who counted."""
    units = sum(abs(tally.variance) for tally in tallies)
    value = sum(abs(tally.value_minor) for tally in tallies)
    return units > OTHER_PERSON_ABOVE_UNITS or value > OTHER_PERSON_ABOVE_MINOR
