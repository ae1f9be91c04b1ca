"""The table of tax rates and the areas of postal codes. Steps, and beside the back office's forms their only writer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from commerce.kernel import bulk
from commerce.kernel.db import in_transaction, rows
from commerce.pricing.models import TaxArea, TaxRate
from commerce.pricing.places import Jurisdiction


class TaxKey(NamedTuple):
    """One tax on one class of goods in one place, whatever its rates."""

    country: str
    region: str
    locality: str
    tax_class: str
    code: str


@dataclass(slots=True)
class Period:
    """A row of the table; without `pk` it is yet to be written."""

    key: TaxKey
    rate_ppm: int
    name: str
    first: date
    last: date | None = None
    pk: int | None = None
    changed: bool = False


Areas = dict[tuple[str, str, str], tuple[int | None, list[str]]]


def known_periods(places: Iterable[Jurisdiction]) -> dict[TaxKey, list[Period]]:
    """Every period of the taxes in these places, the oldest first; one statement."""
    columns = [list(column) for column in zip(*set(places), strict=True)]
    found: dict[TaxKey, list[Period]] = {}
    if columns:
        table = rows(
            "SELECT country, region, locality, tax_class, code, rate_ppm, name, valid_from, valid_until, id"
            " FROM pricing_taxrate JOIN unnest(%s::text[], %s::text[], %s::text[]) AS p (country, region, locality)"
            " USING (country, region, locality) ORDER BY valid_from",
            columns,
        )
        for *key, rate_ppm, name, first, last, pk in table:
            period = Period(TaxKey(*key), rate_ppm, name, first, last, pk)
            found.setdefault(period.key, []).append(period)
    return found


def known_areas(keys: Iterable[tuple[str, str, str]]) -> Areas:
    """(primary key, localities) by (country, region, postal prefix); one statement."""
    columns = [list(column) for column in zip(*set(keys), strict=True)]
    if not columns:
        return {}
    found = rows(
        "SELECT country, region, postal_prefix, id, localities FROM pricing_taxarea"
        " JOIN unnest(%s::text[], %s::text[], %s::text[]) AS p (country, region, postal_prefix)"
        " USING (country, region, postal_prefix)",
        columns,
    )
    return {(country, region, prefix): (pk, localities) for country, region, prefix, pk, localities in found}


@in_transaction
def write_periods(periods: Sequence[Period]) -> None:
    """Insert what has no primary key and update what has changed."""
    bulk.insert(
        TaxRate,
        [*TaxKey._fields, "rate_ppm", "name", "valid_from", "valid_until"],
        [(*one.key, one.rate_ppm, one.name, one.first, one.last) for one in periods if one.pk is None],
    )
    changed = [one for one in periods if one.pk is not None and one.changed]
    columns = ["rate_ppm", "name", "valid_until"]
    bulk.update(TaxRate, columns, [(one.pk, one.rate_ppm, one.name, one.last) for one in changed])


@in_transaction
def write_areas(areas: Areas) -> None:
    """Insert areas without a primary key, update the others."""
    fresh = [(*key, localities) for key, (pk, localities) in areas.items() if pk is None]
    bulk.insert(TaxArea, ["country", "region", "postal_prefix", "localities"], fresh)
    bulk.update(TaxArea, ["localities"], [(pk, localities) for pk, localities in areas.values() if pk is not None])
