"""Stove, pot, skillet, moka pot and cool box."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, STEEL, WOOD
from .pen import Pen, sym
from .stage import subject
from .tones import Tones


def flame(pen: Pen, x: float, y: float, size: float) -> None:
    """A small flame whose foot is at the given point."""
    with pen.group(f"translate({x:g} {y:g}) scale({size:g})"):
        pen.fill("M0 0 C-26 -4 -30 -36 -12 -58 C-10 -44 -2 -44 0 -84 C18 -60 34 -30 20 -8 C14 0 8 2 0 0 Z", "#e0842f")
        pen.fill("M0 0 C-12 -4 -14 -22 -4 -34 C2 -26 6 -34 8 -44 C16 -28 14 -6 6 0 Z", "#f4c860")


@subject(floor=810, foot=(400, 190), focus=(400, 400), zoom=1.9, size=1.08)
def stove(pen: Pen, t: Tones) -> None:
    """A canister stove with flame."""
    canister = sym("M400 590 L330 590 Q256 600 250 660 L250 776 Q250 810 284 810 L400 810")
    pen.fill(canister, "#e7e0d0")
    with pen.clip(canister):
        pen.fill("M480 580 Q520 700 490 820 L560 820 L560 580 Z", "#cdc3ad")
        pen.fill("M240 580 L310 590 Q280 700 296 820 L240 820 Z", "#f7f2e6")
        pen.box(240, 672, 320, 96, "#3f7f7c")
        pen.fill("M490 672 L560 672 L560 768 L494 768 Z", "#2e6563")
        pen.fill("M346 746 L386 696 L410 722 L426 704 L460 746 Z", "#f3ead8")
        pen.disc(446, 698, 10, "#e0b44c")
    pen.box(340, 568, 120, 30, STEEL.shade, 10)
    pen.box(366, 470, 68, 104, BRASS.base, 10)
    pen.box(412, 470, 22, 104, BRASS.shade, 8)
    pen.line("M366 500 L434 500 M366 524 L434 524", BRASS.deep, 4)
    pen.line("M434 540 L520 548", STEEL.shade, 10)
    pen.ring(556, 552, 34, t.base, 12, 20)
    pen.fill(sym("M400 392 L330 392 Q320 440 362 474 L400 474"), t.shade)
    pen.fill("M330 392 L380 392 Q370 440 384 474 L362 474 Q320 440 330 392 Z", t.light)
    pen.box(296, 360, 208, 40, t.base, 14)
    pen.box(296, 360, 70, 40, t.light, 14)
    for x in range(318, 500, 26):
        pen.disc(x, 384, 5, INK.base)
    for x in (322, 366, 404, 444, 482):
        flame(pen, x, 362, 0.62 if x in (322, 482) else 0.86)
    for _ in pen.sides():
        pen.line("M340 440 L214 420 L206 290 L300 268", STEEL.deep, 14)
        pen.line("M338 436 L218 416 L210 292", STEEL.light, 5)
        pen.line("M206 290 l14 -16 l14 10 l14 -16 l14 10 l16 -16 l22 6", STEEL.base, 8)
    pen.line("M400 470 L400 410", STEEL.deep, 10)


@subject(floor=780, foot=(400, 235), focus=(300, 560), zoom=1.8, size=1.08)
def cook_pot(pen: Pen, t: Tones) -> None:
    """A billy pot with bail handle and lid."""
    pen.line("M206 470 C206 180 594 180 594 470", STEEL.deep, 12)
    pen.line("M212 440 C222 210 560 196 584 430", STEEL.light, 4)
    pen.box(352, 236, 96, 34, WOOD.base, 16)
    pen.box(352, 236, 96, 12, WOOD.light, 6)
    body = sym("M400 460 L190 460 L196 730 Q198 780 246 780 L400 780")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M510 440 Q560 620 510 800 L640 800 L640 440 Z", t.shade)
        pen.fill("M570 440 L640 440 L640 800 L560 800 Z", t.deep)
        pen.fill("M180 440 L280 440 Q244 620 270 800 L180 800 Z", t.light)
        pen.fill("M180 752 L620 752 L620 800 L180 800 Z", t.deep, 0.8)
    for y in (560, 620, 680):
        pen.line(f"M520 {y} L556 {y}", t.line, 4)
    pen.line("M236 520 Q226 620 244 720", CREAM.light, 8, opacity=0.6)
    lid = sym("M400 396 Q250 396 198 448 L400 470")
    pen.fill(lid, t.light)
    pen.fill("M400 396 Q550 396 602 448 L520 452 Q500 410 400 396 Z", t.base)
    pen.fill(sym("M400 444 L184 444 Q176 444 176 454 Q176 470 192 470 L400 470"), t.shade)
    pen.line("M190 456 L600 456", t.light, 4)
    for x in (300, 332, 364):
        pen.disc(x, 426, 6, t.deep)
    pen.box(366, 372, 68, 30, WOOD.base, 12)
    pen.box(366, 372, 68, 11, WOOD.light, 5)
    for x in (206, 594):
        pen.disc(x, 486, 18, STEEL.shade)
        pen.disc(x, 486, 8, STEEL.light)


@subject(focus=(330, 420), zoom=1.7, size=1.02)
def skillet(pen: Pen, t: Tones) -> None:
    """A cast-iron skillet with an egg, from above."""
    handle = "M340 600 L312 860 Q308 910 352 914 L400 914 Q444 908 438 860 L448 600 Z"
    rim = "M130 400 A252 252 0 1 0 634 400 A252 252 0 1 0 130 400 Z"
    spout = "M120 372 Q96 400 120 428 L160 440 L160 360 Z"
    for part in (handle, rim):
        pen.cast(part)
    pen.fill(spout, t.base)
    pen.fill("M646 372 Q670 400 646 428 L606 440 L606 360 Z", t.shade)
    pen.fill(handle, t.base)
    pen.fill("M410 600 L448 600 L438 860 Q444 908 400 914 L388 914 Q412 760 410 600 Z", t.shade)
    pen.fill("M372 850 Q352 850 352 868 Q352 886 374 886 Q396 886 396 868 Q396 850 372 850 Z", pen.shadow)
    pen.line("M366 660 L360 820", t.light, 10)
    pen.fill(rim, t.light)
    pen.fill("M382 148 A252 252 0 0 1 382 652 L382 630 A230 230 0 0 0 382 170 Z", t.base)
    pen.disc(382, 400, 230, t.shade)
    pen.disc(382, 406, 214, t.base)
    pen.fill("M190 470 A206 206 0 0 0 560 512 Q420 600 300 556 Q220 530 190 470 Z", t.light, 0.5)
    pen.fill(
        "M262 356 C270 280 380 260 430 300 C500 300 540 370 502 430 C500 500 410 520 366 490 C290 "
        "500 240 430 262 356 Z",
        CREAM.light,
    )
    pen.fill(
        "M270 400 C280 470 350 480 372 474 C420 500 490 480 492 424 C520 400 520 360 506 340 C530 "
        "380 522 420 502 430 C500 500 410 520 366 490 C300 498 260 450 260 390 Z",
        CREAM.shade,
    )
    pen.disc(380, 386, 58, "#e3a02f")
    pen.fill("M328 380 A54 54 0 0 1 392 334 Q352 352 344 396 Z", "#f3c45a")
    for x, y in ((300, 330), (460, 350), (430, 460), (330, 450), (478, 402)):
        pen.disc(x, y, 3.5, INK.base)
    pen.fill("M486 250 Q530 240 540 280 Q506 300 486 250 Z", "#6f8f4e")
    pen.line("M486 250 Q510 268 536 282", "#4f6d38", 3)
    pen.fill("M228 262 Q250 224 286 244 Q270 284 228 262 Z", "#6f8f4e")


@subject(floor=810, foot=(390, 170), focus=(400, 430), zoom=1.9, size=1.08, shape="tall")
def moka(pen: Pen, t: Tones) -> None:
    """A faceted moka pot with beech handle."""
    pen.fill("M528 360 L620 360 Q654 362 650 400 L620 600 Q612 620 592 612 L586 560 L606 412 L528 412 Z", WOOD.base)
    pen.fill("M606 412 L634 400 L612 590 L592 612 L586 560 Z", WOOD.shade)
    pen.line("M540 374 L620 374", WOOD.light, 6)
    base = sym("M400 590 L282 590 L250 800 L400 810")
    pen.fill(base, t.base)
    with pen.clip(base):
        pen.fill("M200 580 L330 580 L312 820 L200 820 Z", t.light)
        pen.fill("M470 580 L600 580 L600 820 L492 820 Z", t.shade)
        pen.fill("M518 580 L600 580 L600 820 L556 820 Z", t.deep)
    pen.disc(356, 700, 20, BRASS.base)
    pen.disc(356, 700, 9, BRASS.deep)
    pen.box(276, 548, 248, 48, t.deep, 10)
    pen.line("M286 562 L514 562", t.base, 5)
    top = "M262 330 L540 330 L512 552 L290 552 Z"
    pen.fill("M262 330 L214 300 Q206 330 236 396 L274 440 Z", t.light)
    pen.fill(top, t.base)
    with pen.clip(top):
        pen.fill("M240 320 L340 320 L344 560 L240 560 Z", t.light)
        pen.fill("M464 320 L560 320 L560 560 L456 560 Z", t.shade)
        pen.fill("M508 320 L560 320 L560 560 L490 560 Z", t.deep)
    pen.line("M340 334 L344 548 M464 334 L456 548", t.line, 3, opacity=0.5)
    pen.fill("M262 330 L400 256 L540 330 Z", t.light)
    pen.fill("M400 256 L540 330 L440 330 Z", t.shade)
    pen.box(254, 318, 292, 24, t.deep, 8)
    pen.box(378, 212, 44, 50, WOOD.base, 12)
    pen.box(404, 212, 18, 50, WOOD.shade, 9)
    pen.line("M232 262 C210 226 250 206 232 168 M286 236 C268 204 302 184 288 150", CREAM.light, 9, opacity=0.85)


@subject(floor=790, foot=(400, 280), focus=(300, 500), zoom=1.8, size=1.04)
def cooler(pen: Pen, t: Tones) -> None:
    """A cool box with latch and carrying handle."""
    pen.line("M166 420 L166 300 Q166 270 196 270 L604 270 Q634 270 634 300 L634 420", STEEL.shade, 18)
    pen.line("M162 410 L162 300", STEEL.light, 5)
    pen.box(330, 256, 140, 32, INK.base, 14)
    body = sym("M400 450 L140 450 L160 752 Q162 790 200 790 L400 790")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M560 430 L680 430 L680 800 L530 800 Q590 620 560 430 Z", t.shade)
        pen.fill("M120 430 L232 430 Q200 620 226 800 L120 800 Z", t.light)
        pen.fill("M120 740 L680 740 L680 800 L120 800 Z", t.deep, 0.8)
    pen.fill(sym("M400 560 L252 560 L260 700 L400 700"), t.deep, 0.45)
    pen.fill("M322 668 L378 596 L412 634 L434 608 L480 668 Z", CREAM.base)
    pen.disc(456, 600, 14, CREAM.base)
    lid = sym("M400 372 L160 372 Q120 372 120 412 L120 452 Q120 470 140 470 L400 470")
    pen.fill(lid, CREAM.light)
    with pen.clip(lid):
        pen.fill("M560 360 L690 360 L690 480 L560 480 Z", CREAM.shade)
        pen.fill("M110 440 L690 440 L690 480 L110 480 Z", CREAM.deep)
    pen.line("M170 398 L540 398", CREAM.deep, 4)
    pen.box(366, 436, 68, 88, INK.base, 10)
    pen.box(378, 448, 44, 40, STEEL.base, 6)
    pen.line("M386 506 L414 506", STEEL.shade, 5)
    for x in (166, 634):
        pen.disc(x, 420, 18, INK.base)
        pen.disc(x, 420, 7, STEEL.base)
    pen.disc(572, 750, 14, INK.base)
    for x in (190, 560):
        pen.box(x, 782, 56, 14, INK.base, 6)
