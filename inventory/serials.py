"""Numbers of units that have one each: the only writer of `SerialUnit` and `SerialMove`.

A number is in one place at a time and sold at most once while it has not come back (I07): each step takes it by one
guarded UPDATE. Numbers are compared trimmed and in capitals. Locks: after the stock levels, by primary key.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.db import in_transaction
from commerce.kernel.errors import InvalidInput
from inventory import serial_rows
from inventory.errors import SerialNotHere, SerialsDoNotMatch
from inventory.levels import Source
from inventory.models import SerialUnit
from inventory.serial_rows import Key, Known
from inventory.serial_words import TOO_LONG, TWICE, reason_of

State = SerialUnit.State
Numbers = Mapping[int, Sequence[str]]  # serial numbers by variant (primary key)
LONGEST = 80
_ANYWHERE_BUT_SOLD = (State.IN_STOCK, State.IN_TRANSIT, State.DAMAGED)


@dataclass(frozen=True, slots=True)
class Clash:
    """A number that was sold although the books say otherwise: `why` is a state, "elsewhere" or "unknown"."""

    variant: int
    number: str
    why: str


def normalize(text: str) -> str:
    """A number as it is compared and kept."""
    return text.strip().upper()


def tidy(numbers: Iterable[str], *, field: str = "serials") -> list[str]:
    """Numbers as they are kept, without empty ones. Raises `InvalidInput`, named `field`: too long, or given twice."""
    found = [number for number in map(normalize, numbers) if number]
    if any(len(number) > LONGEST or not number.isprintable() for number in found):
        raise InvalidInput({field: [TOO_LONG % {"most": LONGEST}]})
    twice = sorted(number for number, times in Counter(found).items() if times > 1)
    if twice:
        raise InvalidInput({field: [TWICE % {"numbers": ", ".join(twice)}]})
    return found


def tracked_among(variants: Iterable[int]) -> set[int]:
    """Those of the variants whose units have numbers."""
    return set(Variant.objects.filter(pk__in=set(variants), tracks_serials=True).values_list("pk", flat=True))


def demand_all(numbers: Numbers, units: Mapping[int, int]) -> None:
    """Raise `SerialsDoNotMatch` unless every variant in `numbers` has as many of them as it has units."""
    for variant, given in numbers.items():
        wanted = units.get(variant, 0)
        if len(given) != wanted:
            raise SerialsDoNotMatch(sku=_sku(variant), wanted=wanted, given=len(given))


@in_transaction
def receive(numbers: Numbers, location: int, *, source: Source, at: datetime) -> None:
    """New units stand at a location (primary key). A number that had gone may come again; one that is here, on its way
    or sold may not. Raises `SerialNotHere`, `InvalidInput`."""
    wanted = _keys(numbers)
    known = serial_rows.lock(wanted)
    for key, had in known.items():
        if had.state != State.GONE:
            raise _refusal(key, had, location)
    serial_rows.move(known.values(), State.IN_STOCK, location, (State.GONE,), source, at)
    missing = [key for key in wanted if key not in known]
    made = serial_rows.enter(missing, State.IN_STOCK, location, source, at)
    for key in missing:
        if key not in made:  # another delivery has brought it since
            raise _refusal(key, serial_rows.lock([key])[key], location)


@in_transaction
def sell(numbers: Numbers, location: int, *, source: Source, at: datetime) -> list[Clash]:
    """Units with these numbers have left `location` (primary key): a fact that is never refused.

    What the books say otherwise is returned: a number that they had elsewhere, or not at all, counts as sold from now
    on; one that is sold or gone already stays with whom it is.
    """
    wanted = _keys(numbers)
    known = serial_rows.lock(wanted)
    taken = serial_rows.move(known.values(), State.SOLD, None, _ANYWHERE_BUT_SOLD, source, at)
    entered = serial_rows.enter([key for key in wanted if key not in known], State.SOLD, None, source, at)
    clashes = []
    for key in wanted:
        had = known.get(key)
        if had is None:
            clashes.append(Clash(*key, "unknown" if key in entered else State.SOLD.value))
        elif had.unit not in taken or had.state != State.IN_STOCK:
            clashes.append(Clash(*key, had.state))
        elif had.location != location:
            clashes.append(Clash(*key, "elsewhere"))
    return clashes


@in_transaction
def hand_over(numbers: Numbers, location: int, *, source: Source, at: datetime) -> None:
    """Sell numbers that stand in stock at `location`, and no others. Raises `SerialNotHere`."""
    wanted = _keys(numbers)
    known = serial_rows.lock(wanted)
    _demand(wanted, known, (State.IN_STOCK,), location)
    serial_rows.move(known.values(), State.SOLD, None, (State.IN_STOCK,), source, at)


@in_transaction
def hold(numbers: Numbers) -> None:
    """Lock units that several steps are going to move, in the one order of locks."""
    serial_rows.lock(_keys(numbers))


@in_transaction
def unsell(numbers: Numbers, documents: Iterable[UUID], *, source: Source, at: datetime) -> None:
    """These were not the units that `documents` (uids) sold: they are again where they stood before, or gone where
    nobody had received them. What is not sold, or was sold by other documents, stays as it is."""
    known = serial_rows.lock(_keys(numbers))
    units = [had.unit for had in known.values()]
    theirs = serial_rows.last_moved_by(set(documents), units)
    before = serial_rows.before_last(units)
    back: dict[tuple[SerialUnit.State, int | None], list[Known]] = {}
    for had in known.values():
        if had.unit in theirs and had.state == State.SOLD:
            state, place = before.get(had.unit, (State.GONE.value, None))
            back.setdefault((State(state), place), []).append(had)
    for (after, place), group in back.items():
        serial_rows.move(group, after, place, (State.SOLD,), source, at)


@in_transaction
def take_back(
    numbers: Numbers,
    location: int,
    *,
    source: Source,
    at: datetime,
    sold_by: Iterable[UUID] | None = None,
    damaged: bool = False,
) -> None:
    """Sold units have come back to `location`, for sale again or `damaged`. With `sold_by` (the uids of an order and of
    its fulfillments) only numbers that were sold by one of these come back. Raises `SerialNotHere`."""
    wanted = _keys(numbers)
    known = serial_rows.lock(wanted)
    _demand(wanted, known, (State.SOLD,), None)
    if sold_by is not None:
        theirs = serial_rows.last_moved_by(set(sold_by), [had.unit for had in known.values()])
        for key in wanted:
            if known[key].unit not in theirs:
                raise SerialNotHere(sku=_sku(key[0]), number=key[1], reason=reason_of("other_sale"))
    serial_rows.move(known.values(), State.DAMAGED if damaged else State.IN_STOCK, location, (State.SOLD,), source, at)


@in_transaction
def change(
    numbers: Numbers, before: SerialUnit.State, after: SerialUnit.State, location: int, *, source: Source, at: datetime
) -> None:
    """Units at `location` (primary key) become damaged, are repaired (in stock) or are gone. Raises `SerialNotHere`."""
    wanted = _keys(numbers)
    known = serial_rows.lock(wanted)
    _demand(wanted, known, (before,), location)
    serial_rows.move(known.values(), after, None if after == State.GONE else location, (before,), source, at)


@in_transaction
def send(numbers: Numbers, here: int, transit: int, *, source: Source, at: datetime) -> None:
    """Units leave a location for the in-transit location (primary keys). Raises `SerialNotHere`."""
    wanted = _keys(numbers)
    known = serial_rows.lock(wanted)
    _demand(wanted, known, (State.IN_STOCK,), here)
    serial_rows.move(known.values(), State.IN_TRANSIT, transit, (State.IN_STOCK,), source, at)


@in_transaction
def arrive(
    units: Mapping[int, int],
    to: int | None,
    *,
    source: Source,
    at: datetime,
    numbers: Numbers | None = None,
    rest: Mapping[int, int] | None = None,
) -> None:
    """Units of the document `source` are on their way no more: in stock at `to` (primary key), or gone for good.

    `units` by variant are those that `numbers` name, one for each; fewer where units were sent that nobody had named.
    Without any names it is all that the document has on the way, where nothing of the variant stays there (`rest`).
    Raises `SerialsDoNotMatch`, `SerialNotHere`, `InvalidInput`.
    """
    given, stays = numbers or {}, rest or {}
    under_way = serial_rows.under_way(source, units)
    chosen: list[Known] = []
    for variant, quantity in units.items():
        here, named = under_way.get(variant, {}), tidy(given.get(variant, ()))
        if not named and not stays.get(variant, 0):
            named = list(here)
        strange = [number for number in named if number not in here]
        if strange:
            raise SerialNotHere(sku=_sku(variant), number=strange[0], reason=reason_of("not_sent"))
        nameless = quantity + stays.get(variant, 0) - len(here)
        if not quantity - nameless <= len(named) <= quantity:
            raise SerialsDoNotMatch(sku=_sku(variant), wanted=quantity, given=len(named))
        chosen += [here[number] for number in named]
    serial_rows.move(chosen, State.IN_STOCK if to else State.GONE, to, (State.IN_TRANSIT,), source, at)


def _keys(numbers: Numbers) -> list[Key]:
    return sorted((variant, number) for variant, given in numbers.items() for number in tidy(given))


def _demand(
    wanted: Sequence[Key],
    known: Mapping[Key, Known],
    states: Sequence[SerialUnit.State],
    location: int | None,
) -> None:
    """Raise `SerialNotHere` for the first number that is in no such state, or not at `location`."""
    for key in wanted:
        had = known.get(key)
        if had is None or had.state not in states or (location is not None and had.location != location):
            raise _refusal(key, had, location)


def _refusal(key: Key, had: Known | None, location: int | None) -> SerialNotHere:
    why = had.state if had else "unknown"
    if had and had.location and had.state == State.IN_STOCK and had.location != location:
        place = Location.objects.values_list("name", flat=True).get(pk=had.location)
        return SerialNotHere(sku=_sku(key[0]), number=key[1], reason=reason_of("elsewhere") % {"place": place})
    return SerialNotHere(sku=_sku(key[0]), number=key[1], reason=reason_of(why))


def _sku(variant: int) -> str:
    return Variant.objects.values_list("sku", flat=True).get(pk=variant)
