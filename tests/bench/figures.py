"""What a bench found: figures that know their goal, as a table for people and as JSON for programs."""

import json
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

_RELATIONS = {"<": operator.lt, "≤": operator.le, ">": operator.gt, "≥": operator.ge, "=": operator.eq}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value.

    `goal` is a relation and a number in the figure's unit, "< 60" or "= 100"; empty where nothing is asked for.
    `reference` is the value of the same work done by `beside`: the same statements in bare SQL in the same run, or
    another product on the machine that `design/peers.md` names.
    """

    bench: str
    figure: str
    value: float
    unit: str
    goal: str = ""
    reference: float | None = None
    beside: str = ""

    @property
    def holds(self) -> bool:
        """Whether the value meets the goal. Follows from the two, and from nothing else."""
        if not self.goal:
            return True
        relation, _, bound = self.goal.partition(" ")
        if relation not in _RELATIONS:
            raise ValueError(f"{self.goal!r} is no goal for {self.figure}. Write it as in '< 60' or '= 100'.")
        return bool(_RELATIONS[relation](self.value, float(bound.replace(",", ""))))

    @property
    def ratio(self) -> float | None:
        """The value as a multiple of its reference."""
        return self.value / self.reference if self.reference else None

    def as_json(self) -> dict[str, Any]:
        return {
            "bench": self.bench,
            "figure": self.figure,
            "value": _rounded(self.value),
            "unit": self.unit,
            "reference": None if self.reference is None else _rounded(self.reference),
            "ratio": None if self.ratio is None else _rounded(self.ratio),
            "goal": self.goal,
            "holds": self.holds,
        }


def from_json(row: dict[str, Any], beside: str = "") -> Figure:
    """The figure that `as_json` wrote; ratio and `holds` are worked out anew."""
    return Figure(
        row["bench"], row["figure"], row["value"], row["unit"], row["goal"], reference=row["reference"], beside=beside
    )


def as_json(figures: Iterable[Figure]) -> str:
    """A JSON list of `{bench, figure, value, unit, reference, ratio, goal, holds}`."""
    return json.dumps([figure.as_json() for figure in figures], indent=2, ensure_ascii=False)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def show(console: Console, figures: Sequence[Figure]) -> None:
    """Print a table, a section for each bench."""
    table = Table(box=None, header_style="dim", padding=(0, 1), pad_edge=False)
    for heading, side in (
        ("bench", "left"), ("figure", "left"), ("value", "right"), ("unit", "left"), ("reference", "right"),
        ("ratio", "right"), ("goal", "right"), ("holds", "left"),
    ):  # fmt: skip
        table.add_column(heading, justify=side, overflow="fold")  # type: ignore[arg-type]
    before = ""
    for figure in figures:
        table.add_row(
            "" if figure.bench == before else f"[bold]{figure.bench}[/]",
            figure.figure,
            _shown(figure.value),
            figure.unit,
            "–" if figure.reference is None else f"{_shown(figure.reference)} [dim]{figure.beside}[/]",
            "–" if figure.ratio is None else f"× {_shown(figure.ratio)}",
            figure.goal or "–",
            "–" if not figure.goal else "[green]yes[/]" if figure.holds else "[bold red]NO[/]",
        )
        before = figure.bench
    console.print(table, highlight=False)


def _rounded(value: float) -> float:
    """Four digits that mean something; whole numbers as they are."""
    return int(value) if float(value).is_integer() else float(f"{value:.4g}")


def _shown(value: float) -> str:
    value = _rounded(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
