"""Where the bars of a chart stand. Pure: numbers in, coordinates of an SVG drawing out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 760, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 8, 12, 28


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid with its label, or a label below the bars."""

    position: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    bars: list[Bar]
    rows: list[Mark]
    columns: list[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


def step(largest: int, *, lines: int = 5) -> int:
    """The distance of the grid's lines: 1, 2 or 5 times a power of ten, at most `lines` of them below `largest`."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size * lines >= largest:
                return factor * size
        size *= 10


def draw(
    labels: Sequence[str],
    series: Sequence[tuple[Any, Sequence[int]]],
    write: Callable[[int], str],
    *,
    axis: Callable[[int], str] | None = None,
    every: int = 1,
) -> Drawing:
    """Stacked bars, one per label. Values below zero count as zero: a bar chart of sales has no cellar.

    `write` says a value in full, `axis` in short beside the grid.
    """
    sums = [sum(max(values[index], 0) for _name, values in series) for index in range(len(labels))]
    distance = step(max([*sums, 1]))
    top = distance * max(1, -(-max([*sums, 1]) // distance))
    room, span = HEIGHT - TOP - BOTTOM, WIDTH - LEFT - RIGHT
    slot = span / max(len(labels), 1)
    bars = []
    for index, label in enumerate(labels):
        floor = float(HEIGHT - BOTTOM)
        for number, (name, values) in enumerate(series):
            height = max(values[index], 0) / top * room
            floor -= height
            title = f"{label}: {write(values[index])} {name}"
            if height:
                bars.append(Bar(*_rounded(LEFT + slot * (index + 0.16), floor, slot * 0.68, height), number, title))
    rows = [
        Mark(round(HEIGHT - BOTTOM - value / top * room, 1), (axis or write)(value))
        for value in range(0, top + 1, distance)
    ]
    columns = [
        Mark(round(LEFT + slot * (index + 0.5), 1), label) for index, label in enumerate(labels) if index % every == 0
    ]
    return Drawing(bars, rows, columns)


def _rounded(*numbers: float) -> tuple[float, float, float, float]:
    x, y, width, height = (round(number, 1) for number in numbers)
    return x, y, width, height
