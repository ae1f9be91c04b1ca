"""Backpacks, a dry bag and a suitcase."""

from __future__ import annotations

from .materials import BRASS, CREAM, INK, LEATHER, RUBBER, STEEL
from .pen import Pen, sym
from .stage import subject
from .tones import Tones


@subject(floor=800, foot=(400, 215), focus=(400, 560), zoom=1.9, size=1.14, shape="tall")
def backpack(pen: Pen, t: Tones) -> None:
    """A day pack from the front, with lid, pocket and leather tabs."""
    for _ in pen.sides():
        pen.fill("M216 420 C180 440 166 560 176 690 C180 720 214 724 226 706 Z", t.deep)
        pen.line("M184 560 Q200 548 222 552", t.line, 4)
    pen.line("M352 214 C352 166 448 166 448 214", INK.base, 18)
    body = sym("M400 204 C280 204 218 260 208 380 L196 730 Q196 800 270 800 L400 800")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M560 180 L640 180 L640 820 L540 820 Q600 560 560 180 Z", t.shade)
        pen.fill("M180 180 L262 180 Q222 500 250 820 L180 820 Z", t.light)
        pen.fill("M180 764 L620 764 L620 820 L180 820 Z", t.deep)
    pocket = sym("M400 520 L278 520 Q250 520 250 548 L256 726 Q258 752 284 752 L400 752")
    pen.fill(pocket, t.shade)
    pen.fill(sym("M400 508 L274 508 Q246 508 246 536 L250 700 Q252 726 278 726 L400 726"), t.base)
    pen.fill("M522 508 Q554 508 554 536 L550 700 Q548 726 522 726 L500 726 Q520 620 506 508 Z", t.shade)
    pen.line("M276 548 L524 548", t.line, 6)
    pen.line("M276 560 L524 560", t.deep, 3)
    pen.box(300, 540, 14, 44, LEATHER.base, 6)
    lid = sym("M400 190 C286 190 214 236 206 340 Q204 420 236 432 L400 446")
    pen.fill("M236 436 Q400 474 564 436 L560 462 Q400 496 240 462 Z", t.deep, 0.6)
    pen.fill(lid, t.light)
    with pen.clip(lid):
        pen.fill("M520 170 Q586 300 560 460 L620 460 L620 170 Z", t.base)
    pen.line("M232 404 Q400 434 568 404", t.line, 3, "2 12")
    pen.line("M268 300 Q400 322 532 300", t.line, 5)
    for _ in pen.sides():
        pen.line("M318 416 L318 506", INK.base, 20)
        pen.box(300, 462, 36, 30, BRASS.base, 5)
        pen.box(308, 469, 20, 16, INK.base, 3)
        pen.box(302, 494, 32, 44, LEATHER.base, 6)
        pen.line("M310 502 L310 530 M326 502 L326 530", LEATHER.line, 2, "3 5")
    pen.box(374, 356, 52, 40, LEATHER.base, 6)
    pen.line("M386 376 L414 376", LEATHER.deep, 5)


