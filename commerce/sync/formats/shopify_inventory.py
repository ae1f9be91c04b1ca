"""Shopify's inventory files, quantities only: a column per location, or a row per location with "On hand (new)"."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from commerce.kernel.exchange import Record
from commerce.sync.errors import Fault, FileRefused
from commerce.sync.files import Row
from commerce.sync.formats import Columns

ABOUT = {
    *("Handle", "Title", "SKU", "Variant SKU", "HS Code", "COO", "Location", "Bin name"),
    *(f"Option{n} {what}" for n in (1, 2, 3) for what in ("Name", "Value")),
}
ON_HAND = ("On hand (new)", "On hand (current)", "On hand", "Available")
OTHER_STATES = {"Incoming", "Unavailable", "Committed", "Incoming (not editable)", "Unavailable (not editable)"}
OTHER_STATES |= {"Committed (not editable)", "Available (not editable)", "On hand (current)", "Available"}
NO_OPTION = "Default Title"


class Inventory:
    """The layout of an inventory file, for the one location that is imported."""

    name = "inventory"

    def __init__(self, header: list[str]) -> None:
        self.index = {name: place for place, name in enumerate(header)}
        self.by_row = "Location" in self.index
        self._sku = "SKU" if "SKU" in self.index else "Variant SKU"
        self._locations: Counter[str] = Counter()
        quantity = [name for name in ON_HAND if name in self.index][:1]
        if self.by_row and not quantity:
            raise FileRefused([Fault(1, _("Line 1 has no column “On hand (new)” with the quantities."))])
        places = [name for name in header if name and name not in ABOUT | OTHER_STATES]
        if not self.by_row and not places:
            raise FileRefused([Fault(1, _("Line 1 names no location: there is no column with quantities."))])
        self._quantity = quantity[0] if self.by_row else ""
        self._places = [] if self.by_row else places
        self._wanted = ""
        other = OTHER_STATES - {self._quantity}
        self.columns = Columns(
            used=[n for n in header if n in {"Handle", self._sku, "Location", self._quantity} or n.endswith(" Value")],
            ignored=[n for n in header if n in {"Title", "HS Code", "COO", "Bin name"} | other or n.endswith(" Name")],
            unknown=[name for name in places if self.by_row and name != self._quantity],
        )

    def look(self, line: int, row: list[str]) -> None:
        if self.by_row:
            self._locations[self._text(row, "Location")] += 1

    def ready(self, options: dict[str, Any]) -> None:
        """Choose the file's location: the only one, or the one named like the location that is imported to."""
        names = [name for name in self._locations if name] if self.by_row else self._places
        wanted = {str(options.get("location", "")).casefold(), str(options.get("location_name", "")).casefold()}
        matching = [name for name in names if name.casefold() in wanted]
        if len(names) > 1 and not matching:
            says = _("The file has quantities of several locations (%(names)s), and none is called like %(location)s.")
            text = says % {"names": ", ".join(names[:10]), "location": options.get("location", "")}
            raise FileRefused([Fault(1, text)])
        self._wanted = (matching or names or [""])[0]
        if not self.by_row:
            self.columns.used.append(self._wanted)
            self.columns.ignored += [name for name in names if name != self._wanted]

    def records(self, rows: Iterator[Row]) -> Iterator[Record]:
        """One record of kind "quantity" per row."""
        for line, row in rows:
            values = [self._text(row, f"Option{n} Value") for n in (1, 2, 3)]
            values = [] if values[0] == NO_OPTION else [value for value in values if value]
            data = {"slug": self._text(row, "Handle"), "sku": self._text(row, self._sku), "option_values": values}
            record = Record("quantity", line, data)
            quantity = self._text(row, self._quantity if self.by_row else self._wanted)
            if quantity and quantity.casefold() != "not stocked":
                data["quantity"] = quantity
            if self.by_row and self._text(row, "Location") != self._wanted:
                says = _("This row is about %(other)s, not about %(wanted)s.")
                names = {"other": self._text(row, "Location") or "?", "wanted": self._wanted}
                record.refuse("other_location", says % names)
            yield record

    def _text(self, row: list[str], column: str) -> str:
        place = self.index.get(column)
        return "" if place is None else row[place]
