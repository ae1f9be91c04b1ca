"""The statements behind serial numbers: lock units by their numbers, move them with their history, write new ones down.

Only `serials` calls them; what may move where is decided there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commerce.kernel.db import in_transaction, rows
from commerce.kernel.ids import new_uid
from inventory.levels import Source
from inventory.models import SerialUnit

Key = tuple[int, str]  # a variant, and a number as it is compared


@dataclass(frozen=True, slots=True)
class Known:
    """A unit as it stood when it was locked."""

    unit: int
    state: str
    location: int | None


@in_transaction
def lock(wanted: Sequence[Key]) -> dict[Key, Known]:
    """Those numbers that are known, locked, as they are now."""
    if not wanted:
        return {}
    found = rows(
        "SELECT u.variant_id, u.serial, u.id, u.state, u.location_id FROM inventory_serialunit u"
        " JOIN unnest(%s::bigint[], %s::varchar[]) AS w(variant, serial)"
        " ON (u.variant_id, u.serial) = (w.variant, w.serial) ORDER BY u.id FOR UPDATE OF u",
        [[variant for variant, _number in wanted], [number for _variant, number in wanted]],
    )
    return {(variant, number): Known(*rest) for variant, number, *rest in found}


@in_transaction
def move(
    units: Iterable[Known],
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
def enter(keys: Sequence[Key], state: SerialUnit.State, location: int | None, source: Source, at: datetime) -> set[Key]:
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


def under_way(source: Source, variants: Iterable[int]) -> dict[int, dict[str, Known]]:
    """By variant and number: the units that a document has on the way, locked."""
    found = rows(
        "SELECT u.variant_id, u.serial, u.id, u.state, u.location_id FROM inventory_serialunit u"
        " WHERE u.variant_id = ANY(%s) AND u.state = 'in_transit' AND EXISTS (SELECT FROM inventory_serialmove m"
        " WHERE m.unit_id = u.id AND (m.source_type, m.source_uid, m.state) = (%s, %s, 'in_transit'))"
        " ORDER BY u.id FOR UPDATE OF u",
        [list(variants), source.type, source.uid],
    )
    units: dict[int, dict[str, Known]] = {}
    for variant, number, *rest in found:
        units.setdefault(variant, {})[number] = Known(*rest)
    return units


def last_moved_by(documents: set[UUID], units: Sequence[int]) -> set[int]:
    found = rows(
        "SELECT DISTINCT ON (unit_id) unit_id, source_uid FROM inventory_serialmove WHERE unit_id = ANY(%s)"
        " ORDER BY unit_id, id DESC",
        [list(units)],
    )
    return {unit for unit, document in found if document in documents}


def before_last(units: Sequence[int]) -> dict[int, tuple[str, int | None]]:
    """Where units stood before their last move: state and location; a unit with one move is not in it."""
    found = rows(
        "SELECT unit_id, state, location_id FROM (SELECT unit_id, state, location_id,"
        " row_number() OVER (PARTITION BY unit_id ORDER BY id DESC) AS n FROM inventory_serialmove"
        " WHERE unit_id = ANY(%s)) m WHERE n = 2",
        [list(units)],
    )
    return {unit: (state, place) for unit, state, place in found}
