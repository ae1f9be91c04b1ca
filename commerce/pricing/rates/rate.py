"""One row of a tax table."""

from datetime import date
from typing import NamedTuple

# Changes are followed from 2024 on. What was in force then carries this day, so that no older sale finds no rate.
SINCE_LONG = date(2019, 1, 1)


class Rate(NamedTuple):
    """A tax on a class of goods in a place from a day on. `code` names the tax, whatever its rates; `rate_ppm` is in
    parts per million: 21 % is 210_000. `country` is ISO 3166-1, `region` a US state's letters or empty."""

    country: str
    region: str
    tax_class: str
    code: str
    name: str
    rate_ppm: int
    valid_from: date


def percent(rate_ppm: int) -> str:
    """210_000 as "21%", 55_000 as "5.5%"."""
    whole, rest = divmod(rate_ppm, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".") + "%"
