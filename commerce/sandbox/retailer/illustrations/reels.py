"""Cord on a spool, a roll of webbing and a bolt of canvas."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, STEEL, WOOD
from .pen import Pen
from .stage import subject
from .tones import Tones


@subject(floor=790, foot=(380, 250), focus=(330, 560), zoom=1.8)
def cord_reel(pen: Pen, t: Tones) -> None:
    """A wooden spool full of cord, its end looped on the floor, a bright thread in every turn."""
    tail = "M566 690 C650 700 716 726 702 762 C690 792 600 776 566 790"
    pen.line(tail, pen.shadow, 22)
    pen.line(tail, t.deep, 18)
    pen.line(tail, t.base, 13)
    pen.line(tail, CREAM.light, 3, "9 15")
    pen.oval(370, 742, 226, 48, WOOD.deep)
    pen.box(144, 712, 452, 30, WOOD.shade)
    pen.oval(370, 712, 226, 46, WOOD.base)
    body = "M184 372 L556 372 Q578 540 556 708 Q370 748 184 708 Q162 540 184 372 Z"
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M160 340 L246 340 Q230 540 246 760 L160 760 Z", t.light)
        pen.fill("M468 340 L600 340 L600 760 L468 760 Q494 540 468 340 Z", t.shade)
        pen.fill("M528 340 L600 340 L600 760 L528 760 Q552 540 528 340 Z", t.deep)
        for turn in range(17):
            y = 384 + turn * 21
            pen.line(f"M160 {y} Q370 {y + 44} 590 {y - 6}", t.line, 3.5)
            pen.line(f"M172 {y + 10} Q370 {y + 54} 590 {y + 4}", CREAM.light, 3, "8 26", 0.85)
    pen.box(144, 330, 452, 26, WOOD.shade)
    pen.oval(370, 356, 226, 46, WOOD.shade)
    pen.oval(370, 330, 226, 46, WOOD.base)
    pen.oval(370, 326, 206, 38, WOOD.light)
    for rx in (176, 140, 104):
        pen.ring(370, 327, rx, WOOD.base, 3, ry=rx * 0.185)
    pen.oval(370, 327, 62, 14, WOOD.deep)
    pen.oval(370, 330, 52, 11, INK.base)
    pen.fill("M306 486 L434 486 L434 598 L306 598 Z", CREAM.light)
    pen.fill("M306 486 L434 486 L434 508 L306 508 Z", CREAM.shade)
    pen.line("M324 532 L416 532 M324 552 L392 552", t.deep, 6)
    pen.disc(414, 576, 8, BRASS.base)


@subject(floor=780, foot=(410, 270), focus=(400, 560), zoom=1.8)
def webbing_roll(pen: Pen, t: Tones) -> None:
    """A roll of flat webbing standing on its edge, its end lying on the floor, with a buckle beside it."""
    strap = "M430 704 L690 742 L716 780 L420 780 Z"
    pen.fill(strap, t.shade)
    pen.line("M440 716 L692 752", t.line, 3)
    pen.line("M436 738 L698 766", CREAM.base, 4, "12 10")
    pen.disc(456, 520, 250, t.deep)
    pen.box(380, 270, 76, 510, t.deep)
    for step in range(5):
        pen.line(f"M{392 + step * 15} 272 L{392 + step * 15} 778", t.line, 2, opacity=0.4)
    pen.disc(380, 520, 250, t.base)
    pen.fill("M380 270 A250 250 0 0 0 380 770 A330 330 0 0 1 380 270 Z", t.light)
    pen.fill("M520 312 A250 250 0 0 1 430 765 A300 300 0 0 0 520 312 Z", t.shade)
    for turn in range(10):
        pen.ring(380, 520, 236 - turn * 17, t.line if turn % 2 else t.deep, 4)
    pen.disc(380, 520, 66, CREAM.shade)
    pen.disc(380, 520, 58, CREAM.base)
    pen.disc(380, 520, 40, INK.shade)
    pen.line("M352 498 Q380 474 412 496", INK.light, 6)
    pen.fill("M196 424 Q270 330 380 326 L380 372 Q290 378 236 446 Z", CREAM.light, 0.2)
    pen.line("M380 276 L380 322", CREAM.base, 20)
    pen.line("M370 288 L390 288 M370 304 L390 304", t.deep, 4)
    pen.box(584, 654, 128, 92, STEEL.deep, 18)
    pen.box(580, 646, 128, 92, STEEL.base, 18)
    pen.box(600, 664, 88, 56, t.shade, 8)
    pen.box(632, 646, 20, 92, STEEL.light, 8)
    pen.line("M594 656 L690 656", STEEL.light, 5)


@subject(floor=790, foot=(400, 290), focus=(520, 560), zoom=1.7, size=1.04, shape="wide")
def canvas_bolt(pen: Pen, t: Tones) -> None:
    """A bolt of waxed canvas with its loose end hanging over the edge of the bench."""
    pen.box(120, 640, 560, 34, "#dcb487", 6)
    pen.box(120, 662, 560, 20, "#c99c6b", 4)
    for x in (160, 606):
        pen.box(x, 680, 34, 110, "#b58a5c", 3)
    sheet = "M150 560 L560 560 L560 676 Q556 742 566 772 Q360 800 144 768 Q156 720 150 560 Z"
    pen.fill(sheet, t.shade)
    with pen.clip(sheet):
        pen.fill("M130 540 L220 540 Q206 680 226 800 L130 800 Z", t.base)
        pen.fill("M300 540 L356 540 Q330 680 360 800 L310 800 Q288 680 300 540 Z", t.base)
        pen.fill("M470 540 L580 540 L580 800 L494 800 Q470 680 470 540 Z", t.deep)
        pen.fill("M130 742 Q360 776 580 746 L580 760 Q360 790 130 756 Z", CREAM.base, 0.75)
        for x in range(170, 560, 30):
            pen.line(f"M{x} 566 Q{x - 8} 680 {x + 4} 790", t.line, 2.5, opacity=0.35)
    bolt = "M146 400 L606 400 Q664 430 664 508 Q664 600 606 640 L146 640 Q112 600 112 518 Q112 430 146 400 Z"
    pen.fill(bolt, t.base)
    with pen.clip(bolt):
        pen.fill("M100 390 L680 390 L680 456 Q400 440 100 462 Z", t.light)
        pen.fill("M100 584 Q400 606 680 578 L680 660 L100 660 Z", t.shade)
        for y in (430, 470, 512, 552, 600):
            pen.line(f"M110 {y} Q400 {y - 8} 640 {y}", t.line, 2.5, opacity=0.45)
        pen.line("M204 396 Q176 520 204 646", t.line, 4, opacity=0.5)
    pen.oval(612, 520, 74, 122, t.deep)
    pen.oval(610, 520, 64, 108, t.base)
    for turn in range(4):
        pen.ring(608, 520, 52 - turn * 10, t.deep if turn % 2 else t.line, 5, ry=90 - turn * 18)
    pen.oval(606, 520, 17, 30, WOOD.base)
    pen.oval(606, 520, 9, 17, INK.base)
    pen.fill("M286 452 L398 452 L398 548 L286 548 Z", CREAM.light)
    pen.line("M304 480 L380 480 M304 502 L356 502", t.deep, 6)
    pen.disc(376, 526, 7, BRASS.base)
    pen.line("M440 664 L520 610 M440 610 L520 664", STEEL.base, 9)
    pen.disc(480, 637, 7, STEEL.deep)
    pen.ring(426, 598, 17, INK.base, 8)
    pen.ring(426, 676, 17, INK.base, 8)
