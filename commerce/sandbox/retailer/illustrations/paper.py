"""Notebook, pencils, map, books and gift card."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, LEATHER
from .pen import Pen
from .stage import subject
from .tones import Tones


@subject(focus=(300, 640), zoom=1.8, size=1.06)
def notebook(pen: Pen, t: Tones) -> None:
    """A cloth-spined notebook with elastic, and a pencil beside it."""
    with pen.group("rotate(-8 400 500)"):
        pen.fill("M196 196 L604 196 L616 214 L616 822 L196 822 Z", CREAM.shade)
        cover = "M190 190 L586 190 Q604 190 604 208 L604 792 Q604 810 586 810 L190 810 Z"
        pen.cast("M190 190 L616 190 L616 822 L190 822 Z")
        pen.fill("M196 200 L600 200 Q616 204 616 220 L616 806 Q616 822 600 822 L196 822 Z", CREAM.light)
        for y in (814, 818):
            pen.line(f"M204 {y} L606 {y}", CREAM.deep, 2)
        pen.fill(cover, t.base)
        with pen.clip(cover):
            pen.fill("M520 180 L620 180 L620 820 L470 820 Z", t.shade)
            pen.fill("M190 180 L262 180 L262 820 L190 820 Z", t.deep)
            pen.fill("M190 180 L206 180 L206 820 L190 820 Z", t.shade)
        pen.line("M262 194 L262 806", t.line, 3)
        pen.fill("M320 288 L520 288 L520 420 L320 420 Z", CREAM.light)
        pen.line("M332 300 L508 300 L508 408 L332 408 Z", t.base, 3)
        pen.fill("M368 388 L412 322 L438 356 L456 334 L486 388 Z", t.base)
        pen.disc(464, 322, 9, "#d79c2d")
        pen.line("M548 192 L548 808", INK.base, 15)
        pen.line("M543 196 L543 804", INK.light, 3)
        pen.line("M300 820 L296 886 L312 872 L326 888 L322 820", "#c8472f", 1)
        pen.fill("M298 816 L326 816 L328 884 L312 868 L296 884 Z", "#c8472f")
    with pen.group("translate(676 500) rotate(8)"):
        pen.cast("M-15 -230 L15 -230 L15 250 L0 296 L-15 250 Z", 12, 18)
        pencil(pen, "#d79c2d", "#b97f1f")


def pencil(pen: Pen, face: str, side: str) -> None:
    """A pencil standing on its point at (0, 296), 30 wide."""
    pen.box(-15, -230, 30, 482, face)
    pen.box(4, -230, 11, 482, side)
    pen.fill("M-15 250 L15 250 L0 296 Z", "#e3c08f")
    pen.fill("M-5 280 L5 280 L0 296 Z", INK.base)
    pen.box(-15, -236, 30, 30, CREAM.base, 3)


@subject(focus=(400, 420), zoom=1.7, size=1.0, shape="tall")
def pencils(pen: Pen, t: Tones) -> None:
    """Six pencils in an open card box."""
    colors = (
        ("#d79c2d", "#b97f1f"),
        ("#a84e2c", "#863a1e"),
        ("#2f5144", "#223d33"),
        ("#2c3c5b", "#1f2c45"),
        ("#c67a54", "#a55f3c"),
        ("#8fb3c6", "#6d94a8"),
    )
    for turn, (face, side) in enumerate(colors):
        with pen.group(
            f"translate({258 + turn * 57} {360 + (turn % 3) * 22 - (turn == 3) * 60}) rotate(180) scale(1.3 1)"
        ):
            pen.cast("M-15 -30 L15 -30 L15 250 L0 296 L-15 250 Z", -10, -14)
            pencil(pen, face, side)
    box = "M210 470 L590 470 L590 880 Q590 896 574 896 L226 896 Q210 896 210 880 Z"
    pen.cast(box)
    pen.fill(box, t.base)
    with pen.clip(box):
        pen.fill("M500 460 L600 460 L600 900 L470 900 Z", t.shade)
        pen.fill("M200 460 L262 460 L252 900 L200 900 Z", t.light)
        pen.fill("M330 460 Q400 540 470 460 Z", t.deep)
    pen.fill("M252 586 L548 586 L548 820 L252 820 Z", CREAM.light)
    pen.line("M266 600 L534 600 L534 806 L266 806 Z", t.base, 4)
    for step in range(6):
        x = 306 + step * 38
        pen.fill(f"M{x - 9} 652 L{x + 9} 652 L{x + 9} 720 L{x} 746 L{x - 9} 720 Z", colors[step][0])
    pen.line("M330 776 L470 776", t.shade, 7)


@subject(focus=(330, 430), zoom=1.7, size=1.0)
def folded_map(pen: Pen, t: Tones) -> None:
    """A folded map, half opened, with its cover."""
    panels = ((110, 190, 0), (250, 214, 1), (390, 190, 0), (530, 214, 1))
    pen.cast("M110 190 L250 214 L390 190 L530 214 L670 190 L670 650 L530 674 L390 650 L250 674 L110 650 Z")
    for x, y, odd in panels:
        other = 190 if odd else 214
        panel = f"M{x} {y} L{x + 140} {other} L{x + 140} {other + 460} L{x} {y + 460} Z"
        pen.fill(panel, "#e3e3c4" if odd else "#eff0d8")
        with pen.clip(panel):
            _terrain(pen, t, bool(odd))
    for x in (250, 390, 530):
        pen.line(f"M{x} {214 if x != 390 else 190} l0 460", "#b9b894", 3, opacity=0.7)
    with pen.group("rotate(7 540 730)"):
        cover = "M430 520 L650 520 L650 850 L430 850 Z"
        pen.cast(cover)
        pen.fill(cover, t.base)
        pen.fill("M590 520 L650 520 L650 850 L560 850 Z", t.shade)
        pen.fill("M430 520 L650 520 L650 560 L430 560 Z", t.deep)
        pen.fill("M430 850 L430 760 L482 680 L520 726 L560 650 L650 770 L650 850 Z", t.light)
        pen.fill("M430 850 L430 800 L500 752 L560 800 L610 764 L650 800 L650 850 Z", t.deep)
        pen.disc(586, 626, 24, "#f0c65f")
        pen.line("M452 590 L560 590 M452 612 L520 612", CREAM.light, 9)
        pen.disc(452, 540, 9, CREAM.light)
        pen.line("M474 540 L540 540", CREAM.light, 5)


def _terrain(pen: Pen, t: Tones, is_shaded: bool) -> None:
    wood, water, lit = ("#b3c08a", "#9dbfc4", "#d8ddb0") if is_shaded else ("#bfcb98", "#abcbd0", "#e4e7c2")
    pen.fill("M90 460 C200 400 260 520 340 500 C420 480 440 600 520 610 L520 700 L90 700 Z", wood)
    pen.fill("M430 160 L700 160 L700 380 C620 420 560 330 500 320 C440 310 420 240 430 160 Z", wood)
    pen.fill("M560 560 C600 520 660 540 680 580 L680 680 L560 680 C540 640 540 590 560 560 Z", water)
    pen.line("M100 330 C180 300 220 380 300 360 C380 340 400 440 470 450 C540 460 560 540 590 580", water, 15)
    for size in (96, 70, 46, 22):
        pen.ring(250, 300, size, "#c9a878", 3, size * 0.66)
        pen.ring(470, 560, size * 0.9, "#c9a878", 3, size * 0.7)
    pen.fill("M238 306 L250 284 L262 306 Z", "#9a7448")
    pen.line("M100 580 C180 540 240 600 300 560 C370 520 360 440 420 400 C480 360 560 400 690 300", CREAM.light, 11)
    pen.line("M100 580 C180 540 240 600 300 560 C370 520 360 440 420 400 C480 360 560 400 690 300", t.base, 5, "14 11")
    for x, y in ((300, 560), (420, 400), (600, 360)):
        pen.disc(x, y, 11, CREAM.light)
        pen.disc(x, y, 7, "#c8472f")
    for x, y in ((140, 520), (170, 620), (340, 620), (520, 240), (600, 220), (640, 300), (400, 620)):
        pen.fill(f"M{x} {y} l11 -28 l11 28 Z", "#7d9460")
    pen.box(150, 240, 14, 12, INK.base)
    pen.box(170, 246, 12, 10, INK.base)
    pen.line("M120 220 L200 260", lit, 2)


@subject(floor=820, foot=(410, 200), focus=(400, 480), zoom=1.7, size=1.06, shape="tall")
def book(pen: Pen, t: Tones) -> None:
    """A hardback with a road winding home, standing slightly open."""
    pen.fill("M560 236 L612 262 L612 806 L560 820 Z", CREAM.shade)
    for step in range(5):
        pen.line(f"M{568 + step * 9} {244 + step * 5} L{568 + step * 9} {814 - step * 3}", CREAM.deep, 3)
    pen.fill("M600 250 L620 260 L620 810 L600 816 Z", t.deep)
    cover = "M190 220 L566 220 Q576 220 576 230 L576 812 Q576 822 566 822 L190 822 Z"
    pen.fill(cover, t.base)
    with pen.clip(cover):
        pen.box(180, 210, 410, 300, "#f0cf98")
        pen.disc(430, 430, 84, "#e58b3f")
        pen.fill("M180 500 C260 440 320 450 380 490 C440 430 520 430 600 480 L600 600 L180 600 Z", "#8fa36e")
        pen.fill("M180 560 C280 500 420 540 600 520 L600 840 L180 840 Z", t.base)
        pen.fill("M180 640 C300 590 460 640 600 600 L600 840 L180 840 Z", t.shade)
        pen.fill(
            "M300 830 C420 760 520 740 440 690 C380 650 330 640 380 590 C400 570 420 560 430 552 L440 "
            "554 C430 572 414 584 404 600 C384 640 440 650 490 690 C560 750 500 790 470 830 Z",
            CREAM.light,
        )
        pen.fill("M404 500 L404 556 L466 556 L466 500 L435 470 Z", CREAM.light)
        pen.fill("M396 504 L435 464 L474 504 L464 510 L435 480 L406 510 Z", "#8c3f26")
        pen.box(426, 526, 18, 30, "#8c3f26")
        pen.fill("M500 560 l20 -64 l20 64 Z M534 566 l16 -50 l16 50 Z", "#56713f")
        pen.box(180, 210, 42, 630, t.deep)
    pen.line("M250 276 L500 276", INK.base, 17)
    pen.line("M250 314 L430 314", INK.base, 17)
    pen.line("M250 350 L350 350", "#8c3f26", 7)
    pen.line("M222 226 L222 816", t.line, 3)


@subject(focus=(420, 470), zoom=1.7, size=1.0)
def book_knots(pen: Pen, t: Tones) -> None:
    """A lay-flat book with a figure-eight knot on its cover, and its cord."""
    with pen.group("rotate(6 400 500)"):
        cover = "M190 170 L610 170 L610 790 L190 790 Z"
        pen.cast("M190 170 L622 170 L622 802 L190 802 Z")
        pen.fill("M196 180 L622 180 L622 802 L196 802 Z", CREAM.light)
        pen.line("M200 796 L616 796 M616 186 L616 794", CREAM.deep, 3)
        pen.fill(cover, t.base)
        with pen.clip(cover):
            pen.fill("M500 160 L620 160 L620 800 L440 800 Z", t.shade)
        pen.line("M214 180 L214 780", t.deep, 9)
        for y in range(200, 780, 44):
            pen.line(f"M190 {y} L214 {y}", CREAM.base, 6)
        pen.line("M262 236 L500 236", CREAM.light, 19)
        pen.line("M262 280 L420 280", CREAM.light, 19)
        pen.line("M262 744 L360 744", t.light, 9)
        knot = (
            "M400 700 C400 640 300 620 310 540 C320 470 480 480 490 410 C494 350 320 340 316 420 C312 "
            "490 480 480 490 556 C494 620 408 630 404 560"
        )
        pen.line(knot, t.deep, 44)
        pen.line(knot, "#e0842f", 30)
        pen.line(knot, "#f6c98f", 6, "4 16")
        pen.line("M352 500 C400 484 440 478 470 450", t.deep, 44)
        pen.line("M352 500 C400 484 440 478 470 450", "#e0842f", 30)
        pen.line("M352 500 C400 484 440 478 470 450", "#f6c98f", 6, "4 16")
    cord = "M120 760 C60 820 140 920 260 880 C400 840 460 930 600 890 C680 866 700 920 740 880"
    with pen.group("translate(8 14)"):
        pen.line(cord, pen.shadow, 22)
    pen.line(cord, LEATHER.base, 24)
    pen.line(cord, CREAM.base, 6, "3 15")
    for x, y in ((120, 760), (740, 880)):
        pen.disc(x, y, 15, BRASS.base)


@subject(focus=(400, 470), zoom=1.6, size=1.02, shape="wide")
def gift_card(pen: Pen, t: Tones) -> None:
    """A card with a ribbon around it and a bow, lying on its envelope."""
    with pen.group("rotate(-7 400 500)"):
        pen.cast("M170 330 L650 330 L650 680 L170 680 Z")
        pen.fill("M170 330 L650 330 L650 680 L170 680 Z", CREAM.light)
        pen.line("M170 330 L410 520 L650 330", CREAM.deep, 3)
    with pen.group("rotate(4 400 500)"):
        card = (
            "M166 356 Q166 332 190 332 L610 332 Q634 332 634 356 L634 608 Q634 632 610 632 L190 632 Q166 632 166 608 Z"
        )
        pen.cast(card)
        pen.fill(card, t.base)
        with pen.clip(card):
            pen.fill("M430 320 L640 320 L640 640 L360 640 Z", t.shade)
            pen.fill("M276 320 L312 320 L312 640 L276 640 Z", CREAM.base)
            pen.fill("M160 446 L640 446 L640 480 L160 480 Z", CREAM.base)
            pen.line("M276 320 L276 640 M312 320 L312 640", CREAM.deep, 2)
            pen.line("M160 446 L640 446 M160 480 L640 480", CREAM.deep, 2)
        for bow in (
            "M294 463 Q214 396 200 440 Q190 486 294 463 Z",
            "M294 463 Q374 396 388 440 Q398 486 294 463 Z",
            "M294 463 L244 540 L272 536 L284 558 Z",
            "M294 463 L350 536 L322 536 L312 560 Z",
        ):
            pen.fill(bow, CREAM.light)
            pen.line(bow, CREAM.deep, 3)
        pen.disc(294, 463, 15, CREAM.base)
        pen.line("M440 566 L588 566", CREAM.light, 8)
        pen.line("M440 592 L530 592", CREAM.light, 8)
