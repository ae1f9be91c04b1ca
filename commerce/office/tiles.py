"""What stands on the home page. Each app offers its own in a module `tiles`; settings.HOME_TILES lists them.

A module has `tiles(person, at=…)`: a list of tiles, charts and panels. It returns nothing that the person may not see,
and asks the database a few times whatever the number of rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings

from commerce.company.models import User


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with its comparison and one sentence; it leads to its rows. `change_is`: up (good), down (bad) or "".

    `points` draw a small curve, oldest first.
    """

    label: Any
    figure: Any
    sentence: Any = ""
    href: str = ""
    change: str = ""
    change_is: str = ""
    points: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Values over days, in stacked bars, with the table behind. `series`: (name, whole numbers); `write` says one."""

    title: Any
    sentence: Any
    unit: Any
    labels: Sequence[str]
    series: Sequence[tuple[Any, Sequence[int]]]
    write: Callable[[int], str]
    axis: Callable[[int], str] | None = None
    hrefs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """A small table beside the charts. `columns`: (heading, "figure" or ""); `rows`: (address, cells)."""

    title: Any
    sentence: Any
    columns: Sequence[tuple[Any, str]]
    rows: Sequence[tuple[str, Sequence[Any]]]
    empty: Any


Part = Tile | Chart | Panel


def collect(person: User, *, at: datetime) -> list[Part]:
    """What all modules offer, in the order of settings.HOME_TILES."""
    return [part for path in settings.HOME_TILES for part in import_module(path).tiles(person, at=at)]
