"""Candle, soap, and things for dogs."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, LEATHER
from .pen import Pen, sym
from .stage import subject
from .tones import Tones, mixed, shifted


@subject(floor=770, foot=(400, 205), focus=(400, 400), zoom=1.8, size=1.12)
def candle(pen: Pen, t: Tones) -> None:
    """A burning candle in an enamel cup with a paper label."""
    pen.disc(400, 330, 170, "#f8d98a", 0.35)
    pen.disc(400, 330, 104, "#f8d98a", 0.45)
    body = sym("M400 452 L206 452 L216 730 Q220 770 262 770 L400 770")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M500 440 Q546 600 500 780 L640 780 L640 440 Z", t.shade)
        pen.fill("M190 440 L284 440 Q254 600 282 780 L190 780 Z", t.light)
        pen.fill("M190 740 L620 740 L620 780 L190 780 Z", t.deep, 0.7)
    label = sym("M400 540 L280 540 L284 700 L400 704")
    pen.fill(label, CREAM.light)
    pen.fill("M470 541 L520 540 L516 700 L464 703 Z", CREAM.shade)
    pen.line("M300 560 L500 560 M302 684 L498 684", t.base, 4)
    _sprig(pen, t)
    pen.oval(400, 452, 196, 44, t.deep)
    pen.oval(400, 450, 180, 35, "#f2e6c6")
    pen.oval(400, 456, 96, 19, "#f7dc95")
    pen.oval(400, 456, 54, 10, "#fdf1c9")
    pen.line("M400 452 L400 412", INK.base, 7)
    pen.fill(
        "M400 432 C362 424 360 372 386 334 C392 320 396 308 400 282 C410 316 440 344 440 388 C440 "
        "416 424 430 400 432 Z",
        "#eda23b",
    )
    pen.fill("M400 430 C380 424 382 392 400 362 C418 390 420 424 400 430 Z", "#fdf1c9")


def _sprig(pen: Pen, t: Tones) -> None:
    pen.line("M400 670 L400 584", t.shade, 5)
    for step in range(4):
        y = 652 - step * 20
        for side in (-1, 1):
            pen.fill(
                f"M400 {y} Q{400 + side * 26} {y - 2} {400 + side * 40} {y - 22} Q{400 + side * 12} {y - 22} 400 {y} Z",
                t.base,
            )
    pen.fill("M400 590 Q390 576 400 560 Q410 576 400 590 Z", t.base)


@subject(focus=(330, 440), zoom=1.8, size=1.08)
def soap(pen: Pen, t: Tones) -> None:
    """A soap bar half out of its paper band, with its herb."""
    with pen.group("rotate(-12 400 520)"):
        bar = (
            "M170 400 Q170 366 204 366 L596 366 Q630 366 630 400 L630 640 Q630 674 596 674 L204 674 Q170 674 170 640 Z"
        )
        pen.cast(bar)
        pen.fill(bar, t.shade)
        face = (
            "M170 400 Q170 366 204 366 L590 366 Q616 366 616 396 L616 624 Q616 652 590 652 L204 652 Q170 652 170 626 Z"
        )
        pen.fill(face, t.base)
        with pen.clip(face):
            pen.fill("M160 360 L640 360 L640 386 L200 392 L196 660 L160 660 Z", t.light)
            for x, y in (
                (230, 440),
                (250, 600),
                (290, 420),
                (280, 540),
                (220, 520),
                (560, 420),
                (590, 560),
                (575, 620),
            ):
                pen.line(f"M{x} {y} l10 4", t.deep, 4)
        pen.line("M212 430 L290 430 M212 430 L212 500", t.line, 4, opacity=0.5)
        band = "M316 354 L532 354 L532 686 L316 686 Z"
        pen.fill("M532 360 L546 366 L546 690 L532 686 Z", t.deep, 0.5)
        pen.fill(band, CREAM.light)
        pen.fill("M486 354 L532 354 L532 686 L486 686 Z", CREAM.shade)
        pen.fill("M316 652 L532 652 L532 686 L316 686 Z", CREAM.deep, 0.6)
        pen.line("M336 384 L512 384 M336 626 L512 626", t.base, 5)
        pen.disc(424, 488, 54, t.base)
        pen.fill("M390 512 L416 468 L432 488 L442 474 L462 512 Z", CREAM.light)
        pen.disc(448, 462, 8, CREAM.light)
        pen.line("M376 574 L472 574 M392 594 L456 594", t.shade, 6)
    stem = mixed("#5f7d45", t.base, 0.25)
    pen.line("M150 800 C260 790 380 770 480 720", stem, 6)
    for step in range(9):
        x, rise = 180 + step * 34, 797 - step * step * 0.9
        pen.line(f"M{x} {rise:g} l14 -34 M{x + 8} {rise - 2:g} l26 26", shifted(stem, 0.06 if step % 2 else -0.02), 9)


@subject(focus=(560, 690), zoom=1.8, size=1.02)
def dog_lead(pen: Pen, t: Tones) -> None:
    """A rope lead, coiled, with brass hook."""
    coil = (
        "M400 230 C250 230 170 330 170 450 C170 570 270 660 400 660 C530 660 624 560 620 440 C616 "
        "330 520 260 410 262 "
        "C300 264 214 340 214 450 C214 550 300 616 400 614 C500 612 574 540 572 444 C570 370 500 310 414 312 "
        "C330 314 266 370 266 450 C270 560 420 620 560 690"
    )
    with pen.group("translate(14 24)"):
        pen.line(coil, pen.shadow, 36)
        pen.line("M570 694 L640 780", pen.shadow, 36)
    pen.line("M396 232 C300 120 180 120 150 210 C130 290 220 330 300 270", t.shade, 34)
    pen.line("M396 232 C300 120 180 120 150 210 C130 290 220 330 300 270", CREAM.base, 6, "4 26")
    for stroke, width in ((t.deep, 38), (t.base, 32)):
        pen.line(coil, stroke, width)
    pen.line(coil, t.light, 9, "14 24")
    pen.line(coil, CREAM.base, 6, "3 35")
    pen.line("M372 218 L424 244", LEATHER.base, 46)
    pen.line("M376 206 L416 226 M368 228 L410 250", LEATHER.deep, 4)
    pen.line("M520 668 L580 702", LEATHER.base, 46)
    pen.line("M530 660 L586 690 M520 682 L570 712", LEATHER.deep, 4)
    pen.ring(606, 716, 24, BRASS.deep, 13)
    pen.ring(605, 714, 24, BRASS.base, 8)
    with pen.group("translate(628 742) rotate(-40)"):
        pen.box(-17, 0, 34, 46, BRASS.base, 10)
        pen.box(4, 0, 13, 46, BRASS.shade, 6)
        pen.line("M0 46 L0 84 C0 140 62 140 62 96 L62 80", BRASS.base, 17)
        pen.line("M-4 50 L-4 86 C-2 110 10 124 26 126", BRASS.light, 5)
        pen.line("M62 84 L20 62", BRASS.shade, 11)
        pen.disc(20, 62, 8, BRASS.deep)


@subject(floor=720, foot=(400, 255), focus=(300, 560), zoom=1.8, size=1.1, shape="wide")
def dog_bowl(pen: Pen, t: Tones) -> None:
    """A folding canvas bowl with kibble."""
    body = sym("M400 452 L150 452 Q170 600 224 700 Q232 720 260 720 L400 720")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M520 440 Q560 600 480 730 L680 730 L680 440 Z", t.shade)
        pen.fill("M130 440 L246 440 Q260 600 320 730 L200 730 Z", t.light)
        pen.line("M262 460 Q280 600 330 716 M538 460 Q520 600 470 716", t.line, 3, "7 7")
        pen.fill("M180 676 L620 676 L620 730 L180 730 Z", t.deep, 0.7)
    pen.oval(400, 452, 252, 66, t.deep)
    pen.oval(400, 448, 236, 54, LEATHER.base)
    pen.oval(400, 456, 220, 44, INK.base)
    for x, y in (
        (260, 450),
        (310, 438),
        (350, 462),
        (400, 440),
        (440, 466),
        (480, 440),
        (530, 454),
        (300, 472),
        (390, 480),
        (570, 444),
        (232, 462),
        (470, 484),
        (340, 426),
        (430, 420),
        (510, 476),
    ):
        pen.oval(x, y - 12, 27, 21, "#9a6a3c")
        pen.oval(x - 4, y - 17, 17, 10, "#b98850")
    pen.fill(sym("M400 490 Q260 490 176 462 L150 452 Q170 520 400 524"), t.light)
    pen.fill("M400 490 Q540 490 624 462 L650 452 Q630 520 400 524 Z", t.base)
    pen.line("M164 474 Q240 512 400 514 Q560 512 636 474", t.line, 3, "7 7")
    pen.line("M634 500 C700 500 710 570 650 590", LEATHER.base, 17)
    pen.disc(636, 500, 9, BRASS.base)
    bone = (
        "M350 596 Q328 574 346 562 Q364 556 370 576 L432 576 Q438 556 456 562 Q474 574 452 596 Q474 "
        "618 456 630 Q438 636 432 616 L370 616 Q364 636 346 630 Q328 618 350 596 Z"
    )
    pen.fill(bone, CREAM.base)
