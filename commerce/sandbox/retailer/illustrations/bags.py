"""Duffel, weekender, tote, sling, packing cubes and wash bag."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, LEATHER, STEEL
from .pen import Pen, repeated, sym
from .stage import subject
from .tones import Tones


@subject(floor=742, foot=(400, 320), focus=(300, 560), zoom=1.9, size=1.04, shape="wide")
def duffel(pen: Pen, t: Tones) -> None:
    """A round duffel with webbing handles and daisy chain."""
    body = (
        "M96 540 C96 440 150 420 214 416 L612 416 C680 420 712 460 712 580 C712 700 680 738 612 742 "
        "L214 742 C150 740 96 690 96 540 Z"
    )
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M80 400 L730 400 L730 478 Q400 500 80 478 Z", t.light)
        pen.fill("M80 660 Q400 690 730 650 L730 760 L80 760 Z", t.shade)
        pen.fill("M612 400 Q560 580 612 760 L730 760 L730 400 Z", t.shade)
        pen.fill("M612 640 Q600 700 612 760 L730 760 L730 620 Z", t.deep)
    pen.line("M612 416 Q566 580 612 742", t.line, 4)
    pen.line("M208 416 Q250 580 208 742", t.line, 4)
    pen.line("M206 452 Q400 470 612 452", INK.base, 9)
    pen.line("M206 452 Q400 470 612 452", CREAM.shade, 3, "2 7")
    pen.box(252, 446, 16, 44, CREAM.base, 6)
    for x in (286, 520):
        pen.line(f"M{x} 420 L{x} 738", INK.base, 26)
        for y in range(500, 720, 52):
            pen.line(f"M{x - 9} {y} L{x + 9} {y}", INK.line, 4)
    pen.line("M286 470 C290 250 516 250 520 470", INK.base, 24)
    pen.line("M290 420 C304 270 502 270 516 420", INK.light, 5)
    pen.box(354, 282, 98, 50, t.deep, 14)
    pen.line("M366 307 L440 307", t.line, 3, "4 7")
    pen.fill("M100 520 C120 510 132 530 132 580 C132 630 120 650 104 642", t.deep)
    pen.box(362, 560, 82, 52, LEATHER.base, 7)
    pen.line("M378 586 L428 586", LEATHER.deep, 5)
    pen.line("M640 470 C676 480 684 540 684 580", t.line, 3, "4 9")


@subject(floor=752, foot=(400, 290), focus=(400, 560), zoom=1.9, size=1.06, shape="wide")
def weekender(pen: Pen, t: Tones) -> None:
    """A waxed canvas holdall with leather base and handles."""
    pen.line("M238 462 C170 560 150 620 168 700", LEATHER.shade, 14)
    body = sym("M400 424 L250 424 C190 430 158 500 142 610 L134 700 Q132 752 184 752 L400 752")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M548 400 Q600 600 560 780 L700 780 L700 400 Z", t.shade)
        pen.fill("M100 400 L262 400 Q190 580 214 780 L100 780 Z", t.light)
        pen.fill("M100 672 L700 672 L700 780 L100 780 Z", LEATHER.base)
        pen.fill("M560 672 L700 672 L700 780 L556 780 Z", LEATHER.shade)
        pen.line("M120 684 L690 684", LEATHER.line, 3, "6 8")
    pen.line("M250 438 L550 438", BRASS.base, 10)
    pen.line("M250 438 L550 438", BRASS.deep, 3, "2 7")
    pocket = sym("M400 536 L302 536 L302 650 Q302 662 316 662 L400 662")
    pen.fill(pocket, t.shade)
    pen.line("M302 536 L498 536", t.line, 5)
    pen.line("M312 548 L488 548", t.line, 2, "5 7")
    for x in (272, 528):
        pen.line(f"M{x} 446 L{x} 740", LEATHER.shade, 26)
        pen.line(f"M{x - 4} 446 L{x - 4} 740", LEATHER.base, 18)
        pen.disc(x, 520, 8, BRASS.base)
        pen.disc(x, 640, 8, BRASS.base)
    pen.line("M272 520 C268 300 532 300 528 520", LEATHER.deep, 20)
    pen.line("M270 516 C266 296 530 296 526 516", LEATHER.base, 14)
    pen.box(342, 330, 116, 34, LEATHER.shade, 14)
    pen.line("M354 347 L446 347", LEATHER.line, 2, "5 6")
    pen.fill("M152 470 L196 470 L200 540 Q176 556 150 540 Z", CREAM.base)
    pen.line("M164 500 L188 500 M164 516 L184 516", LEATHER.base, 4)


@subject(floor=810, foot=(400, 225), focus=(330, 480), zoom=1.8, size=1.04)
def tote(pen: Pen, t: Tones) -> None:
    """A heavy canvas tote with a loaf and leek tops showing."""
    pen.line("M300 470 C296 190 504 190 500 470", t.deep, 26)
    pen.fill("M420 440 C420 330 452 250 470 214 C488 250 500 330 494 440 Z", "#7f9a5a")
    pen.fill("M458 440 C470 330 500 262 540 236 C540 290 524 360 512 440 Z", "#5f7d45")
    pen.fill("M290 440 C276 380 284 320 312 300 C352 290 372 350 372 440 Z", "#c98f4e")
    pen.line("M302 348 L346 330 M300 388 L356 368", "#f0cf9a", 7)
    body = sym("M400 428 L204 428 L186 780 Q186 810 218 810 L400 810")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M520 400 L640 400 L640 830 L500 830 Q560 620 520 400 Z", t.shade)
        pen.fill("M180 400 L270 400 Q230 600 256 830 L180 830 Z", t.light)
        pen.fill("M180 726 L330 830 L180 830 Z M620 726 L470 830 L620 830 Z", t.deep, 0.5)
    pen.fill("M204 428 L596 428 L599 466 L201 466 Z", t.light)
    pen.line("M203 466 L598 466", t.line, 3, "7 8")
    pen.line("M338 520 Q330 640 346 700 M470 520 Q478 600 466 650", t.line, 3, opacity=0.6)
    for x in (300, 500):
        pen.line(f"M{x} 440 L{x} 540", t.deep, 26)
        pen.line(f"M{x - 8} 510 L{x + 8} 540 M{x + 8} 510 L{x - 8} 540", t.line, 3)
    pen.line("M300 470 C296 220 504 220 500 470", t.shade, 26)
    pen.line("M294 440 C300 220 480 210 502 380", t.light, 6)
    pen.box(376, 596, 48, 34, LEATHER.base, 4)


@subject(focus=(450, 520), zoom=1.8, size=1.04)
def sling(pen: Pen, t: Tones) -> None:
    """A hip sling with its strap looped above."""
    pen.cast(
        "M190 520 C120 300 300 120 470 180 C640 240 660 400 620 520 L580 520 C620 400 590 280 450 "
        "222 C310 180 180 320 236 520 Z"
    )
    pen.line("M210 540 C120 310 300 140 460 200 C630 262 640 400 600 540", INK.base, 30)
    pen.line("M204 500 C140 310 310 160 456 212", INK.light, 5)
    pen.box(500, 222, 62, 48, INK.light, 10)
    pen.line("M516 234 L516 258 M546 234 L546 258", INK.base, 5)
    body = (
        "M136 560 C150 500 210 476 300 476 L520 476 C610 476 652 500 664 560 C672 640 640 716 540 "
        "724 L260 724 C160 716 128 640 136 560 Z"
    )
    pen.cast(body)
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M120 460 L680 460 L680 540 Q400 556 120 540 Z", t.light)
        pen.fill("M120 660 Q400 690 690 640 L690 740 L120 740 Z", t.shade)
        pen.fill("M560 460 Q640 600 540 740 L700 740 L700 460 Z", t.shade)
        pen.fill("M600 620 Q580 690 540 740 L700 740 L700 600 Z", t.deep)
    pen.line("M160 546 Q400 566 640 546", INK.base, 9)
    pen.line("M160 546 Q400 566 640 546", STEEL.base, 3, "2 7")
    pen.box(572, 540, 16, 52, LEATHER.base, 6)
    pen.line("M196 610 Q400 632 604 610", t.line, 4)
    pen.line("M214 628 C224 680 260 700 300 702", t.line, 3, "4 9")
    pen.box(226, 640, 64, 36, CREAM.base, 5)
    pen.line("M240 658 L276 658", t.line, 4)
    pen.line("M190 500 Q168 512 162 530 M612 498 Q634 512 640 530", t.line, 4)


@subject(focus=(420, 380), zoom=1.7)
def packing_cubes(pen: Pen, t: Tones) -> None:
    """Three mesh-topped cubes, stacked like tiles."""
    for x, y, w, h, folded in (
        (150, 150, 500, 340, "#c9785a"),
        (150, 520, 290, 330, "#6f8797"),
        (468, 520, 182, 330, "#e2b95f"),
    ):
        outline = (
            f"M{x + 26} {y} L{x + w - 26} {y} Q{x + w} {y} {x + w} {y + 26} L{x + w} {y + h - 26} "
            f"Q{x + w} {y + h} {x + w - 26} {y + h} L{x + 26} {y + h} Q{x} {y + h} {x} {y + h - 26} L{x} "
            f"{y + 26} Q{x} {y} {x + 26} {y} Z"
        )
        pen.cast(outline)
        pen.fill(outline, t.base)
        with pen.clip(outline):
            pen.fill(
                f"M{x + w - 40} {y} L{x + w} {y} L{x + w} {y + h} L{x} {y + h} L{x} {y + h - 30} "
                f"L{x + w - 40} {y + h - 30} Z",
                t.shade,
            )
            pen.fill(
                f"M{x} {y} L{x + w} {y} L{x + w} {y + 18} L{x + 20} {y + 22} L{x + 16} {y + h} L{x} {y + h} Z", t.light
            )
        inner = f"M{x + 44} {y + 44} L{x + w - 44} {y + 44} L{x + w - 44} {y + h - 56} L{x + 44} {y + h - 56} Z"
        pen.fill(inner, t.deep)
        with pen.clip(inner):
            pen.box(x + 54, y + 66, w - 108, h, folded, 16)
            pen.line(f"M{x + 54} {y + h * 0.52:g} L{x + w - 54} {y + h * 0.52:g}", INK.base, 4, opacity=0.4)
            mesh = repeated(f"l{-h} {h}", range(x, x + w + h, 22), [y])
            pen.line(f"{mesh} {repeated(f'l{h} {h}', range(x - h, x + w, 22), [y])}", t.light, 2, opacity=0.55)
        pen.line(inner, t.line, 4)
        pen.line(f"M{x + 30} {y + h - 30} L{x + w - 30} {y + h - 30} L{x + w - 30} {y + 30}", INK.base, 5)
        pen.box(x + w - 38, y + h - 60, 16, 36, CREAM.base, 6)
        pen.box(x + w / 2 - 34, y - 8, 68, 18, t.deep, 8)


@subject(floor=740, foot=(400, 260), focus=(330, 520), zoom=1.9, size=1.12, shape="wide")
def wash_bag(pen: Pen, t: Tones) -> None:
    """A boxy wash bag with a leather pull and side handle."""
    body = "M150 520 Q150 478 196 470 L604 470 Q650 478 650 520 L664 700 Q664 740 620 740 L180 740 Q136 740 136 700 Z"
    top = "M196 470 Q240 392 310 388 L490 388 Q560 392 604 470 Q400 500 196 470 Z"
    pen.fill(top, t.light)
    with pen.clip(top):
        pen.fill("M470 380 L620 380 L620 490 L520 490 Z", t.base)
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M560 460 L680 460 L680 760 L540 760 Q600 600 560 460 Z", t.shade)
        pen.fill("M120 460 L236 460 Q200 600 220 760 L120 760 Z", t.light)
        pen.fill("M120 694 L680 694 L680 760 L120 760 Z", t.deep, 0.7)
    pen.line("M196 470 Q400 502 604 470", t.line, 4)
    pen.line("M222 430 Q400 456 578 430", BRASS.base, 10)
    pen.line("M222 430 Q400 456 578 430", BRASS.deep, 3, "2 7")
    pen.fill("M566 424 L600 428 L630 486 Q616 502 598 492 Z", LEATHER.base)
    pen.disc(612, 478, 5, LEATHER.deep)
    pen.line("M150 520 L120 520 Q104 520 104 540 L104 600 Q104 620 124 620 L144 620", LEATHER.base, 20)
    pen.box(352, 570, 96, 60, LEATHER.base, 7)
    pen.line("M370 600 L430 600", LEATHER.deep, 5)
    pen.line("M154 694 L656 694", t.line, 3, "6 8")
    pen.fill("M300 388 L316 300 Q320 290 332 292 L352 296 L340 388 Z", "#d98f6c")
    pen.box(384, 250, 16, 140, "#7ea6a4", 8)
    pen.box(376, 236, 32, 54, CREAM.light, 8)
    pen.line("M384 246 L384 280 M392 246 L392 280 M400 246 L400 280", CREAM.deep, 3)
    pen.box(430, 326, 62, 70, "#d9a05f", 10)
    pen.box(440, 304, 42, 26, INK.base, 6)
    pen.fill("M222 430 Q400 456 578 430 Q500 470 400 470 Q290 470 222 430 Z", t.light)
    pen.line("M222 430 Q400 456 578 430", BRASS.base, 10)
