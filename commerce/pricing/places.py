"""Places as taxes know them: a country, a state of it, and the counties, cities and districts of a postal code.

A jurisdiction is a text: "US", "US-CA", "US-CA-ALAMEDA", "US-CA-ALAMEDA/OAKLAND"; where a country has no states the
middle is empty ("ES--CANARY ISLANDS"). The list of a place begins with its country and becomes more local.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from babel import Locale
from django.utils.translation import get_language

from commerce.company.models import Location
from commerce.company.regions import STATES
from commerce.kernel.db import rows

# Digits of the postal codes that begin with zeros somewhere, which spreadsheets take away.
DIGITS = dict.fromkeys(("US", "PR", "DE", "ES", "FR", "IT", "FI", "EE", "HR", "MX", "TR"), 5)
LONGEST = 20
_JUNK = re.compile(r"[^0-9A-Z]")


class Jurisdiction(NamedTuple):
    """Who may levy a tax: `region` and `locality` are empty for a whole country."""

    country: str
    region: str = ""
    locality: str = ""

    @classmethod
    def parse(cls, text: str) -> "Jurisdiction":
        """From its text, in any case. Raises ValueError where that cannot be one."""
        country, _dash, rest = text.strip().upper().partition("-")
        region, _dash, locality = rest.partition("-")
        found = cls(country, region.strip(), locality.strip())
        if not re.fullmatch("[A-Z]{2}", country) or (rest and not (found.region or found.locality)):
            raise ValueError(f"“{text}” is no place. Write US, US-CA or US-CA-ALAMEDA.")
        return found

    def __str__(self) -> str:
        return "-".join(part for part in self if part) if self.region else self._without_region()

    def _without_region(self) -> str:
        return f"{self.country}--{self.locality}" if self.locality else self.country

    def covers(self, other: "Jurisdiction") -> bool:
        """Whether the other lies in it, or is the same."""
        return (
            self.country == other.country
            and self.region in ("", other.region)
            and (self.locality in ("", other.locality) or other.locality.startswith(f"{self.locality}/"))
        )


def tidy_postal_code(country: str, text: str) -> str:
    """A postal code as areas are compared: capitals and digits alone, without a country in front and with the zeros
    that a spreadsheet has taken. ZIP+4 keeps its last four: an area may be as small."""
    code, _dash, more = text.strip().upper().partition("-")
    if code in (country, country[:1]) and more:  # D-10115, NL-1012 AB
        code, _dash, more = more.partition("-")
    code, more = _JUNK.sub("", code), _JUNK.sub("", more)
    length = DIGITS.get(country.upper(), 0)
    if code.isdigit() and length - 2 <= len(code) < length:
        code = code.zfill(length)
    return (code + more)[:LONGEST]


# The area of a postal code, at most one row; takes `area_parameters`.
AREA_OF_CODE = (
    "SELECT country, region, localities FROM pricing_taxarea WHERE country = %s AND region IN ('', %s)"
    " AND postal_prefix = ANY(%s::text[]) ORDER BY length(postal_prefix) DESC, region DESC LIMIT 1"
)


def area_parameters(country: str, region: str, postal_code: str) -> list[Any]:
    """What `AREA_OF_CODE` takes: of several prefixes of a code the longest counts."""
    country = country.strip().upper()
    code = tidy_postal_code(country, postal_code or "")
    return [country, region.strip().upper(), [code[:end] for end in range(1, len(code) + 1)]]


def of(country: str, region: str = "", postal_code: str = "") -> list[str]:
    """The jurisdictions of a place, the country first. At most one statement, none without a postal code."""
    parameters = area_parameters(country, region, postal_code)
    country, region, prefixes = parameters
    if not country:
        return []
    found = {str(Jurisdiction(country)), str(Jurisdiction(country, region))}
    for _country, where, localities in rows(AREA_OF_CODE, parameters) if prefixes else ():
        found |= {str(Jurisdiction(country, where, locality)) for locality in localities}
    return in_order(found)


def in_order(jurisdictions: Iterable[str]) -> list[str]:
    """From the country to what is most local."""

    def size(text: str) -> tuple[bool, int, bool, str]:
        place = Jurisdiction.parse(text)
        return place.locality != "", place.locality.count("/"), place.region != "", text

    return sorted(jurisdictions, key=size)


def of_location(location: Location) -> list[str]:
    """Where a store or warehouse is."""
    return of(location.country, location.state, location.postal_code)


def of_address(address: Mapping[str, str] | None) -> list[str]:
    """Where goods are sent: `country`, `state` and `postal_code` of an address count, and any may be missing."""
    known = address or {}
    return of(known.get("country", ""), known.get("state", ""), known.get("postal_code", ""))


def said(jurisdictions: Iterable[str]) -> list[str]:
    """How people say each: "United States", "California, United States", "Oakland, Alameda, California, …"."""
    territories = Locale.parse((get_language() or "en").replace("-", "_")).territories
    found = []
    for text in jurisdictions:
        place = Jurisdiction.parse(text)
        country = str(territories.get(place.country, place.country))
        region = STATES.get(place.country, {}).get(place.region, place.region)
        local = [part.title() for part in reversed(place.locality.split("/")) if part]
        found.append(", ".join([*local, *filter(None, [region]), country]))
    return found
