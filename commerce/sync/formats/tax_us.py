"""Public tables of US sales tax, as CSV: rates of states, rates of jurisdictions, rates by ZIP code.

    us-states          state, rate (fraction)
    us-jurisdictions   state, jurisdiction_type, name, fips_code, rate (fraction); no postal codes: tax areas say where
    us-zip             country, state, zipcode, tax_region_name and state, county, city, special and combined rate, all
                       in percent. Brings the states' own shares with it: do not take us-states after it.

A row gives records of kind "tax_rate" and "tax_area"; see `commerce.pricing.tax_sync` for their words.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from commerce.kernel.exchange import Record
from commerce.sync.errors import Fault, FileRefused
from commerce.sync.files import Row
from commerce.sync.formats import Columns

LONGEST_CODE = 40
LONGEST_LOCALITY = 80
COUNTY_LIKE = ("COUNTY", "PARISH", "BOROUGH")
ROUNDED = Decimal("0.0005")  # percent by which a combined rate may differ from its parts


class Sheet:
    """A layout whose columns are named by the header, in any order and whatever else is there."""

    name = "taxes"
    wanted: tuple[str, ...] = ()

    def __init__(self, header: list[str]) -> None:
        self.index = {name: place for place, name in enumerate(header)}
        missing = [name for name in self.wanted if name not in self.index]
        if missing:
            text = _("Line 1 is not the header of this table: there is no column %(names)s.")
            raise FileRefused([Fault(1, text % {"names": ", ".join(missing)})])
        self.columns = Columns(
            used=list(self.wanted), unknown=[name for name in header if name and name not in self.wanted]
        )

    def look(self, line: int, row: list[str]) -> None:
        """Most tables can be read as they come."""

    def ready(self, options: dict[str, Any]) -> None:
        """Nothing is asked of whoever imports."""

    def text(self, row: list[str], column: str) -> str:
        return row[self.index[column]]

    def records(self, rows: Iterator[Row]) -> Iterator[Record]:
        for line, row in rows:
            yield self.record(line, row)

    def record(self, line: int, row: list[str]) -> Record:
        raise NotImplementedError


class States(Sheet):
    wanted = ("state", "rate")

    def record(self, line: int, row: list[str]) -> Record:
        return _rate(line, self.text(row, "state"), "", "", _in_percent(self.text(row, "rate")))


class Jurisdictions(Sheet):
    """Counties, cities and districts. Where a state has a name twice, its FIPS code or its type tells them apart; where
    that does not help and the rates differ, nobody can know which is meant."""

    wanted = ("state", "jurisdiction_type", "name", "fips_code", "rate")

    def __init__(self, header: list[str]) -> None:
        super().__init__(header)
        self._lines: dict[tuple[str, str], dict[tuple[str, str], list[tuple[int, str]]]] = {}

    def look(self, line: int, row: list[str]) -> None:
        told = self._lines.setdefault(self._key(row), defaultdict(list))
        told[self._difference(row)].append((line, self.text(row, "rate")))

    def record(self, line: int, row: list[str]) -> Record:
        state, locality = self._key(row)
        told = self._lines[state, locality]
        mine = told[self._difference(row)]
        if len(told) > 1:
            kind, fips = self._difference(row)
            locality = f"{locality} ({fips or kind.upper().replace('_', ' ')})"
        record = _rate(line, state, locality, self.text(row, "jurisdiction_type"), _in_percent(self.text(row, "rate")))
        if len({rate for _line, rate in mine}) > 1:
            says = _("“%(name)s” stands on lines %(lines)s with other rates. Which of them counts where?")
            others = ", ".join(str(line) for line, _rate in mine[:5]) + (" …" if len(mine) > 5 else "")
            record.refuse("name_not_unique", says % {"name": self.text(row, "name"), "lines": others})
        return record

    def _key(self, row: list[str]) -> tuple[str, str]:
        name, kind = self.text(row, "name").upper(), self.text(row, "jurisdiction_type").upper()
        name = f"{name} {kind}" if kind in COUNTY_LIKE and kind not in name else name
        return self.text(row, "state").upper(), name

    def _difference(self, row: list[str]) -> tuple[str, str]:
        return self.text(row, "jurisdiction_type"), self.text(row, "fips_code")


class ZipCodes(Sheet):
    """A ZIP code lies in one region, which has shares of the county, the city and districts. A region that has not the
    same shares everywhere becomes one per ZIP code."""

    parts = (("county_rate", "county"), ("city_rate", "city"), ("special_rate", "special_district"))
    wanted = ("country", "state", "zipcode", "tax_region_name", "state_rate", *dict(parts), "combined_rate")

    def __init__(self, header: list[str]) -> None:
        super().__init__(header)
        self._shares: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)

    def look(self, line: int, row: list[str]) -> None:
        self._shares[self._region(row)].add(tuple(self.text(row, column) for column, _kind in self.parts))

    def record(self, line: int, row: list[str]) -> Record:
        state, region = self._region(row)
        zip_code = self.text(row, "zipcode").zfill(5)
        locality = region if len(self._shares[state, region]) == 1 else f"{region}/{zip_code}"
        about = {"country": "US", "region": state, "postal_prefix": zip_code, "localities": [locality]}
        record = Record("tax_area", line, about)
        record.parts.append(_rate(line, state, "", "", self.text(row, "state_rate")))
        record.parts += [_rate(line, state, locality, kind, self.text(row, column)) for column, kind in self.parts]
        if self.text(row, "country") != "US" or not re.fullmatch(r"\d{5}", zip_code):
            record.refuse("not_a_zip_code", _("“%(code)s” is no ZIP code of the US.") % {"code": zip_code})
        elif not region:
            record.refuse("no_region", _("ZIP code %(code)s has no name of its region.") % {"code": zip_code})
        elif not self._adds_up(row):
            text = _("The shares of ZIP code %(code)s do not make its combined rate of %(rate)s %%.")
            record.refuse("does_not_add_up", text % {"code": zip_code, "rate": self.text(row, "combined_rate")})
        return record

    def _region(self, row: list[str]) -> tuple[str, str]:
        return self.text(row, "state").upper(), " ".join(self.text(row, "tax_region_name").upper().split())

    def _adds_up(self, row: list[str]) -> bool:
        """Whether the combined rate is the sum; what is no number is refused where it is read."""
        try:
            shares = sum(Decimal(self.text(row, column)) for column in ("state_rate", *dict(self.parts)))
            return abs(shares - Decimal(self.text(row, "combined_rate"))) <= ROUNDED
        except InvalidOperation:
            return True


LAYOUTS: dict[str, type[Sheet]] = {"us-states": States, "us-jurisdictions": Jurisdictions, "us-zip": ZipCodes}


def _in_percent(fraction: str) -> str:
    """ "0.0725" as "7.25"; what is no number stays what it is, and is refused with its line."""
    try:
        return f"{(Decimal(fraction) * 100).normalize():f}"
    except (InvalidOperation, ValueError):
        return fraction


def _rate(line: int, state: str, locality: str, kind: str, percent: str) -> Record:
    state = state.upper()
    data = {
        "country": "US",
        "region": state,
        "locality": locality[:LONGEST_LOCALITY],
        "tax_class": "standard",
        "code": _code(state, locality, kind),
        "name": _name(state, locality, kind),
        "percent": percent,
    }
    record = Record("tax_rate", line, data)
    if not re.fullmatch("[A-Z]{2}", state):
        record.refuse("not_a_state", _("“%(state)s” is no state of the US.") % {"state": state})
    return record


def _code(state: str, locality: str, kind: str) -> str:
    """Names one tax whatever its rates, the same in every table, so that two tables never tax twice."""
    code = slugify(" ".join(filter(None, ["us", state, locality.replace("/", " "), kind.replace("_district", "")])))
    return code if len(code) <= LONGEST_CODE else f"{code[:31]}-{sha256(code.encode()).hexdigest()[:8]}"


def _name(state: str, locality: str, kind: str) -> str:
    """What stands on documents."""
    if not locality:
        return f"{state} sales tax"
    place = locality.split("/")[0].title()
    return {"county": "County", "city": "City"}.get(kind, "District") + f" tax {place}"[: 80 - len("District")]
