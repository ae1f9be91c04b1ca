"""Sleeping bags, mats, a pillow and a folding chair."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, WOOD
from .pen import Pen, sym
from .stage import subject
from .tones import Tones


@subject(focus=(400, 270), zoom=1.8, shape="tall")
def mummy_bag(pen: Pen, t: Tones) -> None:
    """A down mummy bag from above, hood open."""
    body = sym("M400 96 C290 96 226 170 222 280 C218 400 246 520 276 660 C292 760 300 830 320 886 Q336 914 400 914")
    pen.cast(body)
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M470 80 C560 240 540 600 470 940 L640 940 L640 80 Z", t.shade)
        pen.fill("M200 80 L300 110 C250 300 280 560 340 920 L200 940 Z", t.light)
        for step in range(9):
            y = 372 + step * 62
            pen.fill(f"M190 {y} Q400 {y + 34} 610 {y} L610 {y + 10} Q400 {y + 46} 190 {y + 10} Z", t.deep, 0.5)
            pen.line(f"M190 {y} Q400 {y + 34} 610 {y}", t.line, 3)
        pen.fill("M250 858 Q400 884 550 858 L550 940 L250 940 Z", t.deep, 0.5)
    opening = sym("M400 140 C326 140 286 190 288 262 C290 326 340 352 400 352")
    pen.fill(opening, t.deep)
    inner = sym("M400 164 C346 164 312 202 314 262 C316 312 352 330 400 330")
    pen.fill(inner, CREAM.deep)
    with pen.clip(inner):
        pen.fill("M300 270 Q400 220 500 270 L500 360 L300 360 Z", CREAM.base)
        pen.fill("M400 160 L520 160 L520 360 L450 360 Q480 250 400 160 Z", CREAM.shade, 0.7)
    pen.line("M318 130 Q290 170 292 206 M482 130 Q510 170 508 206 M400 104 L400 138", t.line, 4)
    pen.line("M366 352 C350 480 350 560 352 640", INK.base, 7)
    pen.line("M366 352 C350 480 350 560 352 640", CREAM.shade, 3, "2 8")
    pen.box(344, 632, 16, 34, BRASS.base, 6)
    pen.line("M434 346 L446 402 M452 340 L470 392", CREAM.base, 5)


@subject(focus=(300, 330), zoom=1.7, shape="tall")
def quilt_bag(pen: Pen, t: Tones) -> None:
    """A rectangular summer bag with one corner turned back."""
    body = "M208 130 Q208 108 230 108 L570 108 Q592 108 592 130 L592 876 Q592 900 570 900 L230 900 Q208 900 208 876 Z"
    pen.cast(body)
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M500 100 L600 100 L600 910 L480 910 Z", t.shade)
        pen.fill("M200 100 L290 100 L270 910 L200 910 Z", t.light)
        for row in range(8):
            y = 190 + row * 92
            pen.line(f"M206 {y} Q400 {y + 12} 594 {y}", t.line, 3)
            pen.fill(f"M206 {y} Q400 {y + 12} 594 {y} L594 {y + 9} Q400 {y + 22} 206 {y + 9} Z", t.deep, 0.35)
        for x in (336, 464):
            pen.line(f"M{x} 100 Q{x + 6} 500 {x} 910", t.line, 3, opacity=0.6)
    fold = "M208 108 L470 108 Q440 300 208 430 Z"
    pen.fill("M470 108 Q440 300 208 430 L216 470 Q470 330 496 108 Z", t.deep, 0.55)
    pen.fill(fold, CREAM.base)
    with pen.clip(fold):
        pen.fill("M470 108 Q440 300 208 430 L208 380 Q400 270 424 108 Z", CREAM.light)
        for shift in range(5):
            pen.line(
                f"M208 {150 + shift * 60} Q{300 + shift * 30} {140 + shift * 20} {260 + shift * 50} 100", CREAM.deep, 3
            )
    pen.line("M470 108 Q440 300 208 430", INK.base, 7)
    pen.line("M470 108 Q440 300 208 430", CREAM.shade, 3, "2 8")
    pen.box(540, 846, 34, 34, CREAM.base, 5)
    pen.line("M548 863 L566 863", t.line, 4)


@subject(focus=(400, 280), zoom=1.8, shape="tall")
def air_mat(pen: Pen, t: Tones) -> None:
    """An insulated air mat with a dimpled face and a valve."""
    body = sym("M400 96 L300 96 Q244 96 238 160 L258 830 Q262 900 330 904 L400 904")
    pen.cast(body)
    pen.fill(body, t.shade)
    inner = sym("M400 116 L306 116 Q262 116 258 164 L276 824 Q280 882 334 884 L400 884")
    pen.fill(inner, t.base)
    with pen.clip(inner):
        pen.fill("M250 100 L330 100 L336 900 L250 900 Z", t.light)
        pen.fill("M486 100 L560 100 L560 900 L470 900 Z", t.shade)
        for row in range(14):
            for column in range(5):
                x = 292 + column * 54 + (27 if row % 2 else 0)
                y = 158 + row * 53
                pen.oval(x, y, 15, 12, t.deep, 0.55)
                pen.oval(x - 2, y - 3, 12, 8, t.light, 0.8)
    pen.line("M258 164 L276 824 M542 164 L524 824", t.line, 3)
    pen.disc(300, 150, 22, INK.base)
    pen.disc(300, 150, 12, CREAM.base)
    pen.disc(300, 150, 5, INK.base)
    pen.box(440, 822, 56, 28, CREAM.base, 5)
    pen.line("M452 836 L484 836", t.line, 4)


@subject(floor=742, foot=(410, 275), focus=(560, 560), zoom=2.0, size=1.08, shape="wide")
def foam_mat(pen: Pen, t: Tones) -> None:
    """A foam mat rolled up and strapped, end toward us."""
    pen.fill("M150 520 Q150 430 230 430 L560 430 L560 742 L230 742 Q150 742 150 650 Z", t.base)
    pen.fill("M150 520 Q150 430 230 430 L560 430 L560 500 L150 508 Z", t.light)
    pen.fill("M152 662 L560 662 L560 742 L230 742 Q162 742 152 662 Z", t.shade)
    for y in (540, 586, 632):
        pen.line(f"M152 {y} L470 {y}", t.line, 3, opacity=0.6)
    pen.fill("M560 742 L676 742 Q690 742 690 728 L690 722 L560 722 Z", t.shade)
    pen.disc(560, 586, 156, t.deep)
    pen.disc(560, 586, 146, t.shade)
    for radius, color in ((132, t.base), (120, t.deep), (106, t.base), (94, t.deep), (80, t.base), (68, t.deep),
                          (54, t.base), (42, t.deep), (30, t.base), (18, t.deep)):  # fmt: skip
        pen.disc(560 - (132 - radius) * 0.05, 586, radius, color)
    pen.line("M560 454 A132 132 0 0 1 692 586", t.light, 5, opacity=0.8)
    for x in (236, 420):
        pen.fill(f"M{x} 424 L{x + 34} 424 Q{x + 12} 586 {x + 34} 748 L{x} 748 Q{x - 22} 586 {x} 424 Z", INK.base)
        pen.box(x - 12, 560, 34, 46, CREAM.shade, 6)
        pen.box(x - 4, 570, 18, 26, INK.base, 3)


@subject(focus=(300, 480), zoom=1.7, size=1.06, shape="wide")
def pillow(pen: Pen, t: Tones) -> None:
    """A camp pillow, slightly dented, with its roll-up pocket."""
    body = (
        "M150 330 C240 290 560 290 650 330 C690 400 694 620 652 700 C560 744 240 744 148 700 C106 620 110 400 150 330 Z"
    )
    pen.cast(body)
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M100 620 C260 720 560 720 700 560 L700 760 L100 760 Z", t.shade)
        pen.fill(
            "M120 300 C300 300 560 300 660 330 C560 360 260 350 190 420 C150 470 140 560 136 640 L90 640 Z", t.light
        )
    pen.line(
        "M150 330 C180 350 196 364 206 384 M650 330 C620 350 606 362 596 382 M148 700 C176 684 190 672 200 650",
        t.line,
        4,
    )
    pen.line("M262 520 C300 486 380 476 452 494 M330 566 C370 548 420 546 458 558", t.deep, 5)
    pen.line("M166 346 C250 312 550 312 634 346", t.line, 3, "3 10")
    pocket = "M508 560 L640 540 Q652 620 638 690 L520 706 Q512 640 508 560 Z"
    pen.fill(pocket, t.deep, 0.45)
    pen.line("M508 560 L640 540", CREAM.base, 6)
    pen.line("M508 560 Q512 640 520 706", t.line, 3, "4 8")
    pen.box(118, 486, 34, 46, CREAM.base, 5)
    pen.line("M128 500 L128 518 M140 500 L140 518", t.line, 4)


@subject(floor=800, foot=(400, 230), focus=(400, 430), zoom=1.7, size=1.08)
def chair(pen: Pen, t: Tones) -> None:
    """A low folding chair in ash and canvas, from the front."""
    pen.line("M258 590 L560 796 M542 590 L240 796", WOOD.shade, 20)
    back = sym("M400 246 L252 232 Q262 400 278 560 L400 576")
    pen.fill(back, t.base)
    with pen.clip(back):
        pen.fill("M500 220 L580 220 L580 600 L480 600 Q530 420 500 220 Z", t.shade)
        pen.fill("M240 220 L330 240 Q320 420 346 600 L260 600 Z", t.light)
        pen.fill("M240 520 Q400 560 560 520 L560 600 L240 600 Z", t.deep, 0.6)
        pen.line("M250 282 Q400 296 550 282", t.line, 3, "5 9")
    for x in pen.sides():
        pen.line("M244 214 L286 588", WOOD.base if x < 0 else WOOD.shade, 24)
        pen.line("M238 216 L278 580", WOOD.light, 6)
    pen.line("M238 226 L562 226", WOOD.base, 26)
    pen.line("M238 219 L562 219", WOOD.light, 6)
    seat = sym("M400 634 Q290 634 214 566 L192 600 Q270 690 400 694")
    pen.fill(sym("M400 606 Q300 600 262 556 L214 566 Q290 640 400 640"), t.deep)
    pen.fill(seat, t.base)
    with pen.clip(seat):
        pen.fill("M470 560 L620 560 L620 720 L440 720 Z", t.shade)
        pen.line("M204 584 Q280 662 400 668 Q520 662 596 584", t.line, 3, "5 9")
    for _ in pen.sides():
        pen.line("M196 556 L196 796", WOOD.base, 24)
        pen.line("M190 556 L190 792", WOOD.light, 6)
        pen.line("M178 552 L262 530", WOOD.base, 22)
        pen.disc(196, 566, 8, BRASS.base)
        pen.disc(194, 564, 3, BRASS.light)
    pen.disc(400, 694, 9, BRASS.base)
    pen.box(376, 300, 48, 30, CREAM.base, 4)
    pen.line("M386 315 L414 315", t.line, 4)
