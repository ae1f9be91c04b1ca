"""Blanket, towel and picnic rug."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, LEATHER
from .pen import Pen
from .stage import subject
from .tones import Tones


@subject(floor=790, foot=(400, 280), focus=(330, 560), zoom=1.7, size=1.04)
def blanket(pen: Pen, t: Tones) -> None:
    """A heavy wool blanket, folded, stripes at the fold, on a stool."""
    for x in (236, 536):
        pen.fill(
            f"M{x} 700 L{x + 34} 700 L{x + 28 + (12 if x > 400 else -24)} 790 "
            f"L{x + 4 + (12 if x > 400 else -24)} 790 Z",
            "#b58a5c",
        )
    pen.fill("M160 676 L640 676 L632 712 L168 712 Z", "#c99c6b")
    pen.fill("M160 676 L640 676 L638 688 L162 688 Z", "#dcb487")
    layers = ((560, 122, t.base, t.shade), (446, 120, t.light, t.base), (330, 122, t.base, t.shade))
    for y, height, face, edge in layers:
        body = (
            f"M200 {y} L604 {y} Q664 {y} 664 {y + height / 2:g} Q664 {y + height} 604 {y + height} L150 "
            f"{y + height} "
            f"Q136 {y + height / 2:g} 152 {y} Z"
        )
        pen.fill(body, face)
        with pen.clip(body):
            pen.fill(
                f"M120 {y + height - 34} Q400 {y + height - 20} 680 {y + height - 40} L680 {y + height} L120 "
                f"{y + height} Z",
                edge,
            )
            for x in (232, 272, 312):
                pen.fill(
                    f"M{x} {y} L{x + 24} {y} L{x + 16} {y + height} L{x - 8} {y + height} Z",
                    CREAM.base if x != 272 else t.deep,
                )
            pen.fill(
                f"M604 {y} Q664 {y} 664 {y + height / 2:g} Q664 {y + height} 604 {y + height} Q640 "
                f"{y + height / 2:g} 604 {y} Z",
                edge,
            )
            for x in range(350, 620, 26):
                pen.line(f"M{x} {y + 26} l8 7 M{x + 10} {y + 66} l8 7", t.line, 3, opacity=0.3)
        pen.line(f"M604 {y + 20} Q640 {y + height / 2:g} 604 {y + height - 20}", t.line, 4)
        pen.line(f"M160 {y + height} L606 {y + height}", t.deep, 5)
    for step in range(9):
        y = 340 + step * 12
        pen.line(f"M152 {y} L{122 + (step % 3) * 5} {y + 5}", CREAM.deep, 6)
    for step in range(9):
        y = 570 + step * 12
        pen.line(f"M150 {y} L{118 + (step % 3) * 5} {y + 5}", CREAM.deep, 6)
    pen.fill("M470 420 L552 420 L552 500 L470 500 Z", CREAM.light)
    pen.line("M484 444 L538 444 M484 462 L524 462", LEATHER.base, 5)
    pen.disc(540, 484, 6, BRASS.base)


@subject(floor=None, focus=(400, 360), zoom=1.7, size=1.02)
def towel(pen: Pen, t: Tones) -> None:
    """A waffle towel hanging from a peg rail."""
    pen.box(90, 150, 620, 44, "#c99c6b", 10)
    pen.box(90, 150, 620, 14, "#dcb487", 7)
    pen.box(100, 192, 620, 12, pen.shadow, 6)
    for x in (190, 610):
        pen.disc(x + 4, 180, 24, "#a97d4f")
        pen.disc(x, 172, 22, "#dcb487")
    pen.disc(404, 182, 24, "#a97d4f")
    cloth = (
        "M372 232 Q400 214 428 232 C470 300 560 330 566 380 L570 830 Q480 850 400 838 Q320 850 230 "
        "830 L234 380 C240 330 330 300 372 232 Z"
    )
    pen.cast(cloth)
    pen.line("M390 236 C372 196 384 166 400 164 C416 166 428 196 410 236", LEATHER.base, 10)
    pen.disc(400, 170, 20, "#dcb487")
    pen.fill(cloth, t.base)
    with pen.clip(cloth):
        for row in range(24):
            pen.line(f"M220 {300 + row * 24} L580 {300 + row * 24}", t.line, 3, opacity=0.3)
        for column in range(16):
            pen.line(f"M{228 + column * 24} 260 L{228 + column * 24} 850", t.line, 3, opacity=0.3)
        pen.fill("M428 232 C470 300 440 560 460 850 L590 850 L590 300 Z", t.deep, 0.35)
        pen.fill("M500 300 Q520 560 512 850 L590 850 L590 300 Z", t.deep, 0.35)
        pen.fill("M372 232 C320 320 300 560 306 850 L220 850 L220 300 Z", t.light, 0.6)
        pen.fill("M394 230 C372 400 366 640 372 850 L400 850 C396 600 400 400 410 230 Z", t.deep, 0.25)
        for y in (706, 742, 778):
            pen.fill(f"M220 {y} Q400 {y + 18} 580 {y} L580 {y + 16} Q400 {y + 34} 220 {y + 16} Z", CREAM.base)
    for x in range(240, 568, 15):
        pen.line(f"M{x} {834 + (x % 2) * 3} l2 24", t.shade, 5)
    pen.box(424, 262, 34, 22, CREAM.base, 4)


@subject(floor=770, foot=(400, 260), focus=(330, 560), zoom=1.7, size=1.08, shape="wide")
def picnic_rug(pen: Pen, t: Tones) -> None:
    """A checked rug, rolled in its leather carrier, with a basket of apples."""
    pen.line("M300 470 C300 290 500 290 500 470", LEATHER.deep, 24)
    pen.line("M298 466 C298 284 498 284 498 460", LEATHER.base, 16)
    roll = "M140 600 Q140 470 230 466 L590 466 Q664 480 664 616 Q664 756 590 770 L230 770 Q140 760 140 600 Z"
    pen.fill(roll, t.base)
    with pen.clip(roll):
        for x in range(120, 680, 92):
            pen.box(x, 440, 44, 360, t.deep, 0, 0.5)
            pen.box(x + 64, 440, 7, 360, CREAM.base, 0, 0.75)
        for y in range(470, 790, 92):
            pen.box(100, y, 600, 44, t.deep, 0, 0.5)
            pen.box(100, y + 64, 600, 7, CREAM.base, 0, 0.75)
        pen.fill("M100 440 L700 440 L700 520 Q400 500 100 520 Z", CREAM.light, 0.16)
        pen.fill("M100 690 Q400 720 700 690 L700 790 L100 790 Z", INK.base, 0.22)
    pen.oval(594, 618, 72, 152, t.deep)
    pen.oval(594, 618, 60, 136, INK.light)
    pen.oval(592, 618, 50, 118, t.base)
    pen.oval(592, 618, 42, 102, INK.light)
    pen.oval(590, 618, 33, 84, t.shade)
    pen.oval(590, 618, 26, 68, INK.light)
    pen.oval(588, 618, 17, 48, t.base)
    for x in (286, 486):
        pen.fill(
            f"M{x - 4} 460 L{x + 30} 460 Q{x + 10} 620 {x + 30} 776 L{x - 4} 776 Q{x - 24} 620 {x - 4} 460 Z",
            LEATHER.base,
        )
        pen.line(f"M{x + 2} 470 Q{x - 16} 620 {x + 2} 766", LEATHER.light, 4)
        pen.box(x - 20, 580, 40, 50, BRASS.base, 6)
        pen.box(x - 10, 592, 20, 26, LEATHER.deep, 3)
    pen.box(286, 448, 228, 30, LEATHER.shade, 12)
    pen.line("M300 462 L500 462", LEATHER.line, 3, "7 7")
