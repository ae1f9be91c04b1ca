"""Tents, a tarp and a hammock."""

from __future__ import annotations

from .materials import CREAM, INK, STEEL, WOOD
from .pen import Pen, sym
from .stage import subject
from .tones import Tones


@subject(floor=770, foot=(400, 300), focus=(400, 600), zoom=2.0)
def tent(pen: Pen, t: Tones) -> None:
    """A dome tent from the front, door rolled aside."""
    body = sym("M400 282 C300 286 196 470 112 768 Q250 776 400 776")
    for _ in pen.sides():
        pen.line("M262 398 L66 770", CREAM.deep, 3)
        pen.line("M66 770 l-8 14", STEEL.deep, 7)
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M400 282 C470 400 540 600 560 800 L720 800 L700 500 Z", t.shade)
        pen.fill("M400 282 C330 400 262 600 240 800 L90 800 L120 500 Z", t.light)
        pen.fill("M400 282 C520 380 610 560 640 800 L720 800 L720 282 Z", t.deep)
        pen.line("M400 282 C470 400 540 600 560 780", t.line, 4)
        pen.line("M400 282 C330 400 262 600 240 780", t.line, 4)
        pen.fill("M80 744 Q400 764 720 744 L720 800 L80 800 Z", t.deep, 0.55)
    door = "M400 352 C352 470 306 620 292 775 L508 775 C494 620 448 470 400 352 Z"
    pen.fill(door, INK.shade)
    with pen.clip(door):
        pen.fill("M292 775 Q400 690 508 775 L508 800 L292 800 Z", CREAM.shade)
        pen.fill("M320 775 Q360 724 400 720 L400 775 Z", CREAM.base)
        pen.fill("M400 352 C430 470 440 640 436 690 L520 775 L508 600 Z", INK.base)
    pen.fill("M400 352 C450 470 496 620 508 775 L548 772 C528 620 470 460 400 352 Z", t.light)
    pen.fill("M400 352 C462 470 512 620 526 774 L548 772 C528 620 470 460 400 352 Z", t.shade)
    pen.line("M400 352 C450 470 496 620 508 775", t.line, 3)
    pen.line("M452 500 L482 496 M490 650 L526 644", CREAM.light, 7)
    pen.line("M400 352 C352 470 306 620 292 775", t.line, 4)
    pen.fill("M352 300 Q400 262 448 300 Q400 322 352 300 Z", t.deep)
    pen.line("M352 300 Q400 322 448 300", t.line, 3)


@subject(floor=760, foot=(410, 330), focus=(330, 610), zoom=1.9, shape="wide")
def tunnel_tent(pen: Pen, t: Tones) -> None:
    """A long family tent in three-quarter view, door open at the side."""
    body = "M70 760 C86 560 150 420 270 396 C420 372 560 430 640 520 C696 586 724 670 734 760 Z"
    pen.line("M250 400 L40 764", CREAM.deep, 3)
    pen.line("M640 520 L778 764", CREAM.deep, 3)
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M70 760 C86 560 150 420 270 396 C216 470 200 620 206 780 L60 780 Z", t.light)
        pen.fill("M470 404 C560 430 600 600 606 780 L760 780 L740 480 Z", t.shade)
        pen.fill("M612 480 C672 560 690 680 694 780 L760 780 L760 480 Z", t.deep)
        pen.fill("M40 736 L760 736 L760 780 L40 780 Z", t.deep, 0.55)
        for arch in (
            "M270 396 C216 470 200 620 206 770",
            "M470 404 C560 430 600 600 606 770",
            "M612 480 C672 560 690 680 694 770",
        ):
            pen.line(arch, t.line, 5)
    door = "M290 764 C288 620 300 500 352 478 C404 470 436 590 440 764 Z"
    pen.fill(door, INK.shade)
    with pen.clip(door):
        pen.fill("M270 764 L270 716 Q360 690 460 716 L460 764 Z", CREAM.shade)
        pen.fill("M330 764 L330 640 L392 640 L392 764 Z", CREAM.deep)
        pen.box(340, 652, 42, 112, CREAM.base)
    pen.fill("M352 478 C404 470 436 590 440 764 L420 764 C420 640 404 520 352 478 Z", t.light)
    window = "M500 560 Q504 536 528 544 Q566 560 574 610 Q576 634 552 634 L508 634 Q494 634 494 616 Z"
    pen.fill(window, CREAM.base)
    pen.line("M534 546 L540 634", t.shade, 5)
    pen.line("M496 590 L570 590", t.shade, 5)
    pen.line(window, t.line, 4)
    pen.line("M352 478 C300 500 288 620 290 764", t.line, 4)


