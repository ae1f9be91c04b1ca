"""A count on file: a CSV with a code (SKU or barcode) and a quantity a line, from a scanner that keeps its scans.

A file is taken as a whole or not at all: every line that cannot be is named, with what is wrong with it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from commerce.catalog.barcodes import lookup_keys
from commerce.catalog.skus import normalize_sku
from commerce.kernel.db import rows
from commerce.sync import files
from commerce.sync.errors import Fault, FileRefused

CODES = ("code", "sku", "barcode", "ean", "gtin", "upc")
QUANTITIES = ("quantity", "qty", "count", "counted", "units")
MOST = 100_000  # units on a line
MOST_LINES = 50_000
SHOWN = 100  # faults that are listed


@dataclass(slots=True)
class CountFile:
    """The lines of a sound file: (line number, variant, quantity); `sha256` tells a file that was brought before."""

    lines: list[tuple[int, int, int]]
    sha256: str


@dataclass(slots=True)
class _Lines:
    """Reads rows as they pass; see `files.Reader`."""

    code: int
    quantity: int
    rows: list[tuple[int, str, int]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def look(self, line: int, row: list[str]) -> None:
        code, text = row[self.code], row[self.quantity]
        number = re.fullmatch(r"\+?(\d{1,9})(?:[.,]0+)?", text)
        if not code:
            self.faults.append(Fault(line, _("Line %(line)s has no code.") % {"line": line}))
        elif number is None or int(number[1]) > MOST:
            says = _("Line %(line)s: “%(text)s” is not a number of units from 0 to 100,000.")
            self.faults.append(Fault(line, says % {"line": line, "text": text[:40]}))
        elif len(self.rows) >= MOST_LINES:
            raise FileRefused([Fault(line, _("The file has more than 50,000 lines. Bring it in parts."))])
        else:
            self.rows.append((line, code, int(number[1])))


def read(path: Path) -> CountFile:
    """Read a file and find its items. Raises `FileRefused` with every line that cannot be taken."""
    table, lines = files.inspect(path, _columns)
    found = variants_of_codes(code for _line, code, _quantity in lines.rows)
    says = _("Line %(line)s: nothing has the code “%(code)s”. Correct it, or enter the item in the catalog first.")
    unknown = [
        Fault(line, says % {"line": line, "code": code[:40]})
        for line, code, _quantity in lines.rows
        if code not in found
    ]
    faults = sorted([*lines.faults, *unknown], key=lambda fault: fault.line)
    if not lines.rows and not faults:
        faults = [Fault(0, _("The file has a header and nothing below it."))]
    if faults:
        raise FileRefused(faults[:SHOWN], max(0, len(faults) - SHOWN))
    return CountFile([(line, found[code], quantity) for line, code, quantity in lines.rows], table.sha256)


def _columns(header: list[str]) -> _Lines:
    names = [name.strip().lower() for name in header]
    code = next((names.index(name) for name in CODES if name in names), None)
    quantity = next((names.index(name) for name in QUANTITIES if name in names), None)
    if code is None or quantity is None:
        says = _("The first line has to name the columns “code” and “quantity”; it names: %(names)s.")
        raise FileRefused([Fault(1, says % {"names": ", ".join(filter(None, header))[:200] or "–"})])
    return _Lines(code, quantity)


def variants_of_codes(codes: Iterable[str]) -> dict[str, int]:
    """The variant (primary key) that each code means, as `catalog.queries.variants_by_code` finds it; many at once."""
    wanted = {code: (lookup_keys(code), normalize_sku(code).value) for code in set(codes)}
    keys = sorted({key for keys, _sku in wanted.values() for key in keys})
    skus = sorted({sku for _keys, sku in wanted.values() if sku})
    by_barcode = dict(rows("SELECT key, variant_id FROM catalog_barcode WHERE key = ANY(%s)", [keys]))
    by_sku = dict(rows("SELECT sku_key, id FROM catalog_variant WHERE sku_key = ANY(%s)", [skus]))
    found = {}
    for code, (keys_of, sku) in wanted.items():
        variant = next((by_barcode[key] for key in keys_of if key in by_barcode), by_sku.get(sku))
        if variant is not None:
            found[code] = variant
    return found
