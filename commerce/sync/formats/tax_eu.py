"""Rates of value added tax as a public JSON table has them: dated periods per country, and exceptions by postal code.

    {"items": {"ES": [{"effective_from": "0000-01-01", "rates": {"standard": 21, "reduced": 10},
                       "exceptions": [{"name": "Canary Islands", "postcode": "(35\\d{3}|38\\d{3})", "standard": 0}]}]}}

A period lasts to the beginning of the next; a class that the next one does not have ends. A place outside of the tax
(0 %) taxes nothing; one with another rate has it for standard goods, and the country's rates for all others. `reduced1`
is our class "reduced", `reduced2` is "reduced_2"; which of them a product belongs to is told at the product.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from commerce.kernel.exchange import Record
from commerce.sync.errors import Fault, FileRefused
from commerce.sync.files import Row, Table
from commerce.sync.formats import Columns
from commerce.sync.formats.postal_patterns import prefixes

LARGEST = 5 << 20
EVER = "1900-01-01"
CLASSES = {"reduced1": "reduced", "reduced2": "reduced_2"}
HEADER = ["country", "from", "until", "place", "postcode", "class", "percent"]


@dataclass(slots=True)
class Document(Table):
    """The file's facts as rows under `HEADER`. The line is that on which their period begins, so they share it."""

    facts: list[Row] = field(default_factory=list)

    def read(self) -> Iterator[Row]:
        yield from self.facts


class Vat:
    name = "vat"

    def __init__(self, header: list[str]) -> None:
        self.columns = Columns(used=header)

    def look(self, line: int, row: list[str]) -> None:
        """Read by `inspect`."""

    def ready(self, options: dict[str, Any]) -> None:
        """Nothing is asked of whoever imports."""

    def records(self, rows: Iterator[Row]) -> Iterator[Record]:
        for line, (country, begins, until, place, pattern, tax_class, percent) in rows:
            shown = f"VAT {percent}%" + (f" {place.title()}" if place else "")
            rate = {
                "country": country,
                "region": "",
                "locality": place,
                "tax_class": tax_class,
                "code": f"{country.lower()}-vat",
                "name": shown[:80],
                "percent": percent,
                "valid_from": begins,
                "valid_until": until,
            }
            record = Record("tax_rate", line, rate)
            for prefix in _prefixes(record, pattern) if pattern else ():
                area = {"country": country, "region": "", "postal_prefix": prefix, "localities": [place]}
                record.parts.append(Record("tax_area", line, area))
            yield record


LAYOUTS = {"eu": Vat}


def _prefixes(record: Record, pattern: str) -> list[str]:
    try:
        return prefixes(pattern)
    except ValueError:
        text = _("The pattern of postal codes “%(pattern)s” cannot be read.")
        record.refuse("pattern_unreadable", text % {"pattern": pattern})
        return []


def inspect(path: Path, reader_of: Callable[[list[str]], Any]) -> tuple[Table, Any]:
    """Read the file and judge it. Raises `FileRefused`."""
    if not path.is_file():
        raise FileRefused([Fault(0, _("There is no file %(path)s.") % {"path": path})])
    if path.stat().st_size > LARGEST:
        raise FileRefused([Fault(0, _("The file is far larger than a table of VAT rates."))])
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
        items = json.loads(text)["items"]
        facts = [fact for country, given in items.items() for fact in _facts(country, given, text)]
    except UnicodeDecodeError as error:
        raise FileRefused([Fault(0, _("The file is not UTF-8."))]) from error
    except json.JSONDecodeError as error:
        says = _("Line %(line)s is not JSON: %(error)s.") % {"line": error.lineno, "error": error.msg}
        raise FileRefused([Fault(error.lineno, says)]) from error
    except (KeyError, TypeError, AttributeError) as error:
        text = _("This is not a table of VAT rates: it needs “items” with countries and their periods.")
        raise FileRefused([Fault(0, text)]) from error
    table = Document(
        path,
        HEADER,
        rows=len({fact[0] for fact in facts}),
        sha256=hashlib.sha256(raw).hexdigest(),
        facts=_numbered(facts),
    )
    return table, reader_of(HEADER)


def _facts(country: str, given: list[dict[str, Any]], text: str) -> Iterator[list[Any]]:
    """Rows [line, *HEADER] of a country: each rate once, from the day it begins until it is not said any more."""
    lines = _lines(country, len(given), text)
    spans = sorted(zip(given, lines, strict=True), key=lambda span: str(span[0]["effective_from"]))
    days = [_day(country, line, str(period["effective_from"])) for period, line in spans]
    last: dict[tuple[str, str], list[Any]] = {}
    for number, (period, line) in enumerate(spans):
        told = _said(period)
        for (place, tax_class), row in list(last.items()):
            if (place, tax_class) not in told:
                row[3] = (date.fromisoformat(days[number]) - timedelta(1)).isoformat()
                del last[place, tax_class]
        for key, (pattern, percent) in told.items():
            if key in last and last[key][7] == percent:
                continue
            last[key] = [line, country, days[number], "", key[0], pattern, key[1], percent]
            yield last[key]


def _lines(country: str, count: int, text: str) -> list[int]:
    """The lines on which a country's periods begin; where that cannot be seen, the one on which the country does."""
    found = re.search(rf'"{re.escape(country)}"\s*:', text)
    start = found.start() if found else 0
    begins = [each.start() for each in re.finditer(r'"effective_from"', text[start:])][:count]
    begins += [0] * (count - len(begins))
    return [text.count("\n", 0, start + place) + 1 for place in begins]


def _day(country: str, line: int, text: str) -> str:
    try:
        return date.fromisoformat(EVER if text.startswith("0000") else text).isoformat()
    except ValueError as error:
        says = _("Line %(line)s: “%(text)s” is no day from which rates of %(country)s count.")
        raise FileRefused([Fault(line, says % {"line": line, "text": text, "country": country})]) from error


def _said(period: dict[str, Any]) -> dict[tuple[str, str], tuple[str, str]]:
    """(postal pattern, percent) by (place, class)."""
    rates = {CLASSES.get(name, name): str(percent) for name, percent in period["rates"].items()}
    found = {("", tax_class): ("", percent) for tax_class, percent in rates.items()}
    for exception in period.get("exceptions", []):
        place = str(exception["name"]).upper()
        told = {name: value for name, value in exception.items() if name not in ("name", "postcode")}
        own = {CLASSES.get(name, name): str(percent) for name, percent in told.items()}
        if own.get("standard") != "0":
            own = {**rates, **own}
        found |= {(place, tax_class): (str(exception["postcode"]), percent) for tax_class, percent in own.items()}
    return found


def _numbered(facts: list[list[Any]]) -> list[Row]:
    return [(fact[0], fact[1:]) for fact in facts]
