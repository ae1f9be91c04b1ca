"""The lines of a count as its page shows them: live while it is reviewed, as they were booked afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.catalog.units import text_of, total_text
from commerce.kernel.db import rows
from commerce.office.columns import chip, signed
from inventory import tallies
from inventory.models import CountLine, StockCount, StockMovement
from inventory.variances import CORRECTED, DIFFERS, IMPOSSIBLE, MATCHES, MOVED, TO_RECOUNT, UNCOUNTED, WAITING

SAYS = {
    MATCHES: (_("Matches"), "positive", ""),
    DIFFERS: (_("Differs"), "warning", ""),
    MOVED: (_("Count again"), "danger", _("it moved between two scans")),
    CORRECTED: (_("Count again"), "danger", _("the books were corrected since")),
    IMPOSSIBLE: (_("Count again"), "danger", _("more was sold since than was counted")),
    WAITING: (_("Waits"), "accent", _("to be counted again")),
    UNCOUNTED: (_("Not scanned"), "open", ""),
}
SHOWS = {
    "differences": (_("Differences"), TO_RECOUNT | {DIFFERS, WAITING}),
    "uncounted": (_("Not scanned"), frozenset({UNCOUNTED})),
    "matches": (_("Matches"), frozenset({MATCHES})),
    "all": (_("All lines"), frozenset(SAYS)),
}


@dataclass(slots=True)
class Row:
    """A line: its figures, and for those that are shown its variant, who counted, and what moved since."""

    line: int
    variant: int
    round: int
    counted: int | None
    expected: int
    variance: int
    value_minor: int
    verdict: str
    name: Variant | None = None
    people: str = ""
    since: int = 0

    @property
    def says(self) -> str:
        label, tone, _why = SAYS[self.verdict]
        return chip(label, tone)

    @property
    def figures(self) -> dict[str, str]:
        """Counted, expected, difference and what moved since, in the variant's unit."""
        assert self.name is not None
        known = {"counted": self.counted, "expected": self.expected}
        texts = {} if self.counted is None else {key: text_of(value or 0, self.name) for key, value in known.items()}
        return {**texts, "variance": signed(self.variance, self.name), "since": signed(self.since, self.name)}

    @property
    def why(self) -> str:
        return str(SAYS[self.verdict][2])


@dataclass(frozen=True, slots=True)
class Totals:
    """What a count comes to: lines that are settled, those of them that fit, and what the others add up to: pieces and
    meters together, as text."""

    lines: int
    counted: int
    matching: int
    to_recount: int
    waiting: int
    found: str
    lost: str
    value_minor: int

    @property
    def accuracy(self) -> int | None:
        """Per cent of the counted lines that fitted; None before there are any."""
        settled = self.counted - self.to_recount
        return round(100 * self.matching / settled) if settled else None


def of_count(count: StockCount) -> list[Row]:
    if count.state == StockCount.State.APPROVED:
        return _booked(count)
    return [
        Row(t.line, t.variant, t.round, t.counted, t.expected, t.variance, t.value_minor, t.verdict)
        for t in tallies.of_count(count)
    ]


def _booked(count: StockCount) -> list[Row]:
    """As approved: what a line was worth is what its movement took."""
    movements = StockMovement.objects.filter(source_uid=count.uid, kind=StockMovement.Kind.COUNT)
    worth = dict(movements.values_list("level__variant_id", "value_minor"))
    found = []
    for line in CountLine.objects.filter(count=count).order_by("pk"):
        variance = line.variance or 0
        verdict = UNCOUNTED if line.counted is None else DIFFERS if variance else MATCHES
        value = worth.get(line.variant_id, 0)
        figures = (line.counted, line.expected or 0, variance, value)
        found.append(Row(line.pk, line.variant_id, line.round, *figures, verdict))
    return found


def totals_of(found: Sequence[Row]) -> Totals:
    settled = [row for row in found if row.verdict in (MATCHES, DIFFERS)]
    off = [row for row in settled if row.variance]
    scales = dict(Variant.objects.filter(pk__in=[row.variant for row in off]).values_list("pk", "unit_scale"))
    return Totals(
        lines=len(found),
        counted=sum(row.counted is not None for row in found),
        matching=sum(row.verdict == MATCHES for row in found),
        to_recount=sum(row.verdict in TO_RECOUNT for row in found),
        waiting=sum(row.verdict == WAITING for row in found),
        found=total_text((row.variance, scales[row.variant]) for row in off if row.variance > 0),
        lost=total_text((-row.variance, scales[row.variant]) for row in off if row.variance < 0),
        value_minor=sum(row.value_minor for row in settled),
    )


_MORE = """
    SELECT n.id, coalesce(string_agg(DISTINCT coalesce(nullif(u.first_name, ''), u.username), ', '), ''),
        coalesce((SELECT sum(m.quantity) FROM inventory_stockmovement m WHERE m.level_id = l.id
            AND m.id > min(s.position) AND m.source_uid <> c.uid), 0)
    FROM inventory_countline n
    JOIN inventory_stockcount c ON c.id = n.count_id
    JOIN inventory_countscan s ON s.line_id = n.id AND s.round = n.round
    LEFT JOIN company_user u ON u.id = s.counted_by_id
    LEFT JOIN inventory_stocklevel l ON l.variant_id = n.variant_id AND l.location_id = c.location_id
    WHERE n.id = ANY(%s) GROUP BY n.id, l.id, c.uid
"""


def fill(shown: Sequence[Row]) -> None:
    """Add what only the rows on the page need, in two statements."""
    variants = Variant.objects.select_related("product").in_bulk([row.variant for row in shown])
    more: dict[int, Any] = {pk: rest for pk, *rest in rows(_MORE, [[row.line for row in shown]])}
    for row in shown:
        row.name = variants[row.variant]
        row.people, row.since = more.get(row.line, ("", 0))


def by_weight(found: list[Row]) -> list[Row]:
    """What needs a person first, then the dearest, then the most units; what fits stays in the count's order."""
    need = {MOVED: 0, CORRECTED: 0, IMPOSSIBLE: 0, WAITING: 1}
    return sorted(
        found, key=lambda row: (need.get(row.verdict, 2), -abs(row.value_minor), -abs(row.variance), row.line)
    )
