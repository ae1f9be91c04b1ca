"""What imports may bring to stock: of a record of kind variant or quantity, `quantity` on hand at one location.

Option `location` (a code) says where. A file that says the same as the last one changes nothing, even where stock has
moved on since: importing an old export again must not bring back what was sold. Only a new number is a new count.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from commerce.company.locations import demand_place, places
from commerce.company.models import Location
from commerce.company.permissions import require
from commerce.kernel.db import rows
from commerce.kernel.errors import InvalidInput
from commerce.kernel.exchange import CREATED, UNCHANGED, UPDATED, Record, Run
from inventory import stock
from inventory.levels import Source, level_keys, lock
from inventory.models import StockMovement

MEMORY = "inventory.on_hand"
MOST = 1_000_000_000


class StockEntity:
    """Quantities on hand at one location."""

    def __init__(self) -> None:
        self._location: Location | None = None
        self._lines: dict[int, int] = {}

    def prepare(self, options: dict[str, Any]) -> None:
        code = options.get("location") or ""
        if not code:
            return
        self._location = Location.objects.filter(code__iexact=code).first()
        if self._location is None:
            known = ", ".join(places().values_list("code", flat=True))
            text = _("There is no location “%(code)s”. There are: %(known)s.")
            raise InvalidInput({"location": [text % {"code": code, "known": known or "–"}]})
        demand_place(self._location)
        options["location"], options["location_name"] = self._location.code, self._location.name
        require(options.get("person"), "import.run", self._location)

    def apply(self, records: Sequence[Record], run: Run) -> None:
        asked: dict[int, tuple[Record, int]] = {}
        for record in (each for one in records for each in one.all()):
            if "variant" in record.found and "quantity" in record.data and not record.is_refused:
                self._ask(record, asked, run)
        if asked and self._location is not None:
            self._change(self._location.pk, asked, run)

    def _ask(self, record: Record, asked: dict[int, tuple[Record, int]], run: Run) -> None:
        """Note what is wanted of a record's variant."""
        quantity = _quantity(record)
        if quantity is None:
            return
        if self._location is None:
            text = _("The quantity %(quantity)s was left out: name a location (--location) to import stock.")
            record.note("no_location", text % {"quantity": quantity})
            return
        variant = record.found["variant"]
        if variant is None:  # a dry run: the variant would be new
            run.tally["stock levels"][CREATED if quantity else UNCHANGED] += 1
        elif self._lines.get(variant, record.line) != record.line:
            text = _("Line %(line)s gave the quantity of this variant already.")
            record.refuse("quantity_repeated", text % {"line": self._lines[variant]})
        else:
            if record.kind == "quantity":  # a product's variants come together: only these may be far apart
                self._lines[variant] = record.line
            asked[variant] = (record, quantity)

    def _change(self, location: int, asked: dict[int, tuple[Record, int]], run: Run) -> None:
        keys = {variant: f"{location}:{variant}" for variant in asked}
        said = run.memory.recall(MEMORY, list(keys.values()))
        if not run.dry_run:
            lock(level_keys((variant, location) for variant in asked).values())
        on_hand = _on_hand(location, asked)
        moves: dict[tuple[int, int], int] = {}
        for variant, (record, quantity) in asked.items():
            now = on_hand.get(variant)
            if said.get(keys[variant]) == str(quantity):
                run.tally["stock levels"][UNCHANGED] += 1
                if now is not None and now != quantity:
                    text = _("The file still says %(quantity)s, as before; the %(now)s on hand now were left alone.")
                    record.note("stock_moved_on", text % {"quantity": quantity, "now": now})
                continue
            outcome = UNCHANGED if quantity == (now or 0) else CREATED if now is None else UPDATED
            run.tally["stock levels"][outcome] += 1
            if outcome != UNCHANGED:
                moves[variant, location] = quantity - (now or 0)
                record.became(UPDATED)
        if not run.dry_run:
            source = Source("import", run.uid, run.actor)
            stock.move(moves, kind=StockMovement.Kind.IMPORT, source=source, at=run.at)
            news = {keys[variant]: str(quantity) for variant, (_record, quantity) in asked.items()}
            run.memory.keep(MEMORY, {key: text for key, text in news.items() if said.get(key) != text})


ENTITY = StockEntity


def _on_hand(location: int, variants: Sequence[int] | dict[int, Any]) -> dict[int, int]:
    found = rows(
        "SELECT variant_id, on_hand FROM inventory_stocklevel WHERE location_id = %s AND variant_id = ANY(%s)",
        [location, list(variants)],
    )
    return dict(found)


def _quantity(record: Record) -> int | None:
    """The file's quantity as a whole number of units; None when it is none. Shelves hold no negative quantities."""
    text = record.data["quantity"]
    number = re.fullmatch(r"([-+]?\d{1,12})(?:[.,]0+)?", text)
    if number is None or int(number[1]) > MOST:
        record.note("quantity_unusable", _("“%(text)s” is not a quantity and was left out.") % {"text": text[:40]})
        return None
    if int(number[1]) < 0:
        says = _("The quantity is %(text)s; a shelf cannot hold less than nothing, so it was taken as 0.")
        record.note("quantity_negative", says % {"text": text})
        return 0
    return int(number[1])
