"""The file formats that imports understand: one module each, with `LAYOUTS`, by name, or `layout(header) -> Layout`.

A format turns rows into records (see `kernel.exchange`) and knows no app. A new one is a file here and a line below.
One that is no CSV offers an `inspect` of its own, with the arguments and the answer of `files.inspect`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from commerce.kernel.exchange import Entity, Record
from commerce.sync import files
from commerce.sync.files import Row, Table

FORMATS = {"shopify": "commerce.sync.formats.shopify"}  # of products and stock
TAX_FORMATS = {
    "eu": "commerce.sync.formats.tax_eu",
    "us-states": "commerce.sync.formats.tax_us",
    "us-jurisdictions": "commerce.sync.formats.tax_us",
    "us-zip": "commerce.sync.formats.tax_us",
}
WALLET_FORMATS = {"gift-cards": "commerce.sync.formats.gift_cards"}
SECRET = frozenset(
    WALLET_FORMATS
)  # what such a file says is worth money: it is kept no longer than its import needs it
NAMES = {  # as people know them
    "shopify": "Shopify",
    "eu": _("Tax: VAT rates of the EU (JSON)"),
    "us-states": _("Tax: rates of US states (CSV)"),
    "us-jurisdictions": _("Tax: rates of US counties, cities and districts (CSV)"),
    "us-zip": _("Tax: US rates by ZIP code (CSV)"),
    "gift-cards": _("Gift cards: number, balance, currency, expires (CSV)"),
}


@dataclass(slots=True)
class Columns:
    """What happens to a file's columns: read, known but of no use here, unknown."""

    used: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class Layout(Protocol):
    """One kind of file of a format. `look` sees every row once before the first record is asked for."""

    name: str
    columns: Columns

    def look(self, line: int, row: list[str]) -> None: ...

    def ready(self, options: dict[str, Any]) -> None:
        """After the last `look`. Raises `FileRefused`."""

    def records(self, rows: Iterator[Row]) -> Iterator[Record]: ...


def all_formats() -> dict[str, str]:
    """Every format's module, by its name."""
    return {**FORMATS, **TAX_FORMATS, **WALLET_FORMATS}


def entities_of(name: str) -> list[Entity]:
    """Who takes the records of a format."""
    own = {**dict.fromkeys(TAX_FORMATS, settings.TAX_ENTITIES), **dict.fromkeys(SECRET, settings.WALLET_ENTITIES)}
    paths = own.get(name, settings.SYNC_ENTITIES)
    return [import_module(path).ENTITY() for path in paths]


def inspect(name: str, path: Path) -> tuple[Table, Layout]:
    """Judge a file of a format. Raises `FileRefused` when it is not sound, or not of that format."""
    module = import_module(all_formats()[name])
    make = module.LAYOUTS[name] if hasattr(module, "LAYOUTS") else module.layout
    found: tuple[Table, Layout] = getattr(module, "inspect", files.inspect)(path, make)
    return found
