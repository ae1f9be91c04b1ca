"""Cap, beanie, sun hat, scarf and bandana."""

from __future__ import annotations

from .materials import BRASS, CREAM, LEATHER
from .pen import Pen, repeated, sym
from .stage import subject
from .tones import Tones


@subject(focus=(330, 470), zoom=1.8, size=1.08, shape="wide")
def cap(pen: Pen, t: Tones) -> None:
    """A five-panel cap in three-quarter view."""
    crown = "M170 560 C160 420 230 320 360 312 C500 306 590 390 596 540 Q590 580 560 584 C430 600 300 590 170 560 Z"
    brim = (
        "M166 556 C110 570 84 620 96 664 C110 690 180 660 290 652 C390 646 440 640 462 600 C380 606 260 596 166 556 Z"
    )
    for part in (crown, brim):
        pen.cast(part)
    pen.fill(crown, t.base)
    with pen.clip(crown):
        pen.fill("M360 300 C450 340 490 440 486 600 L620 600 L620 300 Z", t.shade)
        pen.fill("M150 300 L330 312 C250 360 214 460 226 580 L150 580 Z", t.light)
        pen.fill("M540 380 Q570 470 560 600 L620 600 L620 380 Z", t.deep)
        pen.line("M360 312 C270 360 232 460 240 576", t.line, 3)
        pen.line("M360 312 C450 350 490 450 486 592", t.line, 3)
        pen.line("M372 312 C460 350 502 450 498 592", t.line, 2.5, "5 7")
        pen.line("M350 314 C262 366 222 460 228 574", t.line, 2.5, "5 7")
    pen.disc(362, 310, 13, t.deep)
    pen.disc(270, 404, 8, BRASS.base)
    pen.disc(452, 396, 8, BRASS.base)
    pen.fill(
        "M296 468 L410 466 Q418 466 418 474 L418 520 Q418 528 410 528 L298 528 Q290 528 290 520 L290 "
        "476 Q290 468 296 468 Z",
        CREAM.base,
    )
    pen.fill("M312 514 L340 484 L356 500 L370 488 L396 514 Z", t.base)
    pen.disc(382, 484, 6, "#d79c2d")
    pen.fill(brim, t.shade)
    with pen.clip(brim):
        pen.fill("M80 560 C130 560 260 610 470 600 L470 624 C300 640 150 630 80 640 Z", t.base)
        pen.fill("M80 556 L200 560 Q280 590 420 600 Q250 622 120 616 Z", t.light)
    pen.line("M130 600 C200 622 320 634 440 622", t.line, 2.5, "5 7")
    pen.line("M114 628 C200 644 320 650 420 640", t.line, 2.5, "5 7")
    pen.line("M580 560 C620 570 640 590 640 606", LEATHER.base, 16)
    pen.ring(640, 616, 14, BRASS.base, 7)


@subject(focus=(400, 600), zoom=1.9, size=1.1)
def beanie(pen: Pen, t: Tones) -> None:
    """A ribbed watch cap with a deep cuff."""
    crown = sym("M400 258 C270 258 196 356 198 560 L400 580")
    cuff = sym("M400 546 Q270 540 190 528 Q172 530 170 552 L174 672 Q176 694 200 698 Q300 712 400 712")
    pen.cast(crown)
    pen.cast(cuff)
    pen.fill(crown, t.base)
    with pen.clip(crown):
        pen.fill("M400 250 C500 300 540 420 530 600 L640 600 L620 250 Z", t.shade)
        pen.fill("M180 250 L380 256 C280 310 240 430 262 600 L180 600 Z", t.light)
        for x in range(190, 620, 26):
            top = 400 + (x - 400) * 0.16
            pen.line(f"M{top:g} 262 C{x + (400 - x) * 0.3:g} 340 {x} 440 {x} 570", t.line, 4, opacity=0.7)
    pen.fill("M196 516 Q400 556 604 516 L606 550 Q400 590 194 550 Z", t.deep, 0.7)
    pen.fill(cuff, t.base)
    with pen.clip(cuff):
        pen.fill("M540 510 L640 510 L640 720 L530 720 Z", t.shade)
        pen.fill("M160 510 L262 520 L262 720 L160 720 Z", t.light)
        for x in range(184, 630, 26):
            pen.line(f"M{x} 520 L{400 + (x - 400) * 0.985:g} 716", t.line, 5, opacity=0.75)
    pen.fill(
        "M366 592 L434 592 Q440 592 440 598 L440 660 Q440 668 432 668 L368 668 Q360 668 360 660 L360 "
        "598 Q360 592 366 592 Z",
        LEATHER.base,
    )
    pen.line("M370 602 L430 602 M370 658 L430 658", LEATHER.line, 2, "4 5")
    pen.fill("M374 648 L394 620 L406 634 L414 626 L428 648 Z", LEATHER.light)
    pen.disc(418, 614, 4, CREAM.base)


