"""Wide and tall banners: landscapes for the home page, shelves for the categories.

Wide banners (1600 × 900) keep their left two fifths calm for a headline, tall ones (800 × 1000) their upper third.
"""

from __future__ import annotations

from collections.abc import Callable

from ..catalog import products
from ..palette import COLORS
from .pen import Pen
from .shelves import SHELVES, Prop, Shelf
from .stage import SUBJECTS
from .tones import mixed, shifted, tones

WIDE, TALL = (1600, 900), (800, 1000)


def banner(key: str, is_tall: bool = False) -> str:
    """The banner of a top-level category's slug, or of `home`, `travel` and `field-week`, as SVG.

    Raises KeyError for another key.
    """
    width, height = TALL if is_tall else WIDE
    pen = Pen(f"banner-{key}-{'tall' if is_tall else 'wide'}", "#00000022")
    if key in _LANDSCAPES:
        _LANDSCAPES[key](pen, width, height)
    else:
        _shelf(pen, SHELVES[key], width, height, is_tall)
    return pen.svg(width, height)


def banner_keys() -> tuple[str, ...]:
    """Everything `banner` can draw."""
    return (*_LANDSCAPES, *SHELVES)


def _shelf(pen: Pen, shelf: Shelf, width: int, height: int, is_tall: bool) -> None:
    level = height * (0.8 if is_tall else 0.78)
    pen.box(0, 0, width, height, shelf.ground)
    sun = (width * 0.5, height * 0.62, 300) if is_tall else (width * 0.69, height * 0.5, 360)
    pen.disc(*sun, shifted(shelf.ground, 0.035, 0.8))
    props = shelf.tall if is_tall else shelf.wide
    if any(SUBJECTS[_drawing_of(prop)].floor is not None for prop in props):
        pen.box(0, level, width, height - level, shifted(shelf.ground, -0.045, 1.25))
    pen.shadow = shifted(shelf.ground, -0.12, 1.3)
    for prop in props:
        _put(pen, prop)


def _drawing_of(prop: Prop) -> str:
    return next(product.drawing for product in products() if product.key == prop.product)


def _put(pen: Pen, prop: Prop) -> None:
    shown = SUBJECTS[_drawing_of(prop)]
    foot = 520 if shown.floor is None else shown.floor
    with pen.group(f"translate({prop.x:g} {prop.y:g}) scale({prop.scale:g}) translate(-400 {-foot:g})"):
        if shown.floor is not None:
            x, half = shown.foot
            pen.oval(x + 26, shown.floor - 2, half * 1.06, max(13, half * 0.085), pen.shadow)
        shown.draw(pen, tones(COLORS[prop.color].hex))


def _hills(pen: Pen, width: int, layers: tuple[tuple[str, float, float, float], ...], foot: float) -> None:
    """Rolling ridges from back to front: color, height of the ridge, size of the swell, and its offset."""
    step = width / 4
    for color, level, swell, offset in layers:
        d = f"M{-2 * step:g} {foot} L{-2 * step + offset:g} {level:g}"
        for index in range(-1, 6):
            x, y = index * step + offset, level + swell * (0.45 if index % 2 else -0.25)
            previous = level + swell * (-0.25 if index % 2 else 0.45)
            d += f" C{x - step * 0.7:g} {previous - swell * 0.8:g} {x - step * 0.3:g} {y + swell * 0.8:g} {x:g} {y:g}"
        pen.fill(f"{d} L{width + 2 * step:g} {foot} Z", color)


def _pine(pen: Pen, x: float, y: float, size: float, color: str) -> None:
    with pen.group(f"translate({x:g} {y:g}) scale({size:g})"):
        pen.box(-5, -14, 10, 18, "#6c4731")
        for step in range(4):
            half, top = 46 - step * 9, -34 - step * 34
            pen.fill(f"M{-half} {top + 22} Q0 {top + 34} {half} {top + 22} L0 {top - 44} Z", color)
            pen.fill(
                f"M0 {top - 44} L{half} {top + 22} Q{half / 2:g} {top + 29} 0 {top + 29} Z", shifted(color, -0.035)
            )


