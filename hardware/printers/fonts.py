"""Letters as pictures: for what a printer has no characters for, and for showing receipts on a screen.

The monospaced font is DejaVu Sans Mono, which the python-barcode package brings. Characters that it lacks are looked
for in the fonts of the computer (and first in the folders named by BRIDGE_FONTS).
"""

import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path

import barcode
from PIL import Image, ImageDraw, ImageFont, features

from hardware.printers.text import char_width, text_width

MISSING = "□"
_MONO_ADVANCE = 1233 / 2048  # width of every letter of DejaVu Sans Mono, in ems
_ASCENT = 0.928
_FINE = 4  # letters are drawn so many times larger, then reduced
_RIGHT_TO_LEFT = (("\u0590", "\u08ff"), ("\ufb1d", "\ufdff"), ("\ufe70", "\ufefc"))


def is_right_to_left(char: str) -> bool:
    """Hebrew, Arabic and their relatives."""
    return any(first <= char <= last for first, last in _RIGHT_TO_LEFT)


def can_shape() -> bool:
    """Whether Pillow finds what it needs to join and order Arabic and Hebrew letters (libraqm with FriBiDi)."""
    return bool(features.check("raqm"))


@lru_cache
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


@lru_cache
def mono_path() -> str:
    """The file of the monospaced font."""
    return str(resources.files(barcode) / "fonts" / "DejaVuSansMono.ttf")


@lru_cache
def _system_fonts() -> tuple[str, ...]:
    """Upright regular fonts of this computer, the likeliest to help first."""
    named = [Path(folder) for folder in os.environ.get("BRIDGE_FONTS", "").split(os.pathsep) if folder]
    found = [str(path) for folder in named for path in _font_files(folder)]
    folders = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"]
    if sys.platform == "win32":
        folders = [os.path.join(os.environ.get("WINDIR", r"C:\Windows"), "Fonts")]
    elif sys.platform == "darwin":
        folders = ["/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"]
    others = [str(path) for folder in folders for path in _font_files(Path(folder).expanduser())]
    return (*found, *sorted(others, key=lambda path: (_unlikely(path), path)))


def _font_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in (".ttf", ".otf", ".ttc"))


def _unlikely(path: str) -> int:
    name = Path(path).name.lower()
    styled = any(word in name for word in ("bold", "italic", "oblique", "light", "black", "thin"))
    return 2 * styled + ("sans" not in name)


@lru_cache(maxsize=4096)
def font_for(char: str) -> str | None:
    """The file of the first font that has this character, or None."""
    if _has(mono_path(), char):
        return mono_path()
    return next((path for path in _system_fonts() if _has(path, char)), None)


def _has(path: str, char: str) -> bool:
    if not char.strip():
        return True
    try:
        font = _font(path, 20)
        drawn = font.getmask(char)
        absent = font.getmask("\uffff")
    except OSError:
        return False
    return bool(drawn.getbbox()) and (drawn.size != absent.size or bytes(drawn) != bytes(absent))


@lru_cache(maxsize=8192)
def glyph(char: str, width: int, height: int, bold: bool = False) -> Image.Image:
    """One character drawn into a cell of `width` × `height` dots: a grayscale mask, 255 where there is ink.

    `width` is that of one cell; Chinese, Japanese and Korean characters come two cells wide.
    """
    cells = max(1, char_width(char))
    path = font_for(char)
    if path is None:
        char, path = MISSING, mono_path()
    # Printers stretch a letter by whole factors; drawing it large and reducing it keeps its edges smooth.
    unit = max(width, height // 2) * _FINE
    size = round(unit / _MONO_ADVANCE)
    if path != mono_path():
        size = round(unit * 1.75)
    mask = Image.new("L", (unit * cells, unit * 2), 0)
    left = (unit * cells - _font(path, size).getlength(char)) / 2
    stroke = round(unit * 0.045) if bold else 0
    baseline = round(unit * 2 * 0.5 + size * (_ASCENT - 0.582))
    ImageDraw.Draw(mask).text(
        (left, baseline),
        char,
        fill=255,
        font=_font(path, size),
        anchor="ls",
        stroke_width=stroke,
        features=["-liga"] if can_shape() else None,
    )
    return mask.resize((width * cells, height), Image.Resampling.LANCZOS)


def text_picture(text: str, cell: int, height: int, bold: bool = False) -> Image.Image:
    """A line of any script as a mask of exactly its width in cells × `cell` dots.

    Groups parted by two or more spaces keep their columns, so amounts stay aligned.
    """
    mask = Image.new("L", (max(1, text_width(text)) * cell, height), 0)
    place = 0
    for group in _groups(text):
        width = text_width(group)
        if group.strip(" "):
            drawn = _shaped(group, width * cell, height, bold) if any(map(is_right_to_left, group)) else None
            mask.paste(drawn or _in_cells(group, cell, height, bold), (place * cell, 0))
        place += width
    return mask


def _groups(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find("  ", start)
        end = len(text) if end < 0 else end
        if end > start:
            yield text[start:end]
        spaces = end
        while spaces < len(text) and text[spaces] == " ":
            spaces += 1
        if spaces > end:
            yield text[end:spaces]
        start = spaces


def _in_cells(text: str, cell: int, height: int, bold: bool) -> Image.Image:
    mask = Image.new("L", (text_width(text) * cell, height), 0)
    place = 0
    for char in text:
        mark = glyph(char, cell, height, bold)
        mask.paste(255, (place * cell - (cell if not char_width(char) else 0), 0), mark)
        place += char_width(char)
    return mask


def _shaped(text: str, width: int, height: int, bold: bool) -> Image.Image:
    """Right-to-left text, joined and ordered, as wide as its room."""
    first = next(char for char in text if is_right_to_left(char))
    path = font_for(first) or mono_path()
    size = round(height * 0.8) * _FINE
    font = _font(path, size)
    mask = Image.new("L", (max(width * _FINE, round(font.getlength(text))), height * _FINE), 0)
    ImageDraw.Draw(mask).text(
        (0, round(height * _FINE * 0.76)),
        text,
        fill=255,
        font=font,
        anchor="ls",
        stroke_width=size // 40 if bold else 0,
    )
    return mask.resize((width, height), Image.Resampling.LANCZOS)


def missing_characters(text: str) -> str:
    """Those that no font of this computer can draw, each once, in order."""
    return "".join(dict.fromkeys(char for char in text if char_width(char) and font_for(char) is None))
