"""The stage: tinted grounds, soft floors, and the views in which a drawing is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from zlib import crc32

from .pen import Pen
from .tones import Tones, distance, shifted, to_lab, tones

Drawing = Callable[[Pen, Tones], None]

GROUNDS = ("#ecdfc8", "#dbe0cc", "#d3e0e0", "#f0d8c9", "#f4e4b8", "#f3dccb", "#e0d9ea", "#efe7d4")
DEEP_GROUNDS = ("#a8ba92", "#93b8bc", "#dda98d", "#aab6cf")


@dataclass(frozen=True, slots=True)
class Subject:
    """A drawing with how it stands: on a floor (`floor` is where it touches) or lying flat seen from above (None).

    `foot` is center and half width of its shadow on the floor; `size` scales it; `focus` and `zoom` choose the detail.
    `shape` (tall, wide or square) decides how several of it are arranged.
    """

    draw: Drawing
    floor: float | None
    foot: tuple[float, float]
    focus: tuple[float, float]
    zoom: float
    size: float
    shape: str


SUBJECTS: dict[str, Subject] = {}


def subject(
    floor: float | None = None,
    foot: tuple[float, float] = (400, 250),
    focus: tuple[float, float] = (400, 420),
    zoom: float = 1.9,
    size: float = 1.0,
    shape: str = "square",
) -> Callable[[Drawing], Drawing]:
    """Enter a drawing function into the register under its own name."""

    def enter(draw: Drawing) -> Drawing:
        SUBJECTS[draw.__name__] = Subject(draw, floor, foot, focus, zoom, size, shape)
        return draw

    return enter


def ground_for(product_key: str, color: str, turn: int = 0) -> str:
    """A tint that suits the color: deeper under pale things; the product's name chooses among those that fit."""
    grounds = DEEP_GROUNDS if to_lab(color)[0] > 0.82 else GROUNDS
    fitting = [ground for ground in grounds if distance(ground, color) > 0.1]
    return fitting[(crc32(f"{product_key} {color}".encode()) + turn) % len(fitting)]


def front(product_key: str, drawing: str, color: str) -> str:
    """The whole thing, once, in the middle of the sheet."""
    shown = SUBJECTS[drawing]
    pen = _sheet(f"{product_key}-{color[1:]}-f", ground_for(product_key, color), shown)
    with pen.group(_scaled(shown)):
        _place(pen, shown, color)
    return pen.svg()


def detail(product_key: str, drawing: str, color: str) -> str:
    """A close view of the part that shows how the thing is made, on another ground."""
    shown = SUBJECTS[drawing]
    pen = _sheet(f"{product_key}-{color[1:]}-d", ground_for(product_key, color, 1), shown, is_close=True)
    x, y = shown.focus
    with pen.group(f"translate(400 500) rotate(-5) scale({shown.zoom:g}) translate({-x:g} {-y:g})"):
        _place(pen, shown, color)
    return pen.svg()


def in_range(product_key: str, drawing: str, colors: Iterable[str]) -> str:
    """All colors of the thing together, two to five of them."""
    shown = SUBJECTS[drawing]
    shades = list(colors)
    pen = _sheet(f"{product_key}-range", ground_for(product_key, shades[0], 2), None)
    for turn, color in enumerate(shades):
        with pen.group(_SPOTS[shown.shape, len(shades)][turn]):
            _place(pen, shown, color)
    return pen.svg()


def _scaled(shown: Subject) -> str:
    y = 520 if shown.floor is None else shown.floor
    return f"translate(400 {y:g}) scale({shown.size:g}) translate(-400 {-y:g})"


def _spot(x: float, y: float, scale: float, angle: float = 0) -> str:
    return f"translate({x:g} {y:g}) rotate({angle:g}) scale({scale:g}) translate(-400 -520)"


_SPOTS = {
    ("square", 2): (_spot(275, 300, 0.7), _spot(525, 705, 0.7)),
    ("square", 3): (_spot(400, 285, 0.54), _spot(215, 715, 0.54), _spot(585, 715, 0.54)),
    ("square", 4): (_spot(220, 290, 0.52), _spot(580, 290, 0.52), _spot(220, 735, 0.52), _spot(580, 735, 0.52)),
    ("square", 5): (*(_spot(x, y, 0.44) for x, y in ((220, 235), (580, 235), (400, 500), (220, 785), (580, 785))),),
    ("tall", 2): (_spot(240, 510, 0.78), _spot(560, 510, 0.78)),
    ("tall", 3): (_spot(162, 510, 0.54), _spot(400, 510, 0.54), _spot(638, 510, 0.54)),
    ("tall", 4): (_spot(230, 275, 0.52), _spot(570, 275, 0.52), _spot(230, 745, 0.52), _spot(570, 745, 0.52)),
    ("wide", 2): (_spot(365, 285, 0.68), _spot(435, 705, 0.68)),
    ("wide", 3): (_spot(360, 205, 0.5), _spot(440, 495, 0.5), _spot(360, 785, 0.5)),
    ("wide", 4): (_spot(220, 290, 0.52), _spot(580, 290, 0.52), _spot(220, 735, 0.52), _spot(580, 735, 0.52)),
}


def _sheet(name: str, ground: str, shown: Subject | None, is_close: bool = False) -> Pen:
    pen = Pen(name, shifted(ground, -0.1, 1.25))
    pen.box(0, 0, 800, 1000, ground)
    if shown and shown.floor is not None and not is_close:
        level = shown.floor - 64
        pen.box(0, level, 800, 1000 - level, shifted(ground, -0.035, 1.2))
    return pen


def _place(pen: Pen, shown: Subject, color: str) -> None:
    if shown.floor is not None:
        x, half = shown.foot
        pen.oval(x + 26, shown.floor - 2, half * 1.06, max(13, half * 0.085), pen.shadow)
    shown.draw(pen, tones(color))
