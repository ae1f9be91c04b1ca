"""Cutlery, pocket knife, first-aid kit and compass."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, LEATHER, STEEL
from .pen import Pen, sym
from .stage import subject
from .tones import Tones


@subject(focus=(400, 330), zoom=1.7, size=1.0)
def cutlery(pen: Pen, t: Tones) -> None:
    """Knife, fork and spoon in an open canvas roll."""
    roll = "M170 470 L630 470 L630 850 Q630 870 610 870 L190 870 Q170 870 170 850 Z"
    pen.cast(roll)
    for x, kind in ((265, "fork"), (400, "spoon"), (535, "knife")):
        pen.cast(f"M{x - 16} 500 L{x - 16} 200 L{x + 16} 200 L{x + 16} 500 Z", 10, 16)
        with pen.group(f"translate({x} 0)"):
            _piece(pen, kind)
    pen.fill(roll, t.base)
    with pen.clip(roll):
        pen.fill("M550 460 L640 460 L640 880 L520 880 Z", t.shade)
        pen.fill("M160 460 L230 460 L222 880 L160 880 Z", t.light)
        pen.fill("M160 830 L640 830 L640 880 L160 880 Z", t.deep, 0.6)
    pen.fill("M170 470 L630 470 L630 506 L170 506 Z", t.light)
    pen.line("M176 498 L624 498", t.line, 3, "7 7")
    for x in (326, 470):
        pen.line(f"M{x} 508 L{x} 862", t.line, 3, "7 7")
    pen.line("M180 690 L620 690", LEATHER.base, 24)
    pen.line("M180 684 L620 684", LEATHER.light, 4)
    pen.line("M394 690 C330 640 330 760 394 694 C460 640 470 760 402 694", LEATHER.base, 12)
    pen.line("M396 696 L350 790 M404 696 L446 786", LEATHER.shade, 12)
    pen.disc(399, 692, 14, LEATHER.deep)
    pen.box(196, 806, 56, 32, CREAM.base, 4)
    pen.fill("M206 830 L220 812 L228 822 L234 816 L242 830 Z", t.shade)


def _piece(pen: Pen, kind: str) -> None:
    pen.fill("M-13 300 L13 300 L18 640 L-18 640 Z", STEEL.base)
    pen.fill("M2 300 L13 300 L18 640 L6 640 Z", STEEL.shade)
    if kind == "fork":
        pen.fill(
            "M-44 150 L-44 260 Q-44 306 -13 316 L13 316 Q44 306 44 260 L44 150 L30 150 L28 244 L16 244 "
            "L14 150 L0 150 L-14 150 L-16 244 L-28 244 L-30 150 Z",
            STEEL.base,
        )
        pen.fill("M14 150 L0 150 L0 316 L13 316 Q44 306 44 260 L44 150 L30 150 L28 244 L16 244 Z", STEEL.shade)
        pen.fill("M-14 150 L-2 150 L-2 246 L-14 246 Z", STEEL.base)
        pen.line("M-37 160 L-37 260", STEEL.light, 5)
    elif kind == "spoon":
        pen.oval(0, 230, 52, 84, STEEL.base)
        pen.oval(4, 226, 38, 66, STEEL.shade)
        pen.fill("M-36 210 Q-26 162 10 160 Q-20 190 -22 250 Q-36 236 -36 210 Z", STEEL.light)
    else:
        pen.fill("M-14 330 L-18 170 Q-16 134 10 130 Q34 180 32 330 Z", STEEL.base)
        pen.fill("M10 130 Q34 180 32 330 L16 330 Q20 200 10 130 Z", STEEL.light)
        for step in range(9):
            pen.line(f"M30 {214 + step * 13} l6 5", STEEL.deep, 3)


@subject(focus=(380, 520), zoom=1.35, size=0.92, shape="wide")
def knife(pen: Pen, t: Tones) -> None:
    """A folding knife, half open, with wooden scales."""
    with pen.group("translate(-14 30) rotate(-28 400 520)"):
        blade = "M300 500 L104 470 Q70 440 60 404 Q150 396 330 420 Q352 440 346 500 Z"
        handle = (
            "M306 430 C340 412 380 412 420 426 C520 444 620 440 690 424 C730 420 752 450 742 490 C730 "
            "540 650 556 560 552 C460 552 360 570 322 530 C296 502 288 452 306 430 Z"
        )
        with pen.group("rotate(34 330 470)"):
            pen.cast(blade)
        pen.cast(handle)
        with pen.group("rotate(34 330 470)"):
            pen.fill(blade, STEEL.light)
            pen.fill("M300 500 L104 470 Q70 440 60 404 Q110 440 180 450 Q260 462 346 470 L346 500 Z", STEEL.base)
            pen.line("M150 414 L300 426", STEEL.deep, 5)
            pen.line("M84 440 Q130 460 300 488", STEEL.shade, 3)
        pen.fill(handle, t.base)
        with pen.clip(handle):
            pen.fill("M280 520 Q500 540 760 470 L760 580 L280 580 Z", t.shade)
            pen.fill("M290 410 Q420 410 520 434 Q640 440 740 420 L740 400 L290 400 Z", t.light)
            pen.line(
                "M400 446 Q520 470 680 448 M420 500 Q540 520 700 490 M460 472 Q560 488 640 476", t.line, 3, opacity=0.6
            )
            pen.fill("M280 400 L372 400 Q352 480 372 580 L280 580 Z", BRASS.base)
            pen.fill("M280 500 L364 510 L372 580 L280 580 Z", BRASS.shade)
        pen.disc(336, 478, 16, BRASS.light)
        pen.disc(336, 478, 7, BRASS.deep)
        for x in (470, 640):
            pen.disc(x, 492, 9, BRASS.base)
        pen.disc(712, 470, 12, pen.shadow)
        pen.ring(712, 470, 13, BRASS.base, 5)
        pen.line("M716 478 C760 520 772 580 730 620 C700 650 740 690 770 670", LEATHER.base, 11)
        pen.line("M712 474 C740 530 748 580 712 612", LEATHER.shade, 11)


@subject(focus=(400, 520), zoom=1.7, size=1.12)
def first_aid(pen: Pen, t: Tones) -> None:
    """A zipped first-aid pouch with a plaster on its badge."""
    pen.line("M350 276 C350 220 450 220 450 276", INK.base, 20)
    body = sym("M400 270 L216 270 Q170 270 168 316 L168 692 Q170 740 216 740 L400 740")
    pen.cast(body)
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M540 260 L640 260 L640 750 L520 750 Q570 500 540 260 Z", t.shade)
        pen.fill("M160 260 L236 260 Q216 500 240 750 L160 750 Z", t.light)
        pen.fill("M160 690 L640 690 L640 750 L160 750 Z", t.deep, 0.6)
    pen.line(sym("M400 294 L224 294 Q192 294 192 326 L192 560"), INK.base, 0.1)
    pen.line("M192 560 L192 326 Q192 294 224 294 L576 294 Q608 294 608 326 L608 560", INK.base, 11)
    pen.line("M192 560 L192 326 Q192 294 224 294 L576 294 Q608 294 608 326 L608 560", CREAM.shade, 3, "2 8")
    pen.box(183, 548, 18, 52, CREAM.base, 7)
    pen.disc(400, 476, 112, CREAM.light)
    with pen.group("rotate(-32 400 476)"):
        pen.box(302, 444, 196, 72, t.shade, 36)
        pen.box(302, 440, 196, 72, t.base, 36)
        pen.box(362, 440, 76, 72, t.light)
        for x in (380, 400, 420):
            for y in (458, 476, 494):
                pen.disc(x, y, 4, CREAM.light)
        for x in (326, 344, 456, 474):
            pen.disc(x, 476, 4, t.deep)
    pen.line("M196 640 L604 640", t.line, 4)
    pen.line("M204 654 L596 654", t.line, 2.5, "6 7")
    pen.box(330, 664, 140, 34, CREAM.base, 5)
    pen.line("M348 681 L452 681", t.base, 6)


@subject(focus=(400, 560), zoom=1.8, size=1.08, shape="tall")
def compass(pen: Pen, t: Tones) -> None:
    """A baseplate compass on its lanyard."""
    pen.line("M400 240 C300 110 180 190 220 290 C250 360 150 380 130 300", "#c8472f", 12)
    plate = sym("M400 226 L286 226 Q250 226 250 262 L250 800 Q250 836 286 836 L400 836")
    pen.cast(plate)
    pen.fill(plate, t.base)
    with pen.clip(plate):
        pen.fill("M490 220 L560 220 L560 840 L460 840 Z", t.shade)
        pen.fill("M240 220 L310 220 L300 840 L240 840 Z", t.light)
    for step in range(22):
        pen.line(f"M250 {300 + step * 24} l{26 if step % 4 == 0 else 14} 0", t.line, 3)
        pen.line(f"M550 {300 + step * 24} l-{26 if step % 4 == 0 else 14} 0", t.line, 3)
    pen.disc(400, 244, 13, pen.shadow)
    pen.ring(400, 244, 14, BRASS.base, 6)
    pen.fill("M400 286 L424 336 L408 336 L408 410 L392 410 L392 336 L376 336 Z", t.line)
    pen.oval(330, 362, 24, 24, t.shade)
    pen.ring(470, 362, 24, t.line, 4)
    pen.disc(400, 580, 158, INK.base)
    pen.disc(400, 580, 140, INK.light)
    for angle in range(0, 360, 10):
        with pen.group(f"rotate({angle} 400 580)"):
            pen.line("M400 430 L400 442" if angle % 30 else "M400 428 L400 448", CREAM.base, 3 if angle % 30 else 6)
    pen.disc(400, 580, 122, CREAM.light)
    pen.fill("M400 458 A122 122 0 0 1 400 702 A170 170 0 0 0 400 458 Z", CREAM.shade)
    pen.line("M370 492 L370 668 M430 492 L430 668", CREAM.deep, 4)
    with pen.group("rotate(24 400 580)"):
        pen.fill("M400 474 L424 580 L376 580 Z", "#c8402c")
        pen.fill("M400 474 L424 580 L400 580 Z", "#a3321f")
        pen.fill("M400 686 L424 580 L376 580 Z", INK.light)
        pen.fill("M400 686 L424 580 L400 580 Z", INK.base)
    pen.disc(400, 580, 12, BRASS.base)
    pen.fill("M310 520 A110 110 0 0 1 380 474 Q330 510 318 570 Z", CREAM.light, 0.9)
    pen.line("M292 790 L508 790", t.line, 4)
    for step in range(9):
        pen.line(f"M{292 + step * 27} 790 l0 -14", t.line, 3)