@subject(focus=(520, 470), zoom=1.7, size=1.08, shape="wide")
def sun_hat(pen: Pen, t: Tones) -> None:
    """A wide-brimmed sun hat with a cord."""
    brim = "M64 560 C80 500 220 470 400 470 C580 470 720 500 736 560 C744 640 560 690 400 690 C240 690 56 640 64 560 Z"
    pen.cast(brim)
    pen.line("M214 600 C250 760 360 820 404 800 C460 816 560 750 588 600", LEATHER.base, 8)
    pen.box(390, 784, 28, 40, LEATHER.deep, 8)
    pen.fill(brim, t.base)
    with pen.clip(brim):
        pen.fill("M40 580 C200 690 600 690 760 560 L760 720 L40 720 Z", t.shade)
        pen.fill("M520 470 C700 500 740 560 640 690 L780 690 L780 460 Z", t.shade)
        for step in range(4):
            pen.line(
                f"M{90 + step * 20} {572 + step * 4} C{200 + step * 10} {664 - step * 16} {600 - step * 10} "
                f"{664 - step * 16} {710 - step * 20} {572 + step * 4}",
                t.line,
                2.5,
                "7 8",
            )
    crown = "M208 560 C206 430 236 324 320 306 Q400 290 480 306 C564 324 594 430 592 560 C540 606 260 606 208 560 Z"
    pen.fill(crown, t.base)
    with pen.clip(crown):
        pen.fill("M470 290 C540 360 546 480 530 620 L640 620 L640 290 Z", t.shade)
        pen.fill("M180 290 L330 296 C262 360 250 480 270 620 L180 620 Z", t.light)
        pen.fill("M200 496 C280 548 520 548 600 496 L600 620 L200 620 Z", LEATHER.base)
        pen.fill("M530 530 C570 520 590 506 600 496 L600 620 L520 620 Z", LEATHER.deep)
        pen.line("M206 510 C286 560 514 560 594 510", LEATHER.line, 2.5, "6 7")
    pen.line("M262 330 Q400 366 538 330", t.line, 3)
    pen.line("M400 298 L400 354", t.line, 3, opacity=0.6)
    for x in (300, 330, 360):
        pen.disc(x, 430, 6, BRASS.base)
        pen.disc(x, 430, 2.5, BRASS.deep)
    pen.box(452, 548, 50, 26, CREAM.base, 4)