@subject(floor=775, foot=(400, 250), focus=(300, 430), zoom=1.8, shape="wide")
def tarp(pen: Pen, t: Tones) -> None:
    """A tarp pitched as a lean-to on two wooden uprights, with a stool beneath."""
    pen.line("M176 412 L60 772", CREAM.deep, 3)
    pen.line("M640 372 L752 772", CREAM.deep, 3)
    pen.line("M640 372 L640 772", WOOD.base, 14)
    pen.line("M645 372 L645 772", WOOD.shade, 5)
    pen.fill("M176 412 Q400 452 640 372 L700 640 Q440 700 232 660 Z", t.shade)
    pen.fill("M176 412 Q400 452 640 372 Q560 560 700 640 Q440 700 232 660 Q260 540 176 412 Z", t.base)
    pen.fill("M176 412 Q400 452 640 372 Q632 420 640 460 Q400 540 206 480 Q196 444 176 412 Z", t.light)
    pen.line("M408 432 Q440 560 450 678", t.line, 3)
    pen.line("M292 432 Q330 560 340 676", t.line, 3, opacity=0.6)
    pen.line("M524 412 Q544 560 572 662", t.line, 3, opacity=0.6)
    for x, y in ((176, 412), (640, 372), (700, 640), (232, 660), (408, 434), (450, 680)):
        pen.disc(x, y, 11, t.deep)
        pen.disc(x, y, 5, CREAM.light)
    pen.line("M700 640 L738 772", CREAM.deep, 3)
    pen.line("M232 660 L196 772", CREAM.deep, 3)
    pen.line("M176 412 L176 772", WOOD.base, 14)
    pen.line("M181 412 L181 772", WOOD.shade, 5)
    pen.fill("M388 706 L512 706 L500 728 L400 728 Z", WOOD.light)
    pen.line("M412 728 L398 774 M488 728 L502 774 M450 728 L450 774", WOOD.shade, 10)


@subject(floor=800, foot=(400, 210), focus=(210, 520), zoom=1.9)
def hammock(pen: Pen, t: Tones) -> None:
    """A hammock between two trunks."""
    for x, tilt in ((96, 6), (704, -6)):
        pen.fill(f"M{x - 40} 140 L{x + 40} 140 L{x + 48 + tilt} 800 Q{x} 818 {x - 48 + tilt} 800 Z", WOOD.shade)
        pen.fill(f"M{x - 40} 140 L{x - 8} 140 L{x - 4 + tilt} 806 Q{x - 30} 806 {x - 48 + tilt} 800 Z", WOOD.base)
        pen.line(f"M{x + 14} 230 L{x + 16} 330 M{x + 22} 560 L{x + 24} 690 M{x - 18} 480 L{x - 18} 560", WOOD.deep, 5)
        pen.box(x - 46, 398, 92, 30, INK.base, 4)
    pen.line("M136 414 L206 470", INK.base, 9)
    pen.line("M664 414 L594 470", INK.base, 9)
    pen.fill(
        "M206 470 C250 640 330 700 400 700 C470 700 550 640 594 470 C540 560 470 590 400 590 C330 "
        "590 260 560 206 470 Z",
        t.shade,
    )
    pen.fill(
        "M206 470 C240 690 330 760 400 760 C470 760 560 690 594 470 C550 640 470 680 400 680 C330 "
        "680 250 640 206 470 Z",
        t.base,
    )
    pen.fill("M206 470 C240 690 330 760 400 760 C340 730 268 640 206 470 Z", t.light)
    for shift in (0, 1, 2):
        x = 300 + shift * 100
        pen.line(
            f"M{x} {672 + 8 * (shift == 1)} Q{x + 4} 710 {x + (shift - 1) * -8} {736 + 22 * (shift == 1)}", t.line, 3
        )
    pen.line("M206 470 C260 560 330 590 400 590 C470 590 540 560 594 470", t.line, 4)
    pen.disc(206, 470, 10, STEEL.base)
    pen.disc(594, 470, 10, STEEL.base)
