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
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.errors import InvalidInput
from commerce.kernel.ids import new_uid
from inventory.errors import SerialNotHere, SerialsDoNotMatch
from inventory.levels import Source
from inventory.models import SerialUnit
from inventory.serial_words import TOO_LONG, TWICE, reason_of

State = SerialUnit.State
Numbers = Mapping[int, Sequence[str]]  # serial numbers by variant (primary key)
Key = tuple[int, str]  # a variant, and a number as it is compared
LONGEST = 80
_ANYWHERE_BUT_SOLD = (State.IN_STOCK, State.IN_TRANSIT, State.DAMAGED)


@dataclass(frozen=True, slots=True)
class Clash:
    """A number that was sold although the books say otherwise: `why` is a state, "elsewhere" or "unknown"."""

    variant: int
    number: str
    why: str


@dataclass(frozen=True, slots=True)
class _Known:
    unit: int
    state: str
    location: int | None


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
    known = _lock(wanted)
    _demand(wanted, known, (State.GONE,), None, unknown=True)
    _move(known.values(), State.IN_STOCK, location, (State.GONE,), source, at)
    missing = [key for key in wanted if key not in known]
    made = _enter(missing, State.IN_STOCK, location, source, at)
    for key in missing:
        if key not in made:  # another delivery has brought it since
            raise _refusal(key, _lock([key])[key], None)


@in_transaction
def sell(numbers: Numbers, location: int, *, source: Source, at: datetime) -> list[Clash]:
    """Units with these numbers have left `location` (primary key): a fact that is never refused.

    What the books say otherwise is returned: a number that they had elsewhere, or not at all, counts as sold from now
    on; one that is sold or gone already stays with whom it is.
    """
    wanted = _keys(numbers)
    known = _lock(wanted)
    taken = _move(known.values(), State.SOLD, None, _ANYWHERE_BUT_SOLD, source, at)
    entered = _enter([key for key in wanted if key not in known], State.SOLD, None, source, at)
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
    known = _lock(wanted)
    _demand(wanted, known, (State.IN_STOCK,), location)
    _move(known.values(), State.SOLD, None, (State.IN_STOCK,), source, at)


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
    known = _lock(wanted)
    _demand(wanted, known, (State.SOLD,), None)
    if sold_by is not None:
        theirs = _last_moved_by(set(sold_by), [had.unit for had in known.values()])
        for key in wanted:
            if known[key].unit not in theirs:
                raise SerialNotHere(sku=_sku(key[0]), number=key[1], reason=reason_of("other_sale"))
    _move(known.values(), State.DAMAGED if damaged else State.IN_STOCK, location, (State.SOLD,), source, at)


@in_transaction
def change(
    numbers: Numbers, before: SerialUnit.State, after: SerialUnit.State, location: int, *, source: Source, at: datetime
) -> None:
    """Units at `location` (primary key) become damaged, are repaired (in stock) or are gone. Raises `SerialNotHere`."""
    wanted = _keys(numbers)
    known = _lock(wanted)
    _demand(wanted, known, (before,), location)
    _move(known.values(), after, None if after == State.GONE else location, (before,), source, at)


