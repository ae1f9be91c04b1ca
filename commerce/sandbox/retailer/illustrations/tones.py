"""Color arithmetic for the drawings: planes of light and shade of a color, mixed in OKLab so that they stay clean."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

Lab = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Tones:
    """One color as a set of planes: lit, flat, turned away, deep in shade, and the line that shows on it."""

    light: str
    base: str
    shade: str
    deep: str
    line: str


def to_lab(value: str) -> Lab:
    """OKLab of `#rrggbb`."""
    red, green, blue = (_linear(int(value[i : i + 2], 16) / 255) for i in (1, 3, 5))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def to_hex(lab: Lab) -> str:
    """`#rrggbb` of an OKLab color, clipped to what a screen can show."""
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _encoded(channel)):02x}" for channel in channels)


def shifted(value: str, lightness: float, chroma: float = 1.0, warmth: float = 0.0, blush: float = 0.0) -> str:
    """The color made lighter or darker, its chroma multiplied, moved toward yellow by `warmth` and red by `blush`."""
    level, a, b = to_lab(value)
    return to_hex((min(0.985, max(0.12, level + lightness)), a * chroma + blush, b * chroma + warmth))


def mixed(first: str, second: str, share: float) -> str:
    """`share` of the second color in the first."""
    one, two = to_lab(first), to_lab(second)
    lightness, a, b = (x + (y - x) * share for x, y in zip(one, two, strict=True))
    return to_hex((lightness, a, b))


def distance(first: str, second: str) -> float:
    """How far apart two colors look; 0.02 is just visible, 0.3 is a strong contrast."""
    return math.dist(to_lab(first), to_lab(second))


@cache
def tones(value: str) -> Tones:
    """The planes of a color. Dark colors get lighter lines, light colors gentler shade, yellow turns to amber."""
    level = to_lab(value)[0]
    if level < 0.45:
        return Tones(
            light=shifted(value, 0.075, 1.02),
            base=value,
            shade=shifted(value, -0.055, 0.95),
            deep=shifted(value, -0.1, 0.9),
            line=shifted(value, 0.17, 0.9),
        )
    pale = level > 0.85
    blush = 0.022 if to_lab(value)[2] > 0.09 and to_lab(value)[1] < 0.06 else 0.0
    return Tones(
        light=shifted(value, 0.03 if pale else 0.062, 0.9, 0.004),
        base=value,
        shade=shifted(value, -0.055 if pale else -0.075, 1.12 if pale else 1.0, -0.004, blush),
        deep=shifted(value, -0.13 if pale else -0.165, 1.15 if pale else 0.95, -0.006, blush * 1.4),
        line=shifted(value, -0.25 if pale else -0.22, 1.0, -0.006, blush * 1.4),
    )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _encoded(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    return 12.92 * channel if channel <= 0.0031308 else float(1.055 * channel ** (1 / 2.4) - 0.055)