@subject(floor=832, foot=(400, 225), focus=(400, 400), zoom=1.8, size=1.06, shape="tall")
def trek_pack(pen: Pen, t: Tones) -> None:
    """A tall trekking pack with hip belt, compression straps and a rolled mat underneath."""
    for _ in pen.sides():
        pen.fill("M216 620 C140 640 118 700 150 742 Q176 764 224 724 Z", INK.base)
        pen.line("M150 700 Q180 684 214 680", INK.line, 5)
        pen.fill("M224 460 Q186 480 190 610 L196 700 L232 700 Z", t.deep)
    body = sym("M400 236 Q250 236 236 320 L214 690 Q214 770 290 770 L400 770")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M520 200 Q580 500 520 800 L640 800 L640 200 Z", t.shade)
        pen.fill("M200 200 L280 200 Q250 500 262 800 L200 800 Z", t.light)
        pen.fill("M200 690 L600 690 L600 800 L200 800 Z", t.deep)
    pen.box(190, 752, 420, 84, CREAM.shade, 42)
    pen.box(190, 752, 420, 40, CREAM.base, 20)
    pen.oval(604, 794, 30, 42, CREAM.deep)
    pen.ring(604, 794, 18, CREAM.line, 3, 26)
    for x in (286, 492):
        pen.box(x, 742, 24, 98, INK.base, 6)
    pen.line("M300 372 C296 480 300 580 320 664 Q400 690 480 664 C500 580 504 480 500 372", t.line, 6)
    pen.line("M312 380 C310 480 314 570 330 650", t.light, 3)
    for y in (450, 560):
        pen.line(f"M226 {y} L312 {y + 26} M574 {y} L488 {y + 26}", INK.base, 12)
        pen.box(276, y + 6, 28, 24, INK.light, 5)
        pen.box(496, y + 6, 28, 24, INK.light, 5)
    pen.box(376, 500, 48, 96, t.shade, 8)
    pen.line("M386 520 L414 520 M386 548 L414 548 M386 576 L414 576", t.line, 5)
    lid = sym("M400 176 C270 168 214 210 216 290 Q216 360 262 366 L400 376")
    pen.fill("M240 360 Q400 396 560 360 L556 388 Q400 418 244 388 Z", t.deep, 0.7)
    pen.fill(lid, t.light)
    with pen.clip(lid):
        pen.fill("M510 150 Q580 260 540 400 L620 400 L620 150 Z", t.base)
    pen.line("M256 272 Q400 296 544 272", t.line, 6)
    pen.box(280, 268, 14, 40, CREAM.base, 6)
    pen.line("M340 180 C340 136 460 136 460 180", INK.base, 16)
    for x in (318, 482):
        pen.line(f"M{x} 350 L{x} 428", INK.base, 16)
        pen.box(x - 17, 384, 34, 26, INK.light, 5)


@subject(floor=812, foot=(400, 205), focus=(400, 330), zoom=1.9, size=1.1, shape="tall")
def rolltop(pen: Pen, t: Tones) -> None:
    """A roll-top commuter pack with a hook closure."""
    for _ in pen.sides():
        pen.fill("M220 500 C186 520 178 640 190 730 Q206 752 226 730 Z", INK.base)
    body = sym("M400 330 L232 330 Q218 330 218 346 L204 760 Q204 812 256 812 L400 812")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M510 300 L640 300 L640 840 L500 840 Z", t.shade)
        pen.fill("M180 300 L290 300 L276 840 L180 840 Z", t.light)
        pen.fill("M180 700 L620 700 L620 840 L180 840 Z", t.deep, 0.75)
    pen.line("M290 340 L276 808 M510 340 L502 808", t.line, 3, opacity=0.7)
    pen.line("M210 700 L590 700", t.line, 4)
    pen.box(300, 560, 200, 16, t.deep, 8)
    pen.line("M306 568 L494 568", STEEL.base, 4, "6 5")
    pen.box(482, 560, 16, 40, STEEL.light, 6)
    roll = sym("M400 212 L246 212 Q214 212 214 244 L214 300 Q214 336 248 336 L400 336")
    pen.fill(roll, t.light)
    pen.fill("M554 212 Q586 212 586 244 L586 300 Q586 336 552 336 L520 336 L520 212 Z", t.base)
    pen.fill(sym("M400 290 L214 290 Q214 336 248 336 L400 336"), t.shade)
    pen.line("M216 290 L584 290", t.line, 4)
    pen.line("M232 236 L568 236", t.line, 3, opacity=0.6)
    pen.line("M346 214 C346 164 454 164 454 214", INK.base, 18)
    pen.line("M400 214 L400 520", INK.base, 34)
    pen.line("M391 214 L391 514", INK.light, 4)
    pen.box(372, 424, 56, 66, STEEL.base, 8)
    pen.box(384, 436, 32, 20, INK.base, 5)
    pen.line("M376 480 L424 480", STEEL.shade, 5)
    pen.line("M258 770 L330 770", CREAM.base, 8)


