"""The colors of `static/css/tokens.css` as the tests read them, and WCAG's measure of contrast."""

import re
from pathlib import Path

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
THEMES = ("light", "dark")
_ROLE = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")


def colors(css: str) -> dict[str, dict[str, str]]:
    """Hexadecimal colors by theme and role."""
    roles = _ROLE.findall(css)
    return {theme: {name: pair[index] for name, *pair in roles} for index, theme in enumerate(THEMES)}


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colors, 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
