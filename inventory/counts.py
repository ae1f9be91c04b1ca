"""The only writers of stock counts: start, scan, finish, recount, approve, cancel.

Counting goes on while the store trades. `scan` stamps what was counted with the place in the ledger where its level
stood: it locks the level FOR SHARE, which lets other counters by and makes writers of stock wait, and reads the level's
last movement in a statement of its own after that. Movements are written under the level's lock, so that every one
before the place is committed and visible, and none can come in before the scan is. In one statement with the lock it
would be wrong: a statement that waited for a sale sees the row as the sale left it, but no movement that came while it
waited. How the places are used, and what is not believed, is said in `variances`.

Locks: the count, its lines by primary key, stock levels by primary key, then their reservations, then sequences.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Category
from commerce.company.models import Location, User
from commerce.kernel import bulk, sequences
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.ids import new_uid
from inventory import stock
from inventory.count_errors import CountedBefore, NothingToTakeBack, NotInCount, NotNow, ScanReused
from inventory.models import CountLine, CountScan, StockCount

Kind, State = StockCount.Kind, StockCount.State
SOURCE = "stock_count"
BATCH = 5_000  # rows of an INSERT: a statement has at most 65,535 parameters
HINTS = {
    "open": _("finish counting first."),
    "review": _("it is being reviewed. Whoever reviews can open it for a recount."),
    "approved": _("it is in the books. Start another count."),
    "canceled": _("start another count."),
}
_SUBTREE = (
    "WITH RECURSIVE tree AS (SELECT id FROM catalog_category WHERE id = %(category)s"
    " UNION ALL SELECT c.id FROM catalog_category c JOIN tree t ON c.parent_id = t.id)"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Units of a variant (primary key) that somebody counted; `uid` is the scanner's own, so that one sent twice counts
    once. A minus takes back, zero says "I looked, there is none"."""

    uid: UUID
    variant: int
    quantity: int


@in_transaction
def start(
    location: Location,
    kind: str,
    *,
    category: Category | None = None,
    variants: Sequence[int] = (),
    is_blind: bool,
    person: User | None,
    at: datetime,
) -> StockCount:
    """Begin a count: of everything that the books see on the shelves, of a category with its sub-categories, or of
    `variants` (primary keys)."""
    count = StockCount.objects.create(
        number=f"C-{sequences.next_value('stock_count'):06d}",
        location=location,
        kind=kind,
        category=category,
        is_blind=is_blind,
        created_by=person,
        created_at=at,
    )
    if kind == Kind.CYCLE:
        CountLine.objects.bulk_create([CountLine(count=count, variant_id=variant) for variant in variants])
        return count
    within = " AND p.category_id IN (SELECT id FROM tree)" if category else ""
    rows(
        (_SUBTREE if category else "")
        + " INSERT INTO inventory_countline (count_id, variant_id, round) SELECT %(count)s, l.variant_id, 1"
        " FROM inventory_stocklevel l JOIN catalog_variant v ON v.id = l.variant_id"
        " JOIN catalog_product p ON p.id = v.product_id"
        f" WHERE l.location_id = %(location)s AND (l.on_hand <> 0 OR l.reserved > 0 OR l.oversold){within}"
        " ORDER BY p.title, v.position, v.id",
        {"count": count.pk, "location": location.pk, "category": category.pk if category else None},
    )
    return count


@in_transaction
def hold(count_pk: int, *states: str) -> StockCount:
    """Lock a count that has to be in one of `states`. Raises `NotNow`."""
    count = StockCount.objects.select_related("location", "category").locked().get(pk=count_pk)
    return _expect(count, states)


@in_transaction
def join(count_pk: int) -> StockCount:
    """An open count, kept open to the end of the transaction, beside others who scan. Raises `NotNow`."""
    rows("SELECT 1 FROM inventory_stockcount WHERE id = %s FOR SHARE", [count_pk])
    return _expect(StockCount.objects.select_related("location", "category").get(pk=count_pk), (State.OPEN,))


def _expect(count: StockCount, states: Sequence[str]) -> StockCount:
    if count.state not in states:
        raise NotNow(number=count.number, state=count.get_state_display(), hint=str(HINTS[count.state]))
    return count