def _valley(pen: Pen, width: int, height: int) -> None:
    """Dawn in a valley: ridges, a lake, pines, a tent and a lantern."""
    is_tall = width < height
    pen.box(0, 0, width, height, "#f3dcb8")
    pen.fill(
        f"M0 0 L{width} 0 L{width} {height * 0.3:g} Q{width / 2} {height * 0.4:g} 0 {height * 0.26:g} Z", "#f6e6c9"
    )
    sun_x, far = (width * 0.26, height * 0.5) if is_tall else (width * 0.53, height * 0.46)
    pen.disc(sun_x, far - 60, 116, "#e9a24c")
    pen.disc(sun_x, far - 60, 160, "#e9a24c", 0.22)
    _hills(
        pen, width, (("#d9b48f", far, 60, 0), ("#b79a80", far + 60, 74, 120), ("#8d8a74", far + 130, 50, -60)), height
    )
    lake = far + 176
    pen.fill(f"M0 {lake:g} L{width} {lake:g} L{width} {lake + 120:g} L0 {lake + 120:g} Z", "#bcc9bd")
    pen.fill(
        f"M{sun_x - 90:g} {lake:g} L{sun_x + 90:g} {lake:g} L{sun_x + 40:g} {lake + 120:g} "
        f"L{sun_x - 30:g} {lake + 120:g} Z",
        "#efc68b",
    )
    for row in range(4):
        y = lake + 22 + row * 22
        pen.line(
            f"M{sun_x - 70 + row * 26:g} {y:g} l{90 - row * 8} 0 M{sun_x + 60 - row * 10:g} {y + 8:g} l50 0",
            "#f8e3bd",
            5,
        )
    _hills(pen, width, (("#5f6f43", lake + 84, 34, 60), ("#46583a", lake + 172, 26, -90)), height)
    pen.shadow = "#384a30"
    trees = (
        ((0.04, 1.5), (0.11, 1.1), (0.9, 1.7), (0.97, 2.2))
        if is_tall
        else ((0.03, 2.2), (0.1, 1.6), (0.16, 1.1), (0.9, 1.5), (0.96, 2.3))
    )
    for share, size in trees:
        _pine(pen, width * share, lake + 160 + size * 22, size, "#2f5144")
    ground = height - (70 if is_tall else 60)
    _put(pen, Prop("alder-2-tent", "ochre", width * (0.5 if is_tall else 0.7), ground, 0.72 if is_tall else 0.78))
    _put(pen, Prop("wick-lantern", "coal", width * (0.15 if is_tall else 0.5), ground + 22, 0.22))
    _put(pen, Prop("ridge-22-pack", "navy", width * (0.88 if is_tall else 0.89), ground + 24, 0.3))


