"""The file formats that imports understand: one module each, with a function `layout(header) -> Layout`.

A format turns rows into records (see `kernel.exchange`) and knows no app. A new one is a file here and a line below.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from commerce.kernel.exchange import Record
from commerce.sync.files import Row

FORMATS = {"shopify": "commerce.sync.formats.shopify"}
NAMES = {"shopify": "Shopify"}  # as people know them


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


def layout(name: str, header: list[str]) -> Layout:
    """How the format `name` reads a file with this header. Raises `FileRefused` when it cannot."""
    found: Layout = import_module(FORMATS[name]).layout(header)
    return found