@in_transaction
def scan(count: StockCount, entries: Sequence[Entry], *, person: User | None, at: datetime) -> int:
    """Write down what was counted; how many of `entries` were not known yet. `count` is held or joined by the caller.

    All or nothing. Raises `NotInCount`, `CountedBefore`, `NothingToTakeBack`, `ScanReused`, `KitHasNoStock`.
    """
    lines = _lines_for(count, {entry.variant for entry in entries})
    places = _places(count, lines)
    written = rows(
        "INSERT INTO inventory_countscan (uid, line_id, round, quantity, position, counted_by_id, counted_at)"
        " SELECT w.uid, w.line, w.round, w.quantity, w.place, %s, %s FROM unnest(%s::uuid[], %s::bigint[], %s::int[],"
        " %s::int[], %s::bigint[]) AS w(uid, line, round, quantity, place) ON CONFLICT (uid) DO NOTHING RETURNING uid",
        [
            *(person.pk if person else None, at),
            [entry.uid for entry in entries],
            [lines[entry.variant].pk for entry in entries],
            [lines[entry.variant].round for entry in entries],
            [entry.quantity for entry in entries],
            [places[entry.variant] for entry in entries],
        ],
    )
    new = {uid for (uid,) in written}
    _same_as_before([entry for entry in entries if entry.uid not in new], lines)
    if any(entry.quantity < 0 and entry.uid in new for entry in entries):
        _not_below_nothing(entries, lines)
    return len(new)


def _lines_for(count: StockCount, variants: set[int]) -> dict[int, CountLine]:
    """The locked lines of variants, added where what turned up belongs to the count."""
    known = dict(CountLine.objects.filter(count=count, variant__in=variants).values_list("variant_id", "pk"))
    added = sorted(variants - set(known))
    if added:
        _check_scope(count, added)
        made = [CountLine(count=count, variant_id=variant) for variant in added]
        CountLine.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
    wanted = CountLine.objects.filter(count=count, variant__in=variants).select_related("variant")
    lines = {line.variant_id: line for line in wanted.order_by("pk").select_for_update(of=("self",))}
    latest = latest_round(count)
    if latest > 1:
        _check_round(lines, latest)
    return lines


def latest_round(count: StockCount) -> int:
    """1, or how many times lines of the count were opened for a recount, and 1 more."""
    return int(rows("SELECT coalesce(max(round), 1) FROM inventory_countline WHERE count_id = %s", [count.pk])[0][0])


def _check_scope(count: StockCount, variants: list[int]) -> None:
    """Refuse what does not belong to the count: it stands on another shelf, of which this count sees only a part."""
    if count.kind == Kind.FULL:
        return
    inside: set[int] = set()
    scope = str(count.get_kind_display())
    if count.category_id:
        found = rows(
            _SUBTREE + " SELECT v.id FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id"
            " WHERE v.id = ANY(%(variants)s) AND p.category_id IN (SELECT id FROM tree)",
            {"category": count.category_id, "variants": variants},
        )
        inside, scope = {pk for (pk,) in found}, str(count.category)
    outside = [variant for variant in variants if variant not in inside]
    if outside:
        sku = rows("SELECT sku FROM catalog_variant WHERE id = ANY(%s) ORDER BY sku LIMIT 1", [outside])[0][0]
        raise NotInCount(sku=sku, number=count.number, scope=scope)


def _check_round(lines: Mapping[int, CountLine], latest: int) -> None:
    """In a recount only the lines that are to be counted again are open, and those that nobody has counted yet."""
    earlier = [line.pk for line in lines.values() if line.round < latest]
    counted = rows("SELECT DISTINCT line_id FROM inventory_countscan WHERE line_id = ANY(%s)", [earlier])
    closed = {pk for (pk,) in counted}
    for line in lines.values():
        if line.pk in closed:
            raise CountedBefore(sku=line.variant.sku)