@subject(focus=(400, 700), zoom=1.7, shape="tall")
def scarf(pen: Pen, t: Tones) -> None:
    """A folded scarf, draped over itself, with fringes."""
    tail = "M430 380 L572 400 L540 820 L400 806 Z"
    front = "M250 300 L420 300 L446 860 L262 866 Z"
    for x in range(264, 446, 18):
        pen.line(f"M{x} 862 Q{x - 4} 890 {x + 3} 916", t.shade, 6)
    for step in range(8):
        pen.line(f"M{408 + step * 18} {808 + step * 1.6:g} Q{402 + step * 18} 834 {406 + step * 18} 862", t.deep, 6)
    pen.cast(tail)
    pen.fill(tail, t.shade)
    with pen.clip(tail):
        pen.fill("M530 380 L600 400 L560 840 L490 820 Z", t.deep)
        for y in (700, 728, 774):
            pen.line(f"M380 {y - 12} L580 {y + 6}", CREAM.shade, 8)
    pen.cast(front)
    pen.fill(front, t.base)
    with pen.clip(front):
        pen.fill("M240 300 L310 300 L324 880 L240 880 Z", t.light)
        pen.fill("M390 300 L460 300 L470 880 L410 880 Z", t.shade)
        pen.box(240, 700, 240, 26, CREAM.base)
        pen.box(240, 742, 240, 54, t.deep)
        pen.box(240, 812, 240, 14, CREAM.base)
        pen.line(repeated("l9 9 l9 -9", range(256, 450, 26), range(420, 690, 26)), t.line, 2.5, opacity=0.35)
    loop = (
        "M214 250 C214 150 330 112 420 116 C540 120 614 180 606 280 C600 390 500 430 380 426 C270 420 210 360 214 250 Z"
    )
    hole = (
        "M310 236 C320 190 380 176 430 180 C490 186 520 216 514 250 C506 286 450 300 400 296 C340 292 306 270 310 236 Z"
    )
    pen.cast(loop, 10, 18)
    pen.fill(loop, t.base)
    with pen.clip(loop):
        pen.fill("M214 300 C260 400 480 430 606 300 L640 460 L200 460 Z", t.shade)
        pen.fill("M200 110 L420 110 Q270 150 262 300 L200 300 Z", t.light)
        pen.line("M240 300 C300 390 500 400 580 290", t.line, 4)
        pen.line("M262 180 C320 140 480 130 560 190 M236 260 C250 330 300 370 360 384", t.line, 4, opacity=0.7)
    pen.fill(hole, t.deep)
    pen.fill("M320 240 C340 206 470 200 510 240 C490 216 440 206 400 208 C360 210 336 222 320 240 Z", t.line, 0.5)


@subject(focus=(300, 380), zoom=1.9, size=1.06)
def bandana(pen: Pen, t: Tones) -> None:
    """A printed cotton square, one corner folded over."""
    square = "M150 220 L650 220 L650 590 L520 720 L150 720 Z"
    pen.cast(square)
    pen.fill(square, t.base)
    with pen.clip(square):
        pen.fill("M560 200 L680 200 L680 740 L500 740 Z", t.shade, 0.6)
        for inset in (24, 36):
            pen.line(
                f"M{150 + inset} {220 + inset} L{650 - inset} {220 + inset} L{650 - inset} {720 - inset} "
                f"L{150 + inset} {720 - inset} Z",
                CREAM.base,
                5,
            )
        for step in range(12):
            pen.disc(210 + step * 35, 288, 5, CREAM.base)
            pen.disc(210 + step * 35, 654, 5, CREAM.base)
            pen.disc(216, 290 + step * 34, 5, CREAM.base)
            pen.disc(586, 290 + step * 34, 5, CREAM.base)
        for x, y, angle in ((300, 380, -40), (500, 380, 40), (300, 560, 40), (480, 560, -40)):
            with pen.group(f"translate({x} {y}) rotate({angle})"):
                pen.line("M0 -36 L0 40", CREAM.base, 9)
                pen.ring(0, -46, 15, CREAM.base, 8)
                pen.box(-9, 30, 18, 30, CREAM.base, 5)
        pen.ring(400, 470, 54, CREAM.base, 6)
        pen.ring(400, 470, 36, CREAM.base, 4)
        for angle in range(0, 360, 45):
            with pen.group(f"rotate({angle} 400 470)"):
                pen.line("M400 416 L400 396", CREAM.base, 9)
        pen.disc(400, 470, 14, CREAM.base)
    pen.line("M400 224 Q394 470 404 716 M156 470 Q400 478 620 470", t.deep, 3, opacity=0.5)
    pen.fill("M650 590 L520 720 Q506 640 530 606 Q580 580 650 590 Z", t.light)
    pen.line("M536 700 Q526 640 544 620 Q580 600 630 602", CREAM.base, 5)
    pen.fill("M650 590 L520 720 L512 700 Q580 660 620 588 Z", t.deep, 0.25)
