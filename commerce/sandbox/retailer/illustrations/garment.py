"""What all garments have in common: how flat cloth catches light, and how it lies."""

from __future__ import annotations

from .pen import Pen
from .tones import Tones


def mirrored(d: str, axis: float = 400) -> str:
    """The mirror image of a path of absolute commands, at a vertical axis."""
    words = d.replace(",", " ").split()
    flipped = []
    is_x = True
    for word in words:
        letter = word[0] if word[0].isalpha() else ""
        number = word[len(letter) :]
        if letter:
            is_x = True
        if number:
            number = f"{2 * axis - float(number):g}" if is_x else number
            is_x = not is_x
        flipped.append(letter + number)
    return " ".join(flipped)


def cloth(pen: Pen, t: Tones, body: str, sleeves: str = "") -> None:
    """Fill a symmetric garment lying flat: left sleeve, right sleeve, body, with light from the upper left."""
    for part in (sleeves, mirrored(sleeves) if sleeves else "", body):
        if part:
            pen.cast(part)
    if sleeves:
        pen.fill(sleeves, t.base)
        with pen.clip(sleeves):
            pen.fill("M254 150 L30 320 L30 842 L116 842 L136 546 Q160 360 298 240 Z", t.light)
            pen.fill("M254 320 L190 772 L164 772 L202 420 Z", t.shade)
        pen.fill(mirrored(sleeves), t.shade)
        with pen.clip(mirrored(sleeves)):
            pen.fill("M546 320 L608 772 L640 772 L616 476 Z", t.deep)
            pen.fill("M580 200 L700 300 L732 842 L700 842 L666 476 Q640 330 546 260 Z", t.base)
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M515 150 C590 380 546 615 580 842 L680 842 L680 150 Z", t.shade)
        pen.fill("M180 150 L320 150 C246 420 254 615 290 842 L160 842 Z", t.light)


def ribs(pen: Pen, t: Tones, x: float, y: float, width: float, height: float, step: float = 14) -> None:
    """A ribbed band: fine upright lines."""
    count = int(width // step)
    margin = (width - (count - 1) * step) / 2
    for index in range(count):
        at = x + margin + index * step
        pen.line(f"M{at:g} {y + 5:g} L{at:g} {y + height - 5:g}", t.line, 2.5, opacity=0.55)
