"""What imports may bring to taxes: records of kind "tax_rate" and "tax_area", whatever table they come from.

    tax_rate  country, region, locality, tax_class, code, name, percent (text); valid_from and valid_until (ISO days,
              empty where the table names none: then the rate counts from the option `valid_from` on, by default today)
    tax_area  country, region, postal_prefix, localities

A rate that is in force already is not written again, so the same table twice writes nothing, on whatever day. Tables
know standard goods only: a class that a state taxes with 0 % (food in many) is not taxed by its counties and cities
either, unless a rate of theirs says so.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from commerce.kernel.errors import InvalidInput
from commerce.kernel.exchange import CREATED, UNCHANGED, UPDATED, Record, Run
from commerce.pricing import tax_table
from commerce.pricing.places import Jurisdiction
from commerce.pricing.tax_table import Areas, Period, TaxKey
from commerce.pricing.taxes import NEVER_STANDARD, STANDARD

FINEST = Decimal("0.0001")  # percent: one part per million


class TaxEntity:
    """Rates and areas. In a dry run what would be written is remembered, so that it tells the same as a real one."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._would_be: dict[TaxKey, list[Period]] = {}
        self._area_lines: dict[tuple[str, str, str], tuple[int, list[str]]] = {}

    def prepare(self, options: dict[str, Any]) -> None:
        text = options.get("valid_from") or ""
        try:
            self._day = date.fromisoformat(text) if text else None
        except ValueError as error:
            raise InvalidInput(
                {"valid_from": [_("“%(text)s” is no day. Write 2026-12-31.") % {"text": text}]}
            ) from error

    def apply(self, records: Sequence[Record], run: Run) -> None:
        rates: list[tuple[Record, int]] = []
        for record in records:
            if not record.is_refused:
                rates += _rates(record)
        self._take_rates(rates, run, self._day or run.at.date())
        self._take_areas([one for record in records for one in record.all() if one.kind == "tax_area"], run)

    def _take_rates(self, rates: list[tuple[Record, int]], run: Run, day: date) -> None:
        here = {_place(record) for record, _ppm in rates}
        known = tax_table.known_periods(here | {Jurisdiction(*place[:2]) for place in here})
        if run.dry_run:
            keys = {_key(record) for record, _ppm in rates}
            known |= {key: told for key, told in self._would_be.items() if key in keys or not key.locality}
        for record, rate_ppm in rates:
            told = known.setdefault(_key(record), [])
            outcome = _put(told, record, rate_ppm, day)
            record.became(outcome)
            run.tally["tax rates"][outcome] += 1
        made = _exempt(known, [_key(record) for record, rate_ppm in rates if rate_ppm], day)
        if made:
            run.tally["classes that the state does not tax"][CREATED] += made
        if run.dry_run:
            self._would_be |= known
        else:
            tax_table.write_periods([period for told in known.values() for period in told])

    def _take_areas(self, records: list[Record], run: Run) -> None:
        asked = [record for record in records if not record.is_refused and not self._is_repeated(record)]
        known = tax_table.known_areas(_area(record) for record in asked)
        changed: Areas = {}
        for record in asked:
            key, localities = _area(record), record.data["localities"]
            pk, there = known.get(key, (None, None))
            outcome = CREATED if there is None else UNCHANGED if there == localities else UPDATED
            if outcome != UNCHANGED:
                changed[key] = known[key] = (pk, localities)
            record.became(outcome)
            run.tally["tax areas"][outcome] += 1
        if changed and not run.dry_run:
            tax_table.write_areas(changed)

    def _is_repeated(self, record: Record) -> bool:
        """A postal code that stood on an earlier line already; named where it leads elsewhere."""
        first, localities = self._area_lines.setdefault(_area(record), (record.line, record.data["localities"]))
        if localities != record.data["localities"]:
            text = _("Line %(line)s puts postal code %(code)s somewhere else already.")
            record.refuse("postal_code_repeated", text % {"line": first, "code": record.data["postal_prefix"]})
        return record.is_refused


ENTITY = TaxEntity


def _rates(record: Record) -> list[tuple[Record, int]]:
    """The rates of a row in parts per million. One that is none refuses the whole row."""
    found = []
    for each in record.all():
        if each.kind != "tax_rate":
            continue
        rate_ppm = _ppm(each.data["percent"])
        if rate_ppm is None:
            text = _("“%(percent)s” %% is no rate: it has to be from 0 to 100 %%, with at most four decimals.")
            record.refuse("rate_unusable", text % {"percent": each.data["percent"]})
            return []
        found.append((each, rate_ppm))
    return found


def _ppm(percent: str) -> int | None:
    try:
        value = Decimal(percent)
        exact = value == value.quantize(FINEST) and 0 <= value <= 100
    except InvalidOperation:
        return None
    return int(value * 10_000) if exact else None


def _place(record: Record) -> Jurisdiction:
    return Jurisdiction(record.data["country"], record.data["region"], record.data["locality"])


def _key(record: Record) -> TaxKey:
    return TaxKey(*(record.data[name] for name in TaxKey._fields))


def _area(record: Record) -> tuple[str, str, str]:
    return record.data["country"], record.data["region"], record.data["postal_prefix"]


def _exempt(known: dict[TaxKey, list[Period]], written: list[TaxKey], day: date) -> int:
    """Spare what the state spares: rates of 0 % for classes that it taxes with nothing, beside local rates of standard
    goods; how many were made."""
    spared: dict[tuple[str, str], set[str]] = {}
    for key, told in known.items():
        if not key.locality and key.region and key.tax_class not in (STANDARD, *NEVER_STANDARD):
            in_force = [period for period in told if _covers(period, day)]
            if in_force and not in_force[-1].rate_ppm:
                spared.setdefault((key.country, key.region), set()).add(key.tax_class)
    made = 0
    for key in dict.fromkeys(key for key in written if key.locality and key.tax_class == STANDARD):
        for tax_class in sorted(spared.get((key.country, key.region), ())):
            own = key._replace(tax_class=tax_class)
            if own not in known:
                standard = known[key][-1]
                known[own] = [Period(own, 0, standard.name, standard.first)]
                made += 1
    return made


def _covers(period: Period, day: date) -> bool:
    return period.first <= day and (period.last is None or period.last >= day)


def _put(told: list[Period], record: Record, rate_ppm: int, day: date) -> str:
    """Change the periods of a tax so that they say what the record says; what became of it."""
    begins, ends = record.data.get("valid_from"), record.data.get("valid_until")
    first = date.fromisoformat(begins) if begins else day
    last = date.fromisoformat(ends) if ends else None
    same_day = next((period for period in told if period.first == first), None)
    if begins:
        if same_day and (same_day.rate_ppm, same_day.last) == (rate_ppm, last):
            return UNCHANGED
    else:
        in_force = [one for one in told if _covers(one, day)]
        if (in_force[-1].rate_ppm if in_force else 0) == rate_ppm:
            return UNCHANGED  # a tax of nothing that is not there is not made, so that no document speaks of it
    if same_day:
        same_day.rate_ppm, same_day.name, same_day.last, same_day.changed = rate_ppm, record.data["name"], last, True
        return UPDATED
    is_new = not told
    told.append(Period(_key(record), rate_ppm, record.data["name"], first, last))
    told.sort(key=lambda period: period.first)
    return CREATED if is_new else UPDATED
