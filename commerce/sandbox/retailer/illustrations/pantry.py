"""Coffee bag, tea tin, chocolate bar and trail mix."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, LEATHER
from .pen import Pen, sym
from .stage import subject
from .tones import Tones, distance, shifted

KRAFT = "#d2ab79"


@subject(floor=830, foot=(400, 190), focus=(400, 560), zoom=1.8, size=1.06, shape="tall")
def coffee(pen: Pen, t: Tones) -> None:
    """A coffee bag with tin tie and a landscape label, beans in front."""
    body = sym("M400 222 L254 222 L232 320 L222 790 Q222 830 262 830 L400 830")
    pen.fill(body, KRAFT)
    with pen.clip(body):
        pen.fill("M526 200 L600 200 L600 840 L540 840 Q500 500 526 200 Z", shifted(KRAFT, -0.07))
        pen.fill("M210 200 L276 200 Q290 500 264 840 L210 840 Z", shifted(KRAFT, 0.045))
        pen.line("M268 330 Q292 560 262 820 M532 330 Q508 560 538 820", shifted(KRAFT, -0.13), 3)
        pen.fill("M222 760 L310 830 L222 830 Z M578 760 L490 830 L578 830 Z", shifted(KRAFT, -0.1))
    top = sym("M400 176 L262 176 L250 240 L400 240")
    pen.fill(top, shifted(KRAFT, 0.03))
    pen.box(226, 232, 348, 34, INK.base, 10)
    pen.box(226, 232, 110, 12, INK.light, 6)
    label = (
        "M282 360 L518 360 Q528 360 528 370 L528 720 Q528 730 518 730 L282 730 Q272 730 272 720 L272 "
        "370 Q272 360 282 360 Z"
    )
    pen.fill(label, CREAM.light)
    with pen.clip(label):
        pen.box(272, 440, 256, 180, t.light)
        pen.disc(448, 506, 40, CREAM.light)
        pen.fill("M272 620 L272 570 L344 488 L396 552 L430 516 L528 600 L528 620 Z", t.base)
        pen.fill("M272 640 L272 600 Q360 556 430 600 Q480 580 528 604 L528 640 Z", t.deep)
        pen.box(272, 620, 256, 12, t.deep)
    pen.line("M300 392 L420 392", INK.base, 14)
    pen.line("M300 418 L372 418", t.base, 8)
    pen.line("M300 662 L500 662 M300 684 L460 684 M300 706 L400 706", CREAM.line, 5)
    pen.disc(400, 310, 17, shifted(KRAFT, -0.1))
    for x in (392, 400, 408):
        pen.disc(x, 310, 2.5, INK.base)
    for x, y, angle in ((590, 806, 20), (634, 824, -30), (170, 822, 40)):
        with pen.group(f"translate({x} {y}) rotate({angle})"):
            pen.oval(0, 0, 26, 18, "#5a3a28")
            pen.line("M-20 -2 Q0 8 20 -4", "#3b2418", 4)


@subject(floor=800, foot=(400, 200), focus=(400, 520), zoom=1.8, size=1.08)
def tea_tin(pen: Pen, t: Tones) -> None:
    """A round tea tin with lid and a leaf label."""
    body = sym("M400 380 L212 380 L212 752 Q212 800 260 800 L400 800")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M500 370 L600 370 L600 810 L500 810 Z", t.shade)
        pen.fill("M552 370 L600 370 L600 810 L552 810 Z", t.deep)
        pen.fill("M200 370 L268 370 L268 810 L200 810 Z", t.light)
        pen.fill("M200 430 Q400 462 600 430 L600 446 Q400 478 200 446 Z", BRASS.base)
        pen.fill("M200 744 Q400 776 600 744 L600 760 Q400 792 200 760 Z", BRASS.base)
        pen.fill(
            "M500 452 Q560 446 600 430 L600 446 Q560 462 500 468 Z M500 766 Q560 760 600 744 L600 760 "
            "Q560 776 500 782 Z",
            BRASS.shade,
        )
    pen.fill(
        "M400 500 C480 500 510 550 510 606 C510 670 480 712 400 712 C320 712 290 670 290 606 C290 "
        "550 320 500 400 500 Z",
        CREAM.light,
    )
    pen.ring(400, 606, 98, t.base, 4, 94)
    pen.line("M400 682 L400 560", "#56713f", 6)
    for x in pen.sides():
        pen.fill("M400 650 C360 650 336 624 334 596 C368 596 396 616 400 650 Z", "#6f8f4e" if x < 0 else "#56713f")
        pen.fill("M400 610 C370 608 354 588 354 566 C382 568 398 584 400 610 Z", "#6f8f4e" if x < 0 else "#56713f")
    pen.fill("M400 568 C388 552 388 538 400 522 C412 538 412 552 400 568 Z", "#6f8f4e")
    lid = sym("M400 244 Q240 244 212 290 L204 380 Q204 394 220 398 Q300 410 400 410")
    pen.fill(lid, BRASS.base)
    with pen.clip(lid):
        pen.fill("M500 230 L610 230 L610 420 L500 420 Z", BRASS.shade)
        pen.fill("M552 230 L610 230 L610 420 L552 420 Z", BRASS.deep)
        pen.fill("M196 230 L268 230 L268 420 L196 420 Z", BRASS.light)
        pen.fill("M200 290 Q400 330 600 290 L600 220 L200 220 Z", BRASS.light)
        pen.line("M208 366 Q400 400 592 366", BRASS.deep, 4)
    pen.oval(400, 282, 40, 17, BRASS.deep)
    pen.disc(400, 258, 26, BRASS.base)
    pen.disc(394, 252, 14, BRASS.light)


@subject(focus=(400, 300), zoom=1.7, size=1.0, shape="tall")
def chocolate(pen: Pen, t: Tones) -> None:
    """A chocolate bar, wrapper slid down, foil torn, squares showing."""
    dark = "#4a2e22"
    with pen.group("rotate(-6 400 500)"):
        bar = "M252 130 L548 130 L548 440 L252 440 Z"
        pen.cast("M252 130 L548 130 L548 880 L252 880 Z")
        pen.fill(bar, dark)
        for row in range(3):
            for column in range(3):
                x, y = 262 + column * 96, 142 + row * 98
                pen.box(x, y, 86, 88, "#6b4633", 6)
                pen.fill(f"M{x + 12} {y + 12} L{x + 74} {y + 12} L{x + 74} {y + 76} L{x + 12} {y + 76} Z", "#583727")
                pen.fill(
                    f"M{x + 4} {y + 4} L{x + 82} {y + 4} L{x + 74} {y + 12} L{x + 12} {y + 12} L{x + 12} {y + 76} "
                    f"L{x + 4} {y + 84} Z",
                    "#835a43",
                )
        pen.fill("M548 130 L548 230 L520 216 L506 190 L470 178 L462 130 Z", pen.shadow)
        pen.line("M462 130 L470 178 L506 190 L520 216 L548 230", dark, 6)
        foil = "M236 400 L276 366 L310 396 L352 356 L396 392 L440 360 L486 398 L526 364 L564 402 L564 480 L236 480 Z"
        pen.fill(foil, "#dfe3e2")
        pen.fill("M486 398 L526 364 L564 402 L564 480 L500 480 Z M352 356 L396 392 L390 480 L340 480 Z", "#bcc4c4")
        pen.fill("M276 366 L310 396 L300 480 L262 480 Z", "#f4f6f4")
        wrapper = "M232 452 L568 452 L568 880 L232 880 Z"
        pen.fill(wrapper, t.base)
        with pen.clip(wrapper):
            pen.fill("M512 440 L580 440 L580 890 L480 890 Z", t.shade)
            pen.fill("M232 440 L276 440 L268 890 L232 890 Z", t.light)
            for step in range(9):
                pen.line(
                    f"M220 {820 - step * 17} Q310 {770 - step * 17} 400 {816 - step * 17} Q490 {860 - step * 17} "
                    f"580 {800 - step * 17}",
                    t.light if step % 2 else t.deep,
                    7,
                )
        pen.box(290, 506, 220, 132, CREAM.light, 6)
        pen.line("M310 540 L450 540 M310 570 L400 570", INK.base, 13)
        pen.line("M310 606 L370 606", t.base if distance(t.base, CREAM.light) > 0.2 else t.line, 8)
        pen.fill("M430 618 L462 572 L478 592 L484 584 L502 618 Z", t.base)


@subject(floor=820, foot=(400, 200), focus=(400, 560), zoom=1.8, size=1.08, shape="tall")
def trail_mix(pen: Pen, t: Tones) -> None:
    """A stand-up pouch with a window onto nuts and fruit."""
    body = sym("M400 196 L238 196 L222 300 Q206 600 214 786 Q220 820 258 820 L400 820")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M508 180 Q548 500 520 840 L620 840 L620 180 Z", t.shade)
        pen.fill("M200 180 L282 180 Q256 500 284 840 L200 840 Z", t.light)
        pen.fill("M214 760 Q400 850 586 760 L586 840 L214 840 Z", t.deep)
        pen.fill("M200 180 L600 180 L600 236 L200 236 Z", t.deep, 0.6)
    for x in range(246, 560, 14):
        pen.line(f"M{x} 204 L{x} 228", t.line, 3, opacity=0.6)
    pen.line("M232 262 Q400 276 568 262", t.line, 4)
    pen.fill("M562 196 L540 196 L551 214 Z", pen.shadow)
    pen.box(262, 310, 276, 150, CREAM.light, 8)
    pen.line("M286 346 L448 346 M286 380 L400 380", INK.base, 15)
    pen.line("M286 424 L350 424", t.base, 8)
    pen.fill("M410 434 L450 376 L472 402 L482 390 L512 434 Z", t.base)
    pen.disc(490, 368, 9, "#e0a33a")
    window = "M280 720 C270 640 330 520 400 520 C470 520 530 640 520 720 C480 748 320 748 280 720 Z"
    pen.fill(window, "#3c2a20")
    with pen.clip(window):
        bits = (("#c98f4e", 22), ("#8a2f3a", 15), ("#e9d6ab", 17), ("#6c4731", 19), ("#7f9a5a", 13), ("#d9a441", 16))
        for step in range(46):
            x = 276 + (step * 67) % 250
            y = 540 + (step * 41) % 200
            color, size = bits[step % len(bits)]
            with pen.group(f"translate({x} {y}) rotate({step * 47 % 180})"):
                pen.oval(0, 0, size, size * 0.66, color)
                pen.oval(-4, -3, size * 0.55, size * 0.25, shifted(color, 0.08))
    pen.line(window, CREAM.base, 5)
    pen.disc(300, 782, 5, LEATHER.base)
