"""Trousers, work pants and shorts."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, LEATHER
from .pen import Pen, sym
from .stage import subject
from .tones import Tones


def _legs(pen: Pen, t: Tones, body: str) -> None:
    pen.cast(body)
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M400 330 L410 960 L520 960 L560 300 L600 120 L480 120 Q470 260 400 330 Z", t.shade)
        pen.fill("M230 110 L312 110 Q286 400 296 960 L220 960 Z", t.light)
        pen.fill("M400 330 L436 420 L424 960 L396 960 Z", t.deep, 0.8)
        pen.fill("M500 140 Q520 500 486 960 L520 960 Q560 500 580 140 Z", t.base)


def _waist(pen: Pen, t: Tones, width: float, y: float) -> None:
    left = 400 - width / 2
    pen.fill(f"M{left:g} {y} L{800 - left:g} {y} L{802 - left:g} {y + 46} L{left - 2:g} {y + 46} Z", t.light)
    pen.fill(f"M{left + 20:g} {y} L{780 - left:g} {y} Q400 {y + 22} {left + 20:g} {y} Z", t.deep)
    pen.line(f"M{left:g} {y + 46} L{800 - left:g} {y + 46}", t.line, 3)
    for x in (left + 40, 400 - 66, 400 + 66, 760 - left):
        pen.box(x - 7, y - 4, 14, 58, t.base, 3)
        pen.line(f"M{x - 7:g} {y + 46} L{x + 7:g} {y + 46}", t.line, 3)
    pen.disc(400, y + 24, 11, BRASS.base)
    pen.disc(397, y + 21, 4, BRASS.light)


@subject(focus=(340, 300), zoom=1.9, size=1.02, shape="tall")
def trousers(pen: Pen, t: Tones) -> None:
    """Trail trousers with articulated knees and a zip pocket."""
    _legs(
        pen,
        t,
        sym(
            "M400 108 L284 108 C272 260 258 420 262 560 L276 892 Q278 908 294 908 L368 908 Q384 908 384 "
            "892 L396 420 L400 372"
        ),
    )
    _waist(pen, t, 232, 104)
    pen.line("M400 152 L400 330 M400 330 Q402 350 396 420", t.line, 3)
    pen.line("M418 152 Q426 260 402 310", t.line, 3, "5 7")
    for side in pen.sides():
        pen.line("M322 152 Q318 210 276 238", t.line, 4)
        pen.line("M330 154 Q326 220 276 250", t.line, 3, "5 7")
        pen.line("M268 540 Q320 570 386 548 M270 640 Q320 620 382 636", t.line, 3, opacity=0.7)
        pen.line("M276 872 L384 872", t.line, 3, "5 7")
        if side > 0:
            pen.line("M286 330 L292 430", INK.base, 9)
            pen.line("M286 330 L292 430", CREAM.shade, 2, "2 6")
    pen.box(288, 812, 34, 16, CREAM.shade, 3)


@subject(focus=(320, 560), zoom=1.8, size=1.02, shape="tall")
def work_pants(pen: Pen, t: Tones) -> None:
    """Canvas work pants with double knees and a hammer loop."""
    _legs(
        pen,
        t,
        sym(
            "M400 108 L280 108 C266 260 246 420 246 560 L254 890 Q256 908 272 908 L370 908 Q388 908 388 "
            "890 L397 420 L400 380"
        ),
    )
    _waist(pen, t, 240, 104)
    pen.line("M400 152 L400 340", t.line, 3)
    pen.line("M420 152 Q428 270 402 320", t.line, 3, "6 7")
    for side in pen.sides():
        pen.line("M320 152 Q316 214 270 240", t.line, 4)
        knee = "M252 448 L392 448 L390 740 L250 740 Z"
        pen.fill(knee, t.light if side < 0 else t.base)
        pen.line(knee, t.line, 4)
        pen.line("M260 458 L384 458 M258 730 L382 730 M262 462 L260 728 M382 462 L380 728", t.line, 2.5, "6 7")
        pen.line("M290 560 Q330 580 372 566 M286 620 Q320 608 366 616", t.line, 3, opacity=0.5)
        for x, y in ((258, 454), (386, 454), (256, 734), (384, 734)):
            pen.disc(x, y, 5, BRASS.base)
        pen.line("M256 880 L388 880", t.line, 3, "6 7")
        if side > 0:
            pen.line("M246 300 Q220 350 248 400", t.base, 16)
            pen.line("M246 300 Q220 350 248 400", t.line, 2.5, "6 7")
    pen.box(448, 196, 56, 36, LEATHER.base, 4)
    pen.line("M460 214 L492 214", LEATHER.deep, 4)


@subject(focus=(400, 400), zoom=1.8, size=1.16)
def shorts(pen: Pen, t: Tones) -> None:
    """Quick-drying shorts with a drawcord."""
    body = sym(
        "M400 290 L250 290 C236 400 212 540 196 690 Q196 708 214 712 L366 730 Q382 730 384 714 L396 560 L400 520"
    )
    pen.cast(body)
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M400 480 L420 760 L640 760 L600 280 L500 280 Q490 400 400 480 Z", t.shade)
        pen.fill("M190 280 L292 280 Q250 480 270 760 L180 760 Z", t.light)
        pen.fill("M400 500 L450 600 L440 760 L390 760 Z", t.deep, 0.8)
        pen.fill("M548 290 Q590 520 570 760 L640 760 L640 290 Z", t.base)
    pen.fill("M250 286 L550 286 L556 344 L244 344 Z", t.light)
    pen.fill("M266 286 L534 286 Q400 310 266 286 Z", t.deep)
    for x in range(262, 545, 16):
        pen.line(f"M{x} 302 Q{x - 2} 322 {x} 340", t.line, 3, opacity=0.5)
    pen.line("M400 344 L400 500", t.line, 3)
    for side in pen.sides():
        pen.disc(380, 322, 6, BRASS.base)
        pen.line("M380 324 Q352 380 372 440" if side < 0 else "M380 324 Q360 370 364 420", CREAM.base, 8)
        pen.line("M246 360 Q258 420 232 480", t.line, 4)
        pen.line("M204 684 L384 704", t.line, 3, "5 7")
        pen.line("M212 640 Q224 680 230 708", t.line, 3)
    pen.line("M548 470 L570 580", INK.base, 9)
    pen.line("M548 470 L570 580", CREAM.shade, 2, "2 6")
    pen.box(232, 646, 40, 20, LEATHER.base, 3)
