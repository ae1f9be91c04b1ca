"""What is coming in: units on the way between locations and ordered from suppliers, with the day they are expected.

Counted until they stand on the shelf. Units that were missing at a closed reception are listed, but not counted on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from commerce.kernel.db import rows
from inventory.levels import Pair


@dataclass(frozen=True, slots=True)
class Incoming:
    """Units of a variant (primary key) that a document brings to a location (primary key).

    `source_type` is "transfer" or "purchase_order"; `stage` is "on_the_way", "approved" (set aside at the sender),
    "ordered" (at the supplier), "missing" (a reception was closed without them), and of what is only planned
    "requested" and "draft".
    """

    variant: int
    location: int
    quantity: int
    source_type: str
    uid: UUID
    number: str
    stage: str
    expected_on: date | None


# One row per document and variant. A transfer that was shipped brings what is on the way and nothing else.
_SQL = """
    SELECT l.variant_id, t.destination_id AS location_id, n.quantity, 'transfer' AS source_type, t.uid, t.number,
        n.stage, t.expected_on
    FROM inventory_transferline l JOIN inventory_transfer t ON t.id = l.transfer_id
    LEFT JOIN inventory_reservation r ON r.id = l.reservation_id AND r.state = 'allocated'
    CROSS JOIN LATERAL (SELECT
        CASE t.state WHEN 'requested' THEN l.requested WHEN 'approved' THEN coalesce(r.quantity, 0)
            ELSE l.shipped - l.received - l.returned - l.written_off END AS quantity,
        CASE WHEN t.state <> 'shipped' THEN t.state WHEN EXISTS (SELECT FROM cases_case k
            WHERE k.kind = 'transfer_short' AND k.subject = t.number AND k.status = 'open') THEN 'missing'
            ELSE 'on_the_way' END AS stage) n
    WHERE t.state IN ('requested', 'approved', 'shipped') AND n.quantity > 0 AND {where}
    UNION ALL
    SELECT l.variant_id, o.location_id, l.ordered - l.received, 'purchase_order', o.uid, o.number, o.state,
        o.expected_on
    FROM inventory_purchaseorderline l JOIN inventory_purchaseorder o ON o.id = l.order_id
    WHERE o.state IN ('draft', 'ordered') AND l.ordered > l.received AND {where_order}
"""
_PLANNED = ("requested", "draft")


def of(variants: Sequence[int], *, locations: Sequence[int] | None = None, planned: bool = False) -> list[Incoming]:
    """What comes in of variants (primary keys), the soonest first and what has no day last; one statement.

    `locations` (primary keys) narrows it down; `planned` adds transfers that nobody has approved and orders that
    nobody has sent.
    """
    where, params = "l.variant_id = ANY(%s)", [list(variants)]
    if locations is not None:
        params.append(list(locations))
    at_place = "" if locations is None else " AND t.destination_id = ANY(%s)"
    sql = _SQL.format(where=where + at_place, where_order=where + at_place.replace("t.destination_id", "o.location_id"))
    found = rows(f"{sql} ORDER BY expected_on NULLS LAST, number", [*params, *params])
    coming = [Incoming(*row) for row in found]
    return coming if planned else [each for each in coming if each.stage not in _PLANNED]


def of_pairs(pairs: Iterable[Pair], *, planned: bool = False) -> dict[Pair, list[Incoming]]:
    """The same by (variant, location); pairs to which nothing comes are left out."""
    wanted = set(pairs)
    found: dict[Pair, list[Incoming]] = {}
    variants, locations = ({pair[place] for pair in wanted} for place in (0, 1))
    for each in of(sorted(variants), locations=sorted(locations), planned=planned):
        if (each.variant, each.location) in wanted:
            found.setdefault((each.variant, each.location), []).append(each)
    return found


def totals(pairs: Iterable[Pair], *, planned: bool = False) -> dict[Pair, int]:
    """Units that can be counted on, per (variant, location): without those that are missing; 0 for none."""
    summed = dict.fromkeys(pairs, 0)
    for pair, coming in of_pairs(summed, planned=planned).items():
        summed[pair] = sum(each.quantity for each in coming if each.stage != "missing")
    return summed


def of_location(location: int, *, planned: bool = False) -> dict[int, int]:
    """Units that can be counted on, per variant, of everything that comes to a location (primary key)."""
    sql = _SQL.format(where="t.destination_id = %s", where_order="o.location_id = %s")
    left_out = ("missing",) if planned else ("missing", *_PLANNED)
    found = rows(
        f"SELECT variant_id, sum(quantity)::int FROM ({sql}) coming WHERE stage <> ALL(%s) GROUP BY 1",
        [location, location, list(left_out)],
    )
    return dict(found)
