"""Sunglasses, a watch and an umbrella."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, LEATHER, STEEL, WOOD
from .pen import Pen, sym
from .stage import subject
from .tones import Tones


@subject(focus=(250, 500), zoom=1.9, size=1.06, shape="wide")
def sunglasses(pen: Pen, t: Tones) -> None:
    """Folded sunglasses from above, arms crossed behind the lenses."""
    for side in pen.sides():
        arm = "M96 452 L120 436 L604 604 Q650 624 664 668 Q650 690 630 672 Q610 640 580 628 Z"
        pen.cast(arm)
        pen.fill(arm, t.deep if side < 0 else t.shade)
        pen.line("M330 528 L560 606", t.line, 3, opacity=0.6)
    bridge = "M356 470 Q400 428 444 470 L444 500 Q400 460 356 500 Z"
    pen.fill(bridge, t.shade)
    for side in pen.sides():
        rim = (
            "M88 430 Q110 404 230 408 Q350 408 372 440 Q392 480 364 570 Q340 640 244 640 Q140 640 112 "
            "566 Q92 500 88 430 Z"
        )
        lens = (
            "M120 450 Q136 434 230 436 Q326 436 340 458 Q356 490 334 560 Q314 610 244 610 Q166 610 140 "
            "556 Q122 500 120 450 Z"
        )
        pen.cast(rim)
        pen.fill(rim, t.base if side < 0 else t.shade)
        with pen.clip(rim):
            pen.fill("M80 400 L390 400 L390 434 Q230 414 80 446 Z", t.light)
        pen.fill(lens, INK.base)
        with pen.clip(lens):
            pen.fill("M110 420 L360 420 L360 500 Q230 470 110 540 Z", INK.light)
            slope = ("M170 420 L230 420 L150 620 L90 620 Z", "M260 420 L284 420 L204 620 L180 620 Z")
            for d in slope:
                pen.fill(d, CREAM.light, 0.22)
        pen.disc(104, 446, 7, BRASS.base)
        pen.line("M352 520 Q372 540 366 580", CREAM.shade, 8)


@subject(focus=(400, 480), zoom=1.9, size=1.06, shape="tall")
def watch(pen: Pen, t: Tones) -> None:
    """A field watch on a cotton strap."""
    top = sym("M400 100 L344 100 Q336 100 336 110 L330 360 L400 360")
    tail = sym("M400 600 L330 600 L338 850 Q342 910 400 916")
    for part in (top, tail):
        pen.cast(part)
        pen.fill(part, t.base)
        with pen.clip(part):
            pen.fill("M438 80 L500 80 L500 940 L434 940 Z", t.shade)
            pen.fill("M320 80 L352 80 L352 940 L320 940 Z", t.light)
            pen.line("M346 90 L340 380 M454 90 L460 380 M342 580 L350 860 M458 580 L450 860", t.line, 2.5, "7 7")
    for y in (700, 742, 784, 826):
        pen.oval(400, y, 7, 9, t.deep)
    pen.line("M328 110 L328 90 Q328 76 342 76 L458 76 Q472 76 472 90 L472 110", STEEL.shade, 12)
    pen.line("M400 84 L400 128", STEEL.base, 9)
    pen.box(326, 164, 148, 30, t.shade, 8)
    pen.cast("M230 480 A170 170 0 1 0 570 480 A170 170 0 1 0 230 480 Z", 12, 20)
    pen.fill("M318 340 L482 340 L470 300 L330 300 Z M318 620 L482 620 L470 660 L330 660 Z", STEEL.shade)
    pen.box(560, 460, 34, 40, STEEL.shade, 7)
    pen.disc(400, 480, 170, STEEL.base)
    pen.fill("M400 310 A170 170 0 0 1 520 600 L508 588 A152 152 0 0 0 400 328 Z", STEEL.shade)
    pen.disc(400, 480, 150, STEEL.light)
    pen.disc(400, 480, 138, INK.base if t.base > "#9" or t.base < "#3" else CREAM.light)
    face = CREAM.light if t.base > "#9" or t.base < "#3" else INK.base
    for hour in range(12):
        with pen.group(f"rotate({hour * 30} 400 480)"):
            pen.line("M400 356 L400 378" if hour % 3 else "M400 356 L400 390", face, 6 if hour % 3 else 11)
    for minute in range(60):
        if minute % 5:
            with pen.group(f"rotate({minute * 6} 400 480)"):
                pen.line("M400 352 L400 358", face, 2.5)
    with pen.group("rotate(-58 400 480)"):
        pen.line("M400 480 L400 412", face, 12)
    with pen.group("rotate(56 400 480)"):
        pen.line("M400 480 L400 378", face, 9)
    with pen.group("rotate(190 400 480)"):
        pen.line("M400 520 L400 372", "#d2583a", 4)
    pen.disc(400, 480, 10, "#d2583a")
    pen.fill("M292 400 A138 138 0 0 1 400 342 L412 342 L300 480 L270 520 A138 138 0 0 1 292 400 Z", CREAM.light, 0.12)


@subject(focus=(400, 400), zoom=1.7, size=1.0)
def umbrella(pen: Pen, t: Tones) -> None:
    """A stick umbrella, open, with a crooked beech handle."""
    canopy = (
        "M78 520 C88 300 230 190 400 190 C570 190 712 300 722 520 Q662 470 602 524 Q536 470 466 528 "
        "Q400 480 334 528 "
        "Q264 470 198 524 Q138 470 78 520 Z"
    )
    pen.cast(canopy)
    pen.line("M400 150 L400 200", WOOD.deep, 12)
    pen.line("M400 480 L400 830", STEEL.shade, 14)
    pen.line("M396 480 L396 830", STEEL.light, 4)
    pen.line("M400 760 L400 850 C400 920 490 920 490 850", WOOD.base, 28)
    pen.line("M394 770 L394 850 C396 880 410 896 430 900", WOOD.light, 6)
    pen.box(384, 740, 32, 26, BRASS.base, 5)
    pen.fill(canopy, t.base)
    with pen.clip(canopy):
        pen.fill("M400 190 C300 250 230 380 198 540 L60 540 L60 180 Z", t.light)
        pen.fill("M400 190 C360 280 340 400 334 540 L198 540 C230 380 300 250 400 190 Z", t.base)
        pen.fill("M400 190 C440 280 460 400 466 540 L602 540 C570 380 500 250 400 190 Z", t.shade)
        pen.fill("M400 190 C500 250 570 380 602 540 L740 540 L740 180 Z", t.deep)
        pen.line("M400 190 C300 250 230 380 198 526 M400 190 C360 280 340 400 334 528", t.line, 3)
        pen.line("M400 190 C500 250 570 380 602 526 M400 190 C440 280 460 400 466 528", t.line, 3)
    for x, y in ((78, 520), (198, 524), (334, 528), (466, 528), (602, 524), (722, 520)):
        pen.disc(x, y, 8, WOOD.base)
    pen.fill("M380 196 Q400 176 420 196 Q400 214 380 196 Z", LEATHER.base)
    pen.fill("M198 440 L236 452 L230 486 L196 470 Z", CREAM.base)
    pen.disc(400, 150, 10, BRASS.base)
    pen.line("M334 528 Q400 560 466 528", INK.base, 0.1)