def _places(count: StockCount, lines: Mapping[int, CountLine]) -> dict[int, int]:
    """The place in the ledger of each variant's level, which stays there to the end of the transaction: see above."""
    given = {"location": count.location_id, "variants": sorted(lines)}
    shared = (
        "SELECT variant_id FROM inventory_stocklevel WHERE location_id = %(location)s"
        " AND variant_id = ANY(%(variants)s) ORDER BY id FOR SHARE"
    )
    there = {variant for (variant,) in rows(shared, given)}
    stock.own_levels([(variant, count.location_id) for variant in sorted(lines) if variant not in there])
    found = rows(
        "SELECT l.variant_id, coalesce((SELECT max(m.id) FROM inventory_stockmovement m WHERE m.level_id = l.id), 0)"
        " FROM inventory_stocklevel l WHERE l.location_id = %(location)s AND l.variant_id = ANY(%(variants)s)",
        given,
    )
    return dict(found)


def _same_as_before(entries: Sequence[Entry], lines: Mapping[int, CountLine]) -> None:
    """What was sent before must be the same thing again."""
    before = dict(
        rows(
            "SELECT uid, (line_id, quantity)::text FROM inventory_countscan WHERE uid = ANY(%s)",
            [[entry.uid for entry in entries]],
        )
    )
    for entry in entries:
        if before[entry.uid] != f"({lines[entry.variant].pk},{entry.quantity})":
            raise ScanReused()


def _not_below_nothing(entries: Sequence[Entry], lines: Mapping[int, CountLine]) -> None:
    """The lines are locked, so that two who take back see each other."""
    sums = dict(
        rows(
            "SELECT s.line_id, sum(s.quantity)::int FROM inventory_countscan s JOIN inventory_countline n"
            " ON n.id = s.line_id AND n.round = s.round WHERE s.line_id = ANY(%s) GROUP BY s.line_id",
            [[line.pk for line in lines.values()]],
        )
    )
    for line in lines.values():
        if sums.get(line.pk, 0) < 0:
            taken = -sum(entry.quantity for entry in entries if entry.variant == line.variant_id)
            raise NothingToTakeBack(sku=line.variant.sku, counted=sums[line.pk] + taken, wanted=taken)


@in_transaction
def none_there(count: StockCount, lines: Iterable[CountLine], *, person: User | None, at: datetime) -> int:
    """Nobody scanned these lines, and whoever reviews says that there is none: a scan of zero, here and now."""
    wanted = [line for line in lines if not line.scans.filter(round=line.round).exists()]
    entries = [Entry(new_uid(), line.variant_id, 0) for line in wanted]
    places = _places(count, {line.variant_id: line for line in wanted}) if wanted else {}
    scans = [
        CountScan(
            uid=entry.uid, line=line, round=line.round, quantity=0, position=places[entry.variant],
            counted_by=person, counted_at=at,
        )
        for entry, line in zip(entries, wanted, strict=True)
    ]  # fmt: skip
    CountScan.objects.bulk_create(scans, batch_size=BATCH)
    return len(wanted)


@in_transaction
def count_again(count: StockCount, lines: Sequence[int]) -> int:
    """Open a count that is held for a recount of lines (primary keys): a new round, in which only its scans count."""
    opened = CountLine.objects.filter(count=count, pk__in=lines).update(round=latest_round(count) + 1)
    if opened:
        put(count, State.OPEN)
    return opened


@in_transaction
def put(count: StockCount, state: str, *, by: User | None = None, at: datetime | None = None) -> None:
    """Put a count that is held into another state; `at` closes it."""
    count.state, count.closed_at = state, at
    if state == State.APPROVED:
        count.approved_by = by
    count.save(update_fields=["state", "closed_at", "approved_by"])


@in_transaction
def write_figures(figures: Iterable[tuple[int, int, int, int]]) -> None:
    """Keep what was approved: (line, counted, expected, variance); and when each level was counted last."""
    kept = list(figures)
    bulk.update(CountLine, ["counted", "expected", "variance"], kept)
    rows(
        "UPDATE inventory_stocklevel l SET last_counted_at = GREATEST(l.last_counted_at, s.counted_at)"
        " FROM (SELECT n.variant_id, c.location_id, max(x.counted_at) AS counted_at FROM inventory_countline n"
        " JOIN inventory_stockcount c ON c.id = n.count_id"
        " JOIN inventory_countscan x ON x.line_id = n.id AND x.round = n.round"
        " WHERE n.id = ANY(%s) GROUP BY 1, 2) s"
        " WHERE l.variant_id = s.variant_id AND l.location_id = s.location_id",
        [[line for line, *_figures in kept]],
    )
