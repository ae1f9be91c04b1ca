"""A count on file: a CSV with a code (SKU or barcode) and a quantity a line, from a scanner that keeps its scans.

A file is taken as a whole or not at all: every line that cannot be is named, with what is wrong with it.
"""

from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from commerce.catalog.units import NoAmount
from commerce.sync import files
from commerce.sync.errors import Fault, FileRefused
from inventory import scanned
from inventory.scanned import Found

CODES = ("code", "sku", "barcode", "ean", "gtin", "upc")
QUANTITIES = ("quantity", "qty", "count", "counted", "units")
MOST_LINES = 50_000
SHOWN = 100  # faults that are listed


@dataclass(slots=True)
class CountFile:
    """The lines of a sound file: (line number, variant, smallest amounts of it). `sha256` tells a file that was brought
    before."""

    lines: list[tuple[int, int, int]]
    sha256: str


@dataclass(slots=True)
class _Lines:
    """Reads rows as they pass; see `files.Reader`."""

    code: int
    quantity: int
    rows: list[tuple[int, str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def look(self, line: int, row: list[str]) -> None:
        code = row[self.code]
        if not code:
            self.faults.append(Fault(line, _("Line %(line)s has no code.") % {"line": line}))
        elif len(self.rows) >= MOST_LINES:
            raise FileRefused([Fault(line, _("The file has more than 50,000 lines. Bring it in parts."))])
        else:
            self.rows.append((line, code, row[self.quantity]))


def read(path: Path) -> CountFile:
    """Read a file and find its items. Raises `FileRefused` with every line that cannot be taken."""
    table, lines = files.inspect(path, _columns)
    found = scanned.of_codes(code for _line, code, _text in lines.rows)
    taken: list[tuple[int, int, int]] = []
    for line, code, text in lines.rows:
        fault = _take(line, code, text, found.get(code), taken)
        if fault:
            lines.faults.append(Fault(line, fault))
    if not lines.rows and not lines.faults:
        lines.faults.append(Fault(0, _("The file has a header and nothing below it.")))
    if lines.faults:
        faults = sorted(lines.faults, key=lambda fault: fault.line)
        raise FileRefused(faults[:SHOWN], max(0, len(faults) - SHOWN))
    return CountFile(taken, table.sha256)


def _take(line: int, code: str, text: str, found: Found | None, taken: list[tuple[int, int, int]]) -> str:
    """Take a line, or say what is wrong with it."""
    if found is None:
        says = _("Line %(line)s: nothing has the code “%(code)s”. Correct it, or enter the item in the catalog first.")
        return says % {"line": line, "code": code[:40]}
    try:
        amount = found.amount(text) if text else -1
    except NoAmount as error:
        return _("Line %(line)s: %(says)s") % {"line": line, "says": error}
    if amount < 0:
        says = _("Line %(line)s: “%(text)s” is not a quantity. Write 0 where there is none.")
        return says % {"line": line, "text": text[:40]}
    taken.append((line, found.variant.pk, amount))
    return ""


def _columns(header: list[str]) -> _Lines:
    names = [name.strip().lower() for name in header]
    code = next((names.index(name) for name in CODES if name in names), None)
    quantity = next((names.index(name) for name in QUANTITIES if name in names), None)
    if code is None or quantity is None:
        says = _("The first line has to name the columns “code” and “quantity”; it names: %(names)s.")
        raise FileRefused([Fault(1, says % {"names": ", ".join(filter(None, header))[:200] or "–"})])
    return _Lines(code, quantity)
