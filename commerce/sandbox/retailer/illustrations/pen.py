"""The pen: collects shapes and gives them out as SVG. Coordinates are those of an 800 × 1000 sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

WIDTH, HEIGHT = 800, 1000
_TOKEN = re.compile(r"[MLCQZ]|-?\d+(?:\.\d+)?")
_POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3}


class Pen:
    """Draws onto one sheet. `shadow` is the color that a lying thing throws on the ground."""

    def __init__(self, name: str, shadow: str) -> None:
        self.name = name
        self.shadow = shadow
        self._parts: list[str] = []
        self._clips = 0

    def fill(self, d: str, color: str, opacity: float = 1) -> None:
        """A filled path."""
        self._parts.append(f'<path d="{d}" fill="{color}"{_opacity(opacity)}/>')

    def line(self, d: str, color: str, width: float = 4, dash: str = "", opacity: float = 1) -> None:
        """A stroked path with round ends; `dash` as in SVG, for stitching."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<path d="{d}" fill="none" stroke="{color}" stroke-width="{width:g}"{dashes}{_opacity(opacity)}/>'
        )

    def disc(self, x: float, y: float, radius: float, color: str, opacity: float = 1) -> None:
        """A filled circle."""
        self._parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{color}"{_opacity(opacity)}/>')

    def oval(self, x: float, y: float, rx: float, ry: float, color: str, opacity: float = 1) -> None:
        """A filled ellipse."""
        self._parts.append(
            f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{color}"{_opacity(opacity)}/>'
        )

    def ring(self, x: float, y: float, rx: float, color: str, width: float = 4, ry: float | None = None) -> None:
        """A stroked circle or ellipse."""
        self._parts.append(
            f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{rx if ry is None else ry:g}" fill="none" '
            f'stroke="{color}" stroke-width="{width:g}"/>'
        )

    def box(
        self, x: float, y: float, width: float, height: float, color: str, radius: float = 0, opacity: float = 1
    ) -> None:
        """A filled rectangle with rounded corners."""
        self._parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" '
            f'fill="{color}"{_opacity(opacity)}/>'
        )

    def cast(self, d: str, dx: float = 16, dy: float = 26) -> None:
        """The hard shadow that a lying thing of this outline throws."""
        self._parts.append(f'<path d="{d}" fill="{self.shadow}" transform="translate({dx:g} {dy:g})"/>')

    @contextmanager
    def group(self, transform: str) -> Iterator[None]:
        """Everything drawn inside is transformed."""
        self._parts.append(f'<g transform="{transform}">')
        yield
        self._parts.append("</g>")

    @contextmanager
    def clip(self, d: str) -> Iterator[None]:
        """Everything drawn inside shows only within the outline."""
        self._clips += 1
        key = f"{self.name}-{self._clips}"
        self._parts.append(f'<clipPath id="{key}"><path d="{d}"/></clipPath><g clip-path="url(#{key})">')
        yield
        self._parts.append("</g>")

    def sides(self, axis: float = 400) -> Iterator[int]:
        """Run the loop's body twice: as it is (-1, left), then mirrored at the vertical axis (1)."""
        yield -1
        self._parts.append(f'<g transform="translate({2 * axis:g} 0) scale(-1 1)">')
        yield 1
        self._parts.append("</g>")

    def svg(self, width: int = WIDTH, height: int = HEIGHT) -> str:
        """The finished sheet."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" stroke-linecap="round" stroke-linejoin="round">'
            f"{''.join(self._parts)}</svg>"
        )


def repeated(stroke: str, xs: Iterable[float], ys: Iterable[float], stagger: float = 0) -> str:
    """One path of many small relative strokes: a knit, a pile, a weave. Every second row is moved by `stagger`."""
    columns = list(xs)
    rows = enumerate(ys)
    return " ".join(f"M{x + (stagger if row % 2 else 0):g} {y:g} {stroke}" for row, y in rows for x in columns)


def sym(d: str, axis: float = 400) -> str:
    """Close a path of absolute M, L, C, Q commands by its mirror image at a vertical axis."""
    tokens = _TOKEN.findall(d)
    points: list[tuple[float, float]] = []
    steps: list[tuple[str, int]] = []
    index = 0
    command = "M"
    while index < len(tokens):
        if tokens[index].isalpha():
            command = tokens[index]
            index += 1
        count = _POINTS[command]
        points += [(float(tokens[index + 2 * i]), float(tokens[index + 2 * i + 1])) for i in range(count)]
        steps.append((command, count))
        index += 2 * count
        command = "L" if command == "M" else command
    mirrored = [f"L{2 * axis - points[-1][0]:g} {points[-1][1]:g}"]
    end = len(points)
    for name, count in reversed(steps[1:]):
        back = points[end - count - 1 : end - 1][::-1]
        mirrored.append(name + " ".join(f"{2 * axis - x:g} {y:g}" for x, y in back))
        end -= count
    return f"{d} {' '.join(mirrored)} Z"


def _opacity(value: float) -> str:
    return "" if value == 1 else f' opacity="{value:g}"'
