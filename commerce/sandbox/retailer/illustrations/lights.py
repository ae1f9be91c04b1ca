"""Lantern, headlamp, flashlight, binoculars and trekking poles."""

from __future__ import annotations

from .materials import BRASS, CORK, CREAM, GLASS, INK, RUBBER, STEEL
from .pen import Pen, sym
from .stage import subject
from .tones import Tones

GLOW = "#f8d98a"


@subject(floor=820, foot=(400, 165), focus=(400, 500), zoom=1.8, size=1.06, shape="tall")
def lantern(pen: Pen, t: Tones) -> None:
    """A table lantern with warm glass and a wire handle."""
    pen.disc(400, 520, 250, GLOW, 0.28)
    pen.disc(400, 520, 186, GLOW, 0.4)
    pen.line("M288 350 C250 90 550 90 512 350", STEEL.deep, 10)
    pen.box(352, 140, 96, 28, CORK.base, 13)
    pen.fill(sym("M400 226 L352 226 Q330 230 326 262 L400 270"), t.deep)
    cap = sym("M400 258 Q296 262 272 340 L264 380 L400 386")
    pen.fill(cap, t.base)
    with pen.clip(cap):
        pen.fill("M440 250 Q500 300 490 400 L560 400 L560 250 Z", t.shade)
        pen.fill("M250 250 L370 256 Q316 300 316 400 L250 400 Z", t.light)
    glass = sym("M400 376 L290 376 Q262 500 290 640 L400 640")
    pen.fill(glass, "#fbe9bd")
    with pen.clip(glass):
        pen.oval(400, 520, 74, 110, GLOW)
        pen.oval(400, 530, 40, 72, "#fff6dc")
        pen.fill("M470 370 Q510 500 470 650 L560 650 L560 370 Z", GLOW, 0.6)
    pen.fill("M400 460 C424 500 436 540 400 580 C364 540 376 500 400 460 Z", "#eda23b")
    pen.line("M304 400 Q286 500 304 610", CREAM.light, 10)
    for _ in pen.sides():
        pen.line("M288 372 L288 650", STEEL.deep, 9)
    pen.line("M272 512 L528 512", STEEL.deep, 7)
    pen.box(262, 366, 276, 24, t.deep, 8)
    base = sym("M400 634 L276 634 Q262 640 258 670 L250 790 Q250 820 282 820 L400 820")
    pen.fill(base, t.base)
    with pen.clip(base):
        pen.fill("M480 620 L580 620 L580 830 L490 830 Z", t.shade)
        pen.fill("M240 620 L330 620 L322 830 L240 830 Z", t.light)
        pen.box(240, 794, 320, 30, t.deep)
    pen.box(268, 628, 264, 22, t.deep, 8)
    pen.disc(400, 728, 40, STEEL.shade)
    pen.disc(397, 724, 36, STEEL.base)
    pen.line("M397 724 L418 700", INK.base, 7)


@subject(focus=(400, 560), zoom=1.8, size=1.04)
def headlamp(pen: Pen, t: Tones) -> None:
    """A headlamp with its strap in a loop."""
    loop = "M150 560 C110 330 250 200 400 200 C550 200 690 330 650 560"
    pen.line(loop, pen.shadow, 54)
    pen.line("M164 540 C130 330 262 226 400 226 C538 226 670 330 636 540", t.deep, 50)
    pen.line("M164 540 C130 330 262 226 400 226 C538 226 670 330 636 540", CREAM.base, 7, "26 20")
    pen.box(376, 196, 48, 62, INK.base, 8)
    strap = "M150 548 C180 640 270 690 400 692 C530 690 620 640 650 548"
    pen.line(strap, t.base, 58)
    pen.line("M146 540 C172 622 262 672 400 674", t.light, 10)
    pen.line(strap, CREAM.base, 8, "30 22")
    body = sym("M400 540 L300 540 Q262 542 258 590 L262 730 Q266 784 320 790 L400 792")
    pen.cast(body, 12, 20)
    pen.fill(body, INK.base)
    with pen.clip(body):
        pen.fill("M240 530 L330 530 L322 800 L240 800 Z", INK.light)
        pen.fill("M250 736 L550 736 L550 800 L250 800 Z", t.base)
        pen.fill("M470 736 L550 736 L550 800 L460 800 Z", t.shade)
    pen.disc(400, 640, 88, STEEL.shade)
    pen.disc(396, 636, 80, STEEL.light)
    pen.disc(400, 640, 68, GLOW)
    pen.disc(400, 640, 44, "#fff6dc")
    for angle in (0, 120, 240):
        with pen.group(f"rotate({angle} 400 640)"):
            pen.disc(400, 618, 11, "#eda23b")
    pen.fill("M344 606 A66 66 0 0 1 396 574 Q366 596 356 640 Z", CREAM.light, 0.8)
    pen.box(352, 516, 96, 30, t.base, 12)
    pen.box(352, 516, 96, 11, t.light, 5)