def _coast(pen: Pen, width: int, height: int) -> None:
    """A quay in the morning: sea, sails, luggage on the planks."""
    is_tall = width < height
    horizon, quay = height * 0.46, height * 0.76
    pen.box(0, 0, width, height, "#d6e3e2")
    pen.disc(width * (0.3 if is_tall else 0.8), horizon - 120, 84, "#f2c977")
    for x, y, size in ((0.2, 0.16, 1.0), (0.56, 0.24, 0.8), (0.9, 0.12, 1.1)):
        with pen.group(f"translate({width * x:g} {height * y:g}) scale({size})"):
            pen.fill("M-110 20 Q-110 -10 -70 -10 Q-56 -46 -10 -40 Q30 -60 56 -18 Q110 -22 110 20 Z", "#eef4f1")
    pen.box(0, horizon, width, height, "#7ea9ad")
    pen.box(0, horizon, width, 12, "#98bcbd")
    for row in range(6):
        for column in range(9):
            x = column * width / 8 + (row % 2) * 60 - 40
            pen.line(f"M{x:g} {horizon + 40 + row * 38} q20 -10 40 0 q20 10 40 0", "#9fc2c2", 5)
    pen.fill(
        f"M{width} {horizon + 4:g} L{width} {horizon - 90:g} Q{width - 160} {horizon - 80:g} "
        f"{width - 330} {horizon + 4:g} Z",
        "#5f7f74",
    )
    for x, size in ((0.56, 1.0), (0.72, 0.6)) if is_tall else ((0.4, 0.7), (0.68, 0.9)):
        with pen.group(f"translate({width * x:g} {horizon + 56:g}) scale({size})"):
            pen.fill("M-70 0 L80 0 L56 34 L-44 34 Z", "#a84e2c")
            pen.fill("M0 -10 L0 -170 L-74 -10 Z", "#f6efe0")
            pen.fill("M12 -10 L12 -150 L70 -10 Z", "#e6d9bf")
            pen.line("M5 4 L5 -176", "#6c4731", 6)
    pen.box(0, quay, width, height, "#c99c6b")
    pen.box(0, quay, width, 16, "#dcb487")
    for x in range(0, width, 110):
        pen.line(f"M{x} {quay + 16:g} L{x + (x - width / 2) * 0.2:g} {height}", "#a97d4f", 4)
    pen.shadow = "#a97d4f"
    ground = height - 66
    if is_tall:
        props: tuple[Prop, ...] = (
            Prop("glide-cabin-case", "pine", 220, ground, 0.6),
            Prop("field-duffel", "ochre", 540, ground + 20, 0.58),
        )
    else:
        props = (
            Prop("glide-cabin-case", "pine", 880, ground, 0.76),
            Prop("holm-weekender", "sand", 1420, ground - 4, 0.54),
            Prop("field-duffel", "ochre", 1160, ground + 24, 0.7),
        )
    for prop in props:
        _put(pen, prop)


def _autumn(pen: Pen, width: int, height: int) -> None:
    """Field Week: autumn hills, a path, boots and a flask by the way."""
    is_tall = width < height
    far = height * (0.5 if is_tall else 0.42)
    pen.box(0, 0, width, height, "#ecdcc6")
    pen.disc(width * 0.76, far - 90, 96, "#f4e6c4")
    layers = (
        ("#d8b091", far, 56, 40),
        ("#c98a5e", far + 80, 60, -80),
        ("#a8613b", far + 170, 46, 90),
        ("#7f4a35", far + 260, 34, -40),
    )
    _hills(pen, width, layers, height)
    for share, size, color in (
        (0.05, 1.5, "#d79c2d"),
        (0.12, 1.1, "#c67a54"),
        (0.5, 0.9, "#d79c2d"),
        (0.93, 1.8, "#c67a54"),
        (0.84, 1.1, "#d79c2d"),
    ):
        x, y = width * share, far + 250
        pen.line(f"M{x:g} {y:g} l0 {-90 * size:g}", "#5a3a2a", 9 * size)
        pen.disc(x, y - 130 * size, 64 * size, color)
        pen.disc(x + 30 * size, y - 96 * size, 44 * size, mixed(color, "#7f4a35", 0.3))
    pen.fill(
        f"M0 {height * 0.86:g} Q{width / 2} {height * 0.8:g} {width} {height * 0.85:g} L{width} {height} L0 {height} Z",
        "#5d3a2c",
    )
    pen.shadow = "#46291f"
    ground = height - 60
    left = 0.0 if is_tall else 700.0
    for prop in (
        Prop("ridge-48-pack", "pine", left + 220, ground, 0.58 if is_tall else 0.72),
        Prop("cairn-boot", "walnut", left + 520, ground + 16, 0.46 if is_tall else 0.56),
        Prop("stoveside-flask", "red", left + (700 if is_tall else 770), ground + 6, 0.3 if is_tall else 0.42),
    ):
        _put(pen, prop)


_LANDSCAPES: dict[str, Callable[[Pen, int, int], None]] = {"home": _valley, "travel": _coast, "field-week": _autumn}