@subject(floor=810, foot=(400, 165), focus=(400, 320), zoom=2.0, shape="tall")
def dry_bag(pen: Pen, t: Tones) -> None:
    """A welded dry bag, rolled and buckled."""
    pen.line("M292 300 C180 380 180 640 256 760", INK.base, 14)
    body = sym("M400 320 L272 320 C248 420 244 700 252 780 Q300 812 400 812")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.fill("M474 300 Q520 560 474 830 L600 830 L600 300 Z", t.shade)
        pen.fill("M230 300 L316 300 Q288 560 306 830 L230 830 Z", t.light)
        pen.line("M240 748 Q400 782 560 748", t.line, 5)
        pen.line("M322 340 Q330 400 320 440 M430 340 Q420 380 436 430 M486 350 Q474 390 480 420", t.line, 4)
    window = sym("M400 520 L340 520 Q330 520 330 532 L330 640 Q330 652 342 652 L400 652")
    pen.fill(window, t.shade)
    pen.disc(400, 572, 26, CREAM.base)
    pen.fill("M366 600 Q400 556 434 600 Z", t.shade)
    pen.line("M360 626 L440 626", CREAM.base, 7)
    roll = sym("M400 232 L288 232 Q262 232 262 258 L262 300 Q262 330 290 330 L400 330")
    pen.fill(roll, t.light)
    pen.fill(sym("M400 288 L262 288 Q262 330 290 330 L400 330"), t.shade)
    pen.line("M264 288 L536 288", t.line, 4)
    pen.line("M288 246 C300 168 360 150 400 150 C440 150 500 168 512 246", INK.base, 20)
    pen.box(368, 132, 64, 40, INK.light, 9)
    pen.line("M386 142 L386 162 M414 142 L414 162", INK.base, 5)


@subject(floor=838, foot=(400, 185), focus=(400, 360), zoom=1.9, shape="tall")
def suitcase(pen: Pen, t: Tones) -> None:
    """A ribbed cabin case on four wheels, handle drawn out."""
    pen.line("M346 260 L346 120 Q346 108 358 108 L442 108 Q454 108 454 120 L454 260", STEEL.shade, 13)
    pen.line("M342 260 L342 120", STEEL.light, 4)
    pen.box(336, 96, 128, 30, INK.base, 12)
    for x in (262, 538):
        pen.box(x - 22, 792, 44, 30, INK.base, 8)
        pen.disc(x, 816, 22, RUBBER.base)
        pen.disc(x, 816, 8, STEEL.base)
    body = sym("M400 240 L270 240 Q222 240 222 288 L222 752 Q222 800 270 800 L400 800")
    pen.fill(body, t.base)
    with pen.clip(body):
        pen.box(222, 236, 74, 570, t.light)
        pen.box(500, 236, 90, 570, t.shade)
        for x in (296, 348, 400, 452, 504):
            pen.box(x - 9, 270, 18, 500, t.deep, 9)
            pen.box(x - 9, 270, 7, 500, t.shade, 4)
        pen.box(222, 236, 360, 22, t.light)
    for x in (222, 542):
        for y in (240, 762):
            pen.box(x, y, 38, 38, t.deep, 14)
    pen.box(352, 228, 96, 20, INK.base, 10)
    pen.box(362, 470, 76, 44, CREAM.base, 8)
    pen.line("M376 492 L424 492", t.deep, 6)
    pen.box(560, 480, 26, 70, STEEL.base, 6)
    pen.disc(573, 500, 6, INK.base)
    pen.line("M248 300 L248 700", CREAM.light, 6, opacity=0.5)
    pen.box(212, 506, 12, 84, LEATHER.base, 5)
    pen.disc(400, 254, 4, BRASS.base)