@subject(focus=(360, 360), zoom=1.7, size=1.02)
def flashlight(pen: Pen, t: Tones) -> None:
    """A knurled flashlight with its beam."""
    with pen.group("rotate(34 400 520)"):
        pen.fill("M326 250 L474 250 L620 -260 L180 -260 Z", GLOW, 0.45)
        pen.fill("M350 250 L450 250 L530 -260 L270 -260 Z", "#fff3cf", 0.55)
        outline = (
            "M316 250 L484 250 L484 340 Q480 390 450 410 L450 850 Q450 880 420 880 L380 880 Q350 880 350 "
            "850 L350 410 Q320 390 316 340 Z"
        )
        pen.cast(outline, 26, 10)
        barrel = "M350 400 L450 400 L450 850 Q450 880 420 880 L380 880 Q350 880 350 850 Z"
        pen.fill(barrel, t.base)
        with pen.clip(barrel):
            pen.box(350, 390, 30, 500, t.light)
            pen.box(420, 390, 40, 500, t.shade)
            for y in range(500, 780, 16):
                pen.line(f"M350 {y} L450 {y + 12} M350 {y + 12} L450 {y}", t.line, 2.5, opacity=0.55)
            pen.box(340, 480, 120, 10, t.deep)
            pen.box(340, 790, 120, 10, t.deep)
        head = "M316 246 L484 246 L484 340 Q480 390 450 412 L350 412 Q320 390 316 340 Z"
        pen.fill(head, t.base)
        with pen.clip(head):
            pen.fill("M310 240 L362 240 L362 420 L310 420 Z", t.light)
            pen.fill("M436 240 L490 240 L490 420 L430 420 Z", t.shade)
            for x in (350, 384, 418, 452):
                pen.line(f"M{x} 290 L{x} 340", t.deep, 9)
        pen.oval(400, 248, 84, 24, STEEL.shade)
        pen.oval(400, 246, 70, 17, "#fff6dc")
        pen.disc(400, 446, 21, INK.base)
        pen.disc(400, 446, 12, "#d9633a")
        pen.line("M400 880 L400 900", INK.base, 16)
        pen.line("M392 900 C360 960 450 990 440 920", BRASS.base, 9)


@subject(floor=770, foot=(400, 255), focus=(300, 600), zoom=1.7, size=1.04)
def binoculars(pen: Pen, t: Tones) -> None:
    """A pair of roof-prism binoculars, standing."""
    pen.line("M250 420 C60 520 120 760 190 800 M550 420 C740 520 690 700 620 790", INK.base, 18)
    for x in pen.sides():
        barrel = "M226 400 L352 400 L360 560 L372 760 Q372 772 360 772 L204 772 Q190 772 190 760 L206 560 Z"
        pen.fill(barrel, t.base if x < 0 else t.shade)
        with pen.clip(barrel):
            pen.fill("M180 390 L262 390 Q240 580 244 780 L180 780 Z", t.light)
            pen.fill("M322 390 L400 390 L400 780 L330 780 Z", t.deep)
            for y in range(580, 700, 24):
                pen.line(f"M196 {y} L370 {y}", t.line, 4, opacity=0.6)
        pen.box(184, 734, 194, 40, RUBBER.base, 10)
        pen.box(190, 738, 60, 12, RUBBER.light, 6)
        pen.fill("M240 300 L340 300 L352 404 L226 404 Z", t.deep)
        pen.box(224, 264, 130, 54, RUBBER.base, 16)
        pen.oval(289, 272, 56, 14, GLASS.deep)
        pen.oval(283, 270, 40, 9, GLASS.light)
        pen.disc(222, 420, 10, STEEL.base)
    pen.box(352, 420, 96, 180, t.shade, 16)
    pen.box(352, 420, 34, 180, t.base, 16)
    pen.box(370, 330, 60, 108, RUBBER.base, 10)
    for x in range(380, 428, 11):
        pen.line(f"M{x} 344 L{x} 426", RUBBER.line, 4)
    pen.disc(400, 520, 22, BRASS.base)
    pen.disc(400, 520, 9, BRASS.deep)


@subject(focus=(330, 260), zoom=1.7, size=1.0, shape="tall")
def poles(pen: Pen, t: Tones) -> None:
    """A pair of trekking poles, crossed."""
    for angle in (14, -14):
        with pen.group(f"rotate({angle} 400 560)"):
            pen.line("M418 130 L418 900", pen.shadow, 26)
            pen.line("M400 340 L400 620", t.base, 22)
            pen.line("M394 340 L394 620", t.light, 6)
            pen.line("M400 620 L400 900", STEEL.base, 16)
            pen.line("M396 640 L396 890", STEEL.light, 5)
            for y in (400, 560):
                pen.line(f"M390 {y} L410 {y}", CREAM.base, 22)
            pen.box(384, 596, 32, 50, INK.base, 8)
            pen.line("M416 606 L430 630", INK.light, 9)
            grip = (
                "M382 150 Q376 110 400 108 Q424 110 418 150 Q426 200 416 240 Q426 290 414 340 L386 340 Q374 "
                "290 384 240 Q374 200 382 150 Z"
            )
            pen.fill(grip, CORK.base)
            with pen.clip(grip):
                pen.box(404, 100, 30, 250, CORK.shade)
                for x, y in ((392, 180), (400, 220), (394, 270), (408, 300), (402, 150), (398, 320)):
                    pen.disc(x, y, 3, CORK.deep)
            pen.box(384, 100, 32, 30, INK.base, 12)
            pen.line("M398 120 C330 160 330 270 384 290", t.deep, 14)
            pen.line("M398 120 C330 160 330 270 384 290", CREAM.base, 3, "6 8")
            pen.fill("M372 838 L428 838 L420 858 L380 858 Z", INK.base)
            pen.line("M400 880 L400 926", STEEL.deep, 7)
