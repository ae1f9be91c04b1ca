"""Hadlo's marks: wordmark, emblem, favicon, and the black-and-white logo for receipt printers.

All letters are circles and straight stems on one grid, so the same few numbers draw the SVG and the printer's bitmap.
"""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from .pen import Pen

PINE, OCHRE, CREAM = "#2f5144", "#d79c2d", "#f6efe0"
_STROKE = 46
_BOWL = 77
_BASE, _ASCENDER, _X_HEIGHT = 300, 30, 146
_STEMS = (
    (40, _ASCENDER, _BASE),
    (194, 223, _BASE),
    (424, _X_HEIGHT, _BASE),
    (654, _ASCENDER, _BASE),
    (744, _ASCENDER, _BASE),
)
_BOWLS = ((347, 223), (577, 223), (890, 223))
_ARCH = (117, 223)
WORDMARK_SIZE = (1000, 340)


def wordmark(ink: str = PINE, accent: str = OCHRE) -> str:
    """The name in the house letters as SVG; the o holds the two peaks, and `accent` colors the sun above them."""
    pen = Pen("wordmark", ink)
    for x, top, bottom in _STEMS:
        pen.line(f"M{x} {top} L{x} {bottom}", ink, _STROKE)
    x, y = _ARCH
    pen.line(f"M{x - _BOWL} {y} A{_BOWL} {_BOWL} 0 0 1 {x + _BOWL} {y}", ink, _STROKE)
    for x, y in _BOWLS[:2]:
        pen.ring(x, y, _BOWL, ink, _STROKE)
    x, y = _BOWLS[2]
    with pen.clip(f"M{x - 100} {y} A100 100 0 1 1 {x + 100} {y} A100 100 0 1 1 {x - 100} {y} Z"):
        pen.disc(x, y, 100, accent)
        pen.fill(_peaks(x, y), ink)
    return pen.svg(*WORDMARK_SIZE)


def emblem(ink: str = PINE, accent: str = OCHRE, ground: str = CREAM) -> str:
    """Two peaks under a sun in a disc, as SVG of 200 × 200: the mark on labels and buttons."""
    pen = Pen("emblem", ink)
    pen.disc(100, 100, 100, ground)
    with pen.clip("M0 100 A100 100 0 1 1 200 100 A100 100 0 1 1 0 100 Z"):
        pen.disc(132, 62, 26, accent)
        pen.fill(_peaks(100, 100), ink)
    return pen.svg(200, 200)


def favicon() -> str:
    """The emblem as an icon: sun and pale peaks on pine, readable at 16 pixels."""
    pen = Pen("favicon", PINE)
    pen.box(0, 0, 64, 64, PINE, 14)
    pen.disc(45, 19, 9, OCHRE)
    with pen.clip("M0 14 Q0 0 14 0 L50 0 Q64 0 64 14 L64 50 Q64 64 50 64 L14 64 Q0 64 0 50 Z"):
        pen.fill("M-2 56 L24 18 L38 38 L46 30 L66 56 L66 66 L-2 66 Z", CREAM)
    return pen.svg(64, 64)


def receipt_logo(width: int = 384) -> bytes:
    """The wordmark as a one-bit PNG, black on white, `width` dots wide (a multiple of 8, as printers want it)."""
    if width % 8 or width < 64:
        raise ValueError("The logo's width must be a multiple of 8 and at least 64 dots.")
    scale = 4 * width / WORDMARK_SIZE[0]
    image = Image.new("L", (4 * width, round(WORDMARK_SIZE[1] * scale)), 255)
    brush = ImageDraw.Draw(image)
    for x, top, bottom in _STEMS:
        half = _STROKE / 2
        stem = [scale * value for value in (x - half, top - half, x + half, bottom + half)]
        brush.rounded_rectangle(stem, radius=half * scale, fill=0)
    brush.arc(_around(*_ARCH, scale), 180, 360, fill=0, width=round(_STROKE * scale))
    for x, y in _BOWLS[:2]:
        brush.ellipse(_around(x, y, scale), outline=0, width=round(_STROKE * scale))
    _peaked_o(image, scale)
    small = image.resize((width, round(image.height / 4)), Image.Resampling.LANCZOS)
    bits = small.point([255 if level > 128 else 0 for level in range(256)]).convert("1")
    found = io.BytesIO()
    bits.save(found, format="PNG", optimize=True)
    return found.getvalue()


def _peaked_o(image: Image.Image, scale: float) -> None:
    """The o without gray: a thin rim, solid peaks, a solid sun."""
    x, y = _BOWLS[2]
    inside = Image.new("L", image.size, 255)
    brush = ImageDraw.Draw(inside)
    brush.polygon([(scale * px, scale * py) for px, py in _peak_points(x, y)], fill=0)
    brush.ellipse([scale * value for value in (x + 4, y - 68, x + 42, y - 30)], fill=0)
    disc = Image.new("L", image.size, 0)
    ImageDraw.Draw(disc).ellipse(_around(x, y, scale), fill=255)
    image.paste(inside, (0, 0), disc)
    ImageDraw.Draw(image).ellipse(_around(x, y, scale), outline=0, width=round(15 * scale))


def _around(x: float, y: float, scale: float) -> tuple[float, float, float, float]:
    reach = _BOWL + _STROKE / 2
    return (scale * (x - reach), scale * (y - reach), scale * (x + reach), scale * (y + reach))


def _peak_points(x: float, y: float) -> list[tuple[float, float]]:
    ridge = ((-110, 62), (-28, -42), (14, 16), (40, -16), (110, 62), (110, 110), (-110, 110))
    return [(x + dx, y + dy) for dx, dy in ridge]


def _peaks(x: float, y: float) -> str:
    return "M" + " L".join(f"{px:g} {py:g}" for px, py in _peak_points(x, y)) + " Z"
