"""What stands on the home page. Each app offers its own in a module `tiles`; settings.HOME_TILES lists them.

A module has `tiles(person, at=…)` and may have `charts(person, at=…)`. Both return nothing that the person may not see,
and ask the database once or twice whatever the number of rows.
"""

from collections.abc import Callable, Iterator, Sequence
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
    """Values over days, in stacked bars, with the table behind them. `series`: (name, values in minor or plain units)."""

    title: Any
    sentence: Any
    unit: Any
    labels: Sequence[str]
    series: Sequence[tuple[Any, Sequence[int]]]
    write: Callable[[int], str]
    hrefs: Sequence[str] = ()


def tiles(person: User, *, at: datetime) -> list[Tile]:
    return [tile for module in _modules() for tile in module.tiles(person, at=at)]


def charts(person: User, *, at: datetime) -> list[Chart]:
    return [chart for module in _modules() if hasattr(module, "charts") for chart in module.charts(person, at=at)]


def _modules() -> Iterator[Any]:
    return (import_module(path) for path in settings.HOME_TILES)
