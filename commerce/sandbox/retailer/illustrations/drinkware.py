"""Mug, bottle, flask, travel cup and bowl."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, LEATHER, STEEL
from .pen import Pen, sym
from .stage import subject
from .tones import Tones, shifted


def enamel_rim(t: Tones) -> str:
    """The dark rim of enamelware; blue on pale ware."""
    return "#34486b" if t.base > "#d" else shifted(t.base, -0.16)


@subject(floor=760, foot=(390, 215), focus=(430, 480), zoom=1.9, size=1.12)
def mug(pen: Pen, t: Tones) -> None:
    """An enamel mug with a chip and steam."""
    pen.line("M322 320 C290 270 350 244 322 190 M400 312 C370 262 430 226 398 166", CREAM.light, 11, opacity=0.9)
    rim = enamel_rim(t)
    pen.line("M560 470 C690 450 690 670 556 660", rim, 38)
    pen.line("M562 466 C676 452 676 662 558 652", t.base, 26)
    pen.line("M566 460 C640 454 656 520 652 560", t.light, 7)
    body = sym("M400 392 L206 392 L218 716 Q222 760 270 760 L400 760")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M496 380 Q550 580 500 780 L640 780 L640 380 Z", t.shade)
        pen.fill("M190 380 L290 380 Q254 580 284 780 L190 780 Z", t.light)
        pen.fill("M190 728 L620 728 L620 780 L190 780 Z", t.deep, 0.7)
        for x, y in (
            (330, 500),
            (430, 560),
            (360, 640),
            (470, 470),
            (300, 590),
            (520, 640),
            (410, 700),
            (260, 470),
            (268, 680),
        ):
            pen.disc(x, y, 4.5, CREAM.light if t.base < "#d" else rim, 0.55)
    pen.oval(400, 392, 196, 44, rim)
    pen.oval(400, 390, 182, 36, shifted(t.base, -0.05))
    pen.fill("M226 398 Q400 360 574 398 Q540 428 400 428 Q260 428 226 398 Z", "#5a3a28")
    pen.fill("M250 404 Q330 380 420 382 Q330 396 280 416 Q258 412 250 404 Z", "#7a5238")
    pen.fill("M250 742 Q258 728 274 736 Q282 750 268 758 Q252 758 250 742 Z", INK.base)


@subject(floor=850, foot=(400, 135), focus=(400, 330), zoom=1.9, shape="tall")
def bottle(pen: Pen, t: Tones) -> None:
    """An insulated bottle with a loop cap."""
    pen.line("M346 220 L346 156 Q346 130 372 130 L428 130 Q454 130 454 156 L454 220", INK.base, 24)
    pen.line("M344 214 L344 158", INK.light, 6)
    pen.box(330, 206, 140, 86, INK.base, 14)
    pen.box(330, 206, 46, 86, INK.light, 14)
    for x in range(392, 466, 14):
        pen.line(f"M{x} 222 L{x} 276", INK.shade, 4)
    pen.box(344, 286, 112, 22, STEEL.base, 4)
    body = sym("M400 304 L344 304 Q336 350 296 372 Q268 390 268 430 L268 812 Q268 850 306 850 L400 850")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M452 290 Q458 350 480 390 L480 860 L560 860 L560 290 Z", t.shade)
        pen.fill("M504 370 L560 370 L560 860 L510 860 Z", t.deep)
        pen.fill("M250 370 L330 360 Q312 400 314 860 L250 860 Z", t.light)
    pen.line("M290 440 L290 780", CREAM.light, 9, opacity=0.6)
    pen.fill("M356 596 L392 548 L414 574 L428 558 L456 596 Z", CREAM.base if t.base < "#d" else t.deep)
    pen.disc(442, 544, 9, CREAM.base if t.base < "#d" else t.deep)
    pen.box(268, 806, 264, 16, t.deep, 0, 0.6)
    pen.box(276, 834, 248, 18, STEEL.shade, 8)


@subject(floor=840, foot=(400, 140), focus=(400, 340), zoom=1.9, shape="tall")
def thermos(pen: Pen, t: Tones) -> None:
    """A flask with its cup on top and a folding handle."""
    pen.line("M520 430 L596 430 Q616 430 616 452 L616 660 Q616 682 596 682 L520 682", INK.base, 22)
    pen.line("M540 430 L590 430", INK.light, 6)
    body = sym("M400 330 L276 330 L276 796 Q276 840 320 840 L400 840")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M466 320 L560 320 L560 850 L466 850 Z", t.shade)
        pen.fill("M504 320 L560 320 L560 850 L504 850 Z", t.deep)
        pen.fill("M260 320 L324 320 L324 850 L260 850 Z", t.light)
        pen.line("M270 384 L530 384 M270 774 L530 774", t.line, 4)
        pen.fill("M260 560 L540 560 L540 600 L260 600 Z", CREAM.base, 0.95)
        pen.fill("M466 560 L540 560 L540 600 L466 600 Z", CREAM.deep, 0.95)
        pen.line("M276 616 L524 616", CREAM.base, 6)
    pen.line("M298 410 L298 540", CREAM.light, 9, opacity=0.6)
    pen.box(268, 402, 264, 30, INK.base, 6)
    pen.box(268, 664, 264, 30, INK.base, 6)
    cup = sym("M400 140 L316 140 Q292 140 290 166 L280 320 Q280 336 296 336 L400 336")
    pen.fill(cup, STEEL.base)
    with pen.clip(cup):
        pen.fill("M460 120 L560 120 L560 350 L470 350 Z", STEEL.shade)
        pen.fill("M496 120 L560 120 L560 350 L506 350 Z", STEEL.deep)
        pen.fill("M260 120 L336 120 L326 350 L260 350 Z", STEEL.light)
    pen.line("M286 300 L514 300", STEEL.deep, 4)
    pen.box(270, 326, 260, 20, INK.base, 6)
    pen.box(286, 828, 228, 16, STEEL.shade, 7)


@subject(floor=810, foot=(400, 150), focus=(400, 400), zoom=1.9, size=1.08, shape="tall")
def tumbler(pen: Pen, t: Tones) -> None:
    """A travel cup with sliding lid and silicone band."""
    body = sym("M400 330 L266 330 L302 780 Q306 810 338 810 L400 810")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M462 320 L560 320 L560 820 L440 820 Q480 600 462 320 Z", t.shade)
        pen.fill("M506 320 L560 320 L560 820 L470 820 Z", t.deep)
        pen.fill("M250 320 L336 320 Q330 600 356 820 L290 820 Z", t.light)
        pen.fill("M250 490 L550 490 L550 660 L250 660 Z", LEATHER.base)
        pen.fill("M250 490 L344 490 L350 660 L250 660 Z", LEATHER.light)
        pen.fill("M456 490 L550 490 L550 660 L444 660 Z", LEATHER.shade)
        pen.line("M250 502 L550 502 M250 648 L550 648", LEATHER.line, 3, "7 7")
    pen.fill("M366 596 L394 558 L412 580 L422 568 L444 596 Z", CREAM.base)
    pen.line("M296 360 L304 470", CREAM.light, 9, opacity=0.6)
    lid = sym("M400 262 L286 262 Q262 262 258 288 L252 326 Q252 342 270 342 L400 342")
    pen.fill(lid, INK.base)
    with pen.clip(lid):
        pen.fill("M240 250 L330 250 L320 350 L240 350 Z", INK.light)
        pen.box(240, 322, 320, 24, INK.shade)
    pen.fill("M318 262 Q320 226 350 226 L450 226 Q480 226 482 262 Z", INK.light)
    pen.box(364, 214, 72, 26, t.base, 12)
    pen.line("M334 200 C318 170 348 152 334 120 M372 188 C358 162 384 146 372 118", CREAM.light, 8, opacity=0.85)
    pen.disc(460, 246, 7, BRASS.base)


@subject(floor=750, foot=(400, 200), focus=(420, 500), zoom=1.8, size=1.14, shape="wide")
def bowl(pen: Pen, t: Tones) -> None:
    """A deep enamel bowl of porridge with berries and a spoon."""
    rim = enamel_rim(t)
    pen.line("M520 420 L668 258", STEEL.shade, 17)
    pen.line("M522 412 L660 260", STEEL.light, 5)
    body = sym("M400 440 L176 440 Q186 690 310 734 L322 750 L400 750")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M500 430 Q540 620 440 760 L640 760 L640 430 Z", t.shade)
        pen.fill("M160 430 L264 430 Q270 620 352 760 L260 760 L160 600 Z", t.light)
        pen.fill("M280 716 L520 716 L520 760 L280 760 Z", t.deep, 0.7)
        for x, y in ((330, 560), (430, 620), (480, 540), (380, 680), (280, 600), (540, 580), (400, 540), (250, 530)):
            pen.disc(x, y, 4.5, CREAM.light if t.base < "#d" else rim, 0.5)
    pen.oval(400, 438, 228, 62, rim)
    pen.oval(400, 436, 212, 52, shifted(t.base, -0.06))
    pen.oval(400, 448, 190, 38, CREAM.deep)
    pen.fill("M212 446 Q300 408 420 412 Q560 420 588 448 Q560 420 420 428 Q290 430 212 446 Z", CREAM.light)
    for x, y, color in (
        (340, 440, "#5b4a80"),
        (376, 454, "#5b4a80"),
        (330, 460, "#a83a4a"),
        (404, 436, "#a83a4a"),
        (440, 456, "#5b4a80"),
        (472, 442, "#a83a4a"),
        (300, 448, "#5b4a80"),
    ):
        pen.disc(x, y, 17, color)
        pen.disc(x - 5, y - 6, 4, CREAM.light, 0.6)
    pen.fill("M500 430 Q540 404 560 430 Q530 450 500 430 Z", "#6f8f4e")
