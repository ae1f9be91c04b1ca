"""What stock ought to do, without a database: plain numbers, one place to look everything up.

The model says which step is refused and how the shelves and reservations look afterwards. It knows the rules, not how
they are kept: holds that have lapsed count as free, a kit is its components, goods that have left make unpaid holds
give way. Whether anybody has tidied a lapsed hold yet is part of it, because late money still finds an untidied one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

Item = str
Shelf = tuple[Item, str]  # an item at a place
Units = Mapping[Shelf, int]

KITS: dict[Item, dict[Item, int]] = {"KIT-1": {"A": 1, "B": 2}, "KIT-2": {"B": 1, "C": 1}}


def parts_of(item: Item) -> dict[Item, int]:
    """The units of which items one of this takes."""
    return KITS.get(item, {item: 1})


@dataclass
class Level:
    on_hand: int = 0
    damaged: int = 0
    limit: int = 0
    until: datetime | None = None

    def beyond(self, at: datetime) -> int:
        return self.limit if self.until is None or self.until > at else 0


@dataclass
class Part:
    """A reservation of one shelf; `number` rises in the order in which they were made."""

    number: int
    shelf: Shelf
    units: int
    state: str
    until: datetime | None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in ("held", "allocated")

    def lapsed(self, at: datetime) -> bool:
        return self.state == "held" and self.until is not None and self.until <= at

    def end(self, state: str, at: datetime) -> None:
        self.state, self.ended_at = state, at


@dataclass
class Hold:
    """What somebody asked for: one part, or those of a kit."""

    parts: list[Part]


class Refused(Exception):
    """The step has no effect."""


@dataclass
class Stock:
    levels: dict[Shelf, Level] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    count: int = 0

    def parts(self, shelf: Shelf) -> list[Part]:
        return [part for hold in self.holds for part in hold.parts if part.shelf == shelf]

    def reserved(self, shelf: Shelf, *, at: datetime | None = None) -> int:
        """Units spoken for; with a time without holds that have lapsed by then."""
        return sum(part.units for part in self.parts(shelf) if part.is_open and not (at and part.lapsed(at)))

    def promisable(self, item: Item, place: str, at: datetime) -> int:
        """What the web may promise: of a kit what its scarcest component allows."""
        return min(self.free((each, place), at, beyond=True) // units for each, units in parts_of(item).items())

    def free(self, shelf: Shelf, at: datetime, *, beyond: bool = False) -> int:
        level = self.levels[shelf]
        return max(level.on_hand - self.reserved(shelf, at=at) + (level.beyond(at) if beyond else 0), 0)

    # Steps. Those that are refused say so before they change anything.

    def reserve(self, lines: list[tuple[Item, str, int]], *, until: datetime | None, at: datetime) -> list[Hold]:
        wanted = [
            [((part, place), each * units) for part, each in parts_of(item).items()] for item, place, units in lines
        ]
        self.take([entry for parts in wanted for entry in parts], at=at)
        state = "held" if until else "allocated"
        made = [Hold([self.part(shelf, units, state, until) for shelf, units in parts]) for parts in wanted]
        self.holds += made
        return made

    def part(self, shelf: Shelf, units: int, state: str, until: datetime | None) -> Part:
        self.count += 1
        return Part(self.count, shelf, units, state, until)

    def take(self, entries: Iterable[tuple[Shelf, int]], *, at: datetime) -> None:
        """Refuse unless all of it fits; tidy lapsed holds only where their units are needed."""
        summed: dict[Shelf, int] = {}
        for shelf, units in entries:
            summed[shelf] = summed.get(shelf, 0) + units
        if any(self.room(shelf, at, self.reserved(shelf, at=at)) < units for shelf, units in summed.items()):
            raise Refused
        for shelf, units in summed.items():
            if self.room(shelf, at, self.reserved(shelf)) < units:
                self.expire(shelf, at)

    def room(self, shelf: Shelf, at: datetime, reserved: int) -> int:
        level = self.levels[shelf]
        return level.on_hand - reserved + level.beyond(at)

    def expire(self, shelf: Shelf, at: datetime) -> None:
        for part in self.parts(shelf):
            if part.lapsed(at):
                part.end("expired", at)

    def allocate(self, hold: Hold, *, at: datetime) -> None:
        self.renew(hold, ("held", "allocated"), at=at)
        for part in hold.parts:
            part.state, part.until, part.ended_at = "allocated", None, None

    def extend(self, hold: Hold, *, until: datetime, at: datetime) -> None:
        if all(part.state == "held" and part.until and part.until >= until for part in hold.parts):
            return
        self.renew(hold, ("held",), at=at)
        for part in hold.parts:
            part.state, part.until, part.ended_at = "held", max(part.until or until, until), None

    def renew(self, hold: Hold, kept: tuple[str, ...], *, at: datetime) -> None:
        """What has ended is taken again; what was handed over never."""
        lost = [part for part in hold.parts if part.state not in kept]
        if any(part.state not in ("released", "expired") for part in lost):
            raise Refused
        self.take([(part.shelf, part.units) for part in lost], at=at)

    def release(self, hold: Hold, *, at: datetime) -> None:
        for part in hold.parts:
            if part.is_open:
                part.end("released", at)

    def consume(self, hold: Hold, *, at: datetime) -> None:
        if any(part.state != "allocated" or self.levels[part.shelf].on_hand < part.units for part in hold.parts):
            raise Refused
        for part in hold.parts:
            part.end("consumed", at)
            self.levels[part.shelf].on_hand -= part.units

    def sell(self, lines: list[tuple[Item, str, int]], *, at: datetime) -> dict[Shelf, int]:
        """Units that orders were promised and that are not there any more, by shelf."""
        sold: set[Shelf] = set()
        for item, place, units in lines:
            for part, each in parts_of(item).items():
                self.levels[part, place].on_hand -= each * units
                sold.add((part, place))
        return self.displace(sold, at=at)

    def missing(self, shelf: Shelf) -> int:
        level = self.levels[shelf]
        return self.reserved(shelf) - max(level.on_hand + level.limit, 0)

    def displace(self, changed: set[Shelf], *, at: datetime) -> dict[Shelf, int]:
        """Unpaid holds give way, the youngest first, and what is left of a kit with them."""
        short = {shelf for shelf in changed if self.is_short(shelf)}
        for shelf in short:
            self.expire(shelf, at)
            held = [part for part in self.parts(shelf) if part.state == "held"]
            for part in sorted(held, key=lambda part: -part.number):
                if self.missing(shelf) > 0:
                    part.end("released", at)
        for hold in self.holds:
            if any(part.shelf in short and part.ended_at == at for part in hold.parts):
                self.end_rest(hold, at)
        return {shelf: self.missing(shelf) for shelf in short if self.missing(shelf) > 0}

    def is_short(self, shelf: Shelf) -> bool:
        level = self.levels[shelf]
        return level.on_hand + level.limit < self.reserved(shelf)

    def end_rest(self, hold: Hold, at: datetime) -> None:
        if any(part.state in ("released", "expired") for part in hold.parts):
            for part in hold.parts:
                if part.state == "held":
                    part.end("released", at)

    def sweep(self, *, at: datetime) -> None:
        for shelf in self.levels:
            self.expire(shelf, at)
        for hold in self.holds:
            self.end_rest(hold, at)

    def move(self, shelf: Shelf, units: int) -> None:
        """Received, returned, written off: nothing below zero."""
        level = self.levels[shelf]
        if units < 0 and level.on_hand + units < 0:
            raise Refused
        level.on_hand += units

    def damage(self, shelf: Shelf, units: int, *, at: datetime) -> None:
        self.move(shelf, -units)
        self.levels[shelf].damaged += units
        self.displace({shelf}, at=at)

    def counted(self, shelf: Shelf, seen: int, *, at: datetime) -> None:
        if self.levels[shelf].on_hand != seen:
            self.levels[shelf].on_hand = seen
            self.displace({shelf}, at=at)

    def set_policy(self, shelf: Shelf, limit: int, until: datetime | None, *, at: datetime) -> None:
        level = self.levels[shelf]
        if self.reserved(shelf, at=at) - level.on_hand > limit and limit < level.limit:
            raise Refused
        self.expire(shelf, at)
        level.limit, level.until = limit, until

    def set_aside(self, shelf: Shelf, units: int, *, at: datetime) -> Hold:
        """For a transfer: only what is there, no backorders."""
        if units > self.free(shelf, at):
            raise Refused
        return self.reserve([(*shelf, units)], until=None, at=at)[0]