@in_transaction
def send(numbers: Numbers, here: int, transit: int, *, source: Source, at: datetime) -> None:
    """Units leave a location for the in-transit location (primary keys). Raises `SerialNotHere`."""
    wanted = _keys(numbers)
    known = _lock(wanted)
    _demand(wanted, known, (State.IN_STOCK,), here)
    _move(known.values(), State.IN_TRANSIT, transit, (State.IN_STOCK,), source, at)


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

    `units` by variant are those that `numbers` name. A variant that it leaves out needs no names where all that the
    document has on the way arrives (`rest`, by variant, is 0 then), or where none of it has a number. Raises
    `SerialsDoNotMatch`, `SerialNotHere`.
    """
    given = numbers or {}
    demand_all(given, units)
    under_way = _under_way(source, units)
    chosen: list[_Known] = []
    for variant, quantity in units.items():
        here = under_way.get(variant, {})
        if variant in given:
            named = tidy(given[variant])
            strange = [number for number in named if number not in here]
            if strange:
                raise SerialNotHere(sku=_sku(variant), number=strange[0], reason=reason_of("not_sent"))
            chosen += [here[number] for number in named]
        elif here and not (rest or {}).get(variant, 0):
            chosen += here.values()
        elif here:
            raise SerialsDoNotMatch(sku=_sku(variant), wanted=quantity, given=0)
    _move(chosen, State.IN_STOCK if to else State.GONE, to, (State.IN_TRANSIT,), source, at)


def _keys(numbers: Numbers) -> list[Key]:
    return sorted((variant, number) for variant, given in numbers.items() for number in tidy(given))


@in_transaction
def _lock(wanted: Sequence[Key]) -> dict[Key, _Known]:
    """Those numbers that are known, locked, as they are now."""
    if not wanted:
        return {}
    found = rows(
        "SELECT u.variant_id, u.serial, u.id, u.state, u.location_id FROM inventory_serialunit u"
        " JOIN unnest(%s::bigint[], %s::varchar[]) AS w(variant, serial)"
        " ON (u.variant_id, u.serial) = (w.variant, w.serial) ORDER BY u.id FOR UPDATE OF u",
        [[variant for variant, _number in wanted], [number for _variant, number in wanted]],
    )
    return {(variant, number): _Known(*rest) for variant, number, *rest in found}


@in_transaction
def _move(
    units: Iterable[_Known],
    state: SerialUnit.State,
    location: int | None,
    allowed: Sequence[SerialUnit.State],
    source: Source,
    at: datetime,
) -> set[int]:
    """The one change of units that are known, with its history: those (primary keys) that are in an `allowed` state."""
    keys = [unit.unit for unit in units]
    if not keys:
        return set()
    moved = rows(
        "WITH moved AS (UPDATE inventory_serialunit SET state = %s, location_id = %s, changed_at = %s"
        " WHERE id = ANY(%s) AND state = ANY(%s) RETURNING id, state, location_id)"
        " INSERT INTO inventory_serialmove (unit_id, state, location_id, source_type, source_uid, created_at)"
        " SELECT id, state, location_id, %s, %s, %s FROM moved ORDER BY id RETURNING unit_id",
        [state.value, location, at, keys, [one.value for one in allowed], source.type, source.uid, at],
    )
    return {unit for (unit,) in moved}


@in_transaction
def _enter(
    keys: Sequence[Key], state: SerialUnit.State, location: int | None, source: Source, at: datetime
) -> set[Key]:
    """Write numbers down that nobody knew, with their history; those that somebody has written down since are left."""
    if not keys:
        return set()
    made = rows(
        "WITH made AS (INSERT INTO inventory_serialunit (uid, variant_id, serial, location_id, state, changed_at)"
        " SELECT uid, variant, serial, %s, %s, %s FROM unnest(%s::uuid[], %s::bigint[], %s::varchar[])"
        " AS w(uid, variant, serial) ORDER BY variant, serial ON CONFLICT (variant_id, serial) DO NOTHING"
        " RETURNING id, variant_id, serial, state, location_id), told AS (INSERT INTO inventory_serialmove"
        " (unit_id, state, location_id, source_type, source_uid, created_at)"
        " SELECT id, state, location_id, %s, %s, %s FROM made ORDER BY id) SELECT variant_id, serial FROM made",
        [
            location,
            state.value,
            at,
            [new_uid() for _key in keys],
            [variant for variant, _number in keys],
            [number for _variant, number in keys],
            source.type,
            source.uid,
            at,
        ],
    )
    return {(variant, number) for variant, number in made}


def _under_way(source: Source, variants: Iterable[int]) -> dict[int, dict[str, _Known]]:
    """By variant and number: the units that a document has on the way, locked."""
    found = rows(
        "SELECT u.variant_id, u.serial, u.id, u.state, u.location_id FROM inventory_serialunit u"
        " WHERE u.variant_id = ANY(%s) AND u.state = 'in_transit' AND EXISTS (SELECT FROM inventory_serialmove m"
        " WHERE m.unit_id = u.id AND (m.source_type, m.source_uid, m.state) = (%s, %s, 'in_transit'))"
        " ORDER BY u.id FOR UPDATE OF u",
        [list(variants), source.type, source.uid],
    )
    units: dict[int, dict[str, _Known]] = {}
    for variant, number, *rest in found:
        units.setdefault(variant, {})[number] = _Known(*rest)
    return units


def _last_moved_by(documents: set[UUID], units: Sequence[int]) -> set[int]:
    found = rows(
        "SELECT DISTINCT ON (unit_id) unit_id, source_uid FROM inventory_serialmove WHERE unit_id = ANY(%s)"
        " ORDER BY unit_id, id DESC",
        [list(units)],
    )
    return {unit for unit, document in found if document in documents}


def _demand(
    wanted: Sequence[Key],
    known: Mapping[Key, _Known],
    states: Sequence[SerialUnit.State],
    location: int | None,
    *,
    unknown: bool = False,
) -> None:
    """Raise `SerialNotHere` for the first number that is in no such state, or not at `location`."""
    for key in wanted:
        had = known.get(key)
        if had is None and unknown:
            continue
        if had is None or had.state not in states or (location is not None and had.location != location):
            raise _refusal(key, had, location)


def _refusal(key: Key, had: _Known | None, location: int | None) -> SerialNotHere:
    why = had.state if had else "unknown"
    if had and had.location and had.state == State.IN_STOCK and had.location != location:
        place = Location.objects.values_list("name", flat=True).get(pk=had.location)
        return SerialNotHere(sku=_sku(key[0]), number=key[1], reason=reason_of("elsewhere") % {"place": place})
    return SerialNotHere(sku=_sku(key[0]), number=key[1], reason=reason_of(why))


def _sku(variant: int) -> str:
    return Variant.objects.values_list("sku", flat=True).get(pk=variant)
