"""Socks, gloves and mittens."""

from __future__ import annotations

from .materials import CREAM, LEATHER
from .pen import Pen, repeated
from .stage import subject
from .tones import Tones

_SOCK = (
    "M250 180 L400 180 C396 300 392 420 396 520 C420 590 520 640 560 700 C590 760 560 820 490 "
    "826 C400 830 330 780 286 700 "
    "C250 630 256 540 258 460 C260 360 256 270 250 180 Z"
)


@subject(focus=(330, 330), zoom=1.8, size=1.02, shape="tall")
def socks(pen: Pen, t: Tones) -> None:
    """A pair of cushioned hiking socks."""
    for far in (True, False):
        with pen.group("translate(70 -40) rotate(-7 400 500)" if far else "translate(-30 20)"):
            _sock(pen, Tones(t.base, t.shade, t.deep, t.deep, t.line) if far else t)


def _sock(pen: Pen, t: Tones) -> None:
    pen.cast(_SOCK)
    pen.fill(_SOCK, t.base)
    with pen.clip(_SOCK):
        pen.fill("M230 170 L300 170 C296 400 290 560 330 700 L230 700 Z", t.light)
        pen.fill(
            "M360 170 L420 170 L410 520 C440 600 560 660 590 760 L520 840 Q540 720 440 650 Q350 580 360 170 Z", t.shade
        )
        pen.fill("M230 560 C300 540 350 580 356 640 C350 710 310 730 270 720 Z", LEATHER.base)
        pen.fill("M600 660 C520 660 470 720 470 850 L620 850 Z", LEATHER.base)
        pen.box(230, 170, 200, 96, t.deep)
        for x in range(246, 410, 13):
            pen.line(f"M{x} 182 L{x} 262", t.line, 3, opacity=0.6)
        pen.box(230, 284, 200, 18, CREAM.base)
        pen.box(230, 316, 200, 10, CREAM.base)
        pen.line(repeated("l6 8 l6 -8", range(270, 396, 18), range(350, 540, 20)), t.line, 2.5, opacity=0.35)
        pen.line("M400 536 Q360 560 352 610 M470 740 Q420 720 390 690", t.line, 3, opacity=0.6)
    pen.line("M250 560 C300 548 346 584 350 640 C346 700 312 720 280 714", LEATHER.deep, 3, "5 6")


@subject(focus=(400, 480), zoom=1.7, size=1.08)
def ankle_socks(pen: Pen, t: Tones) -> None:
    """Three pairs of ankle socks in a paper band."""
    for turn, stripe in enumerate(("#c67a54", "#d79c2d", "#2e7273")):
        with pen.group(f"translate({-64 + turn * 66} {-150 + turn * 140})"):
            shape = (
                "M190 400 L330 392 C340 430 360 452 410 462 C500 474 600 480 620 540 C626 590 580 612 520 "
                "612 L270 612 C200 606 180 560 186 500 Z"
            )
            pen.cast(shape, 10, 18)
            pen.fill(shape, t.base)
            with pen.clip(shape):
                pen.fill("M160 380 L240 390 Q220 520 270 630 L160 630 Z", t.light)
                pen.fill("M230 570 Q420 600 640 540 L640 630 L180 630 Z", t.shade)
                pen.fill("M560 460 Q530 540 560 640 L660 640 L660 460 Z", stripe)
                pen.fill("M170 470 Q270 500 280 630 L150 640 Z", stripe)
                pen.fill("M180 392 L340 384 L346 424 L180 434 Z", t.deep)
                pen.line("M184 452 L356 440", stripe, 9)
                for x in range(192, 336, 12):
                    pen.line(f"M{x} 396 L{x + 2} 430", t.line, 2.5, opacity=0.6)
    band = "M380 250 L500 250 L520 800 L400 800 Z"
    pen.fill("M392 262 L512 262 L536 812 L412 812 Z", t.deep, 0.4)
    pen.fill(band, CREAM.light)
    pen.fill("M470 250 L500 250 L520 800 L486 800 Z", CREAM.shade)
    pen.line("M408 470 L492 466 M410 500 L480 497", LEATHER.base, 6)
    pen.disc(450, 580, 30, LEATHER.base)
    pen.fill("M428 594 L446 566 L456 578 L464 572 L474 594 Z", CREAM.light)


@subject(focus=(300, 560), zoom=1.7, size=1.02)
def gloves(pen: Pen, t: Tones) -> None:
    """A pair of knitted gloves with leather palm, one palm up."""
    for side in pen.sides():
        with pen.group("translate(-6 0) rotate(-6 230 560)"):
            _glove(pen, t, has_palm=side < 0)


def _glove(pen: Pen, t: Tones, has_palm: bool) -> None:
    hand = (
        "M112 470 C108 420 112 360 114 316 C118 284 154 284 158 316 L164 430 L170 270 C172 236 212 "
        "236 214 270 L218 424 "
        "L230 286 C234 252 272 254 272 290 L268 440 L286 350 C294 322 326 328 324 360 C322 430 316 500 306 560 "
        "L346 520 C368 500 394 520 382 546 C362 590 330 640 300 672 L296 730 L132 730 L128 640 "
        "C116 590 114 530 112 470 Z"
    )
    pen.cast(hand)
    pen.fill(hand, t.base)
    with pen.clip(hand):
        pen.fill("M250 260 L400 260 L400 740 L262 740 Q290 560 250 460 Z", t.shade)
        pen.line(repeated("l6 8 l6 -8", range(112, 390, 18), range(280, 720, 20)), t.line, 2.5, opacity=0.35)
    if has_palm:
        pen.fill("M140 470 Q210 440 282 470 Q296 560 262 640 Q200 660 148 630 Q132 550 140 470 Z", LEATHER.base)
        pen.line(
            "M150 480 Q210 452 274 480 Q286 560 254 630 Q200 648 156 622 Q142 550 150 480 Z", LEATHER.line, 2.5, "6 6"
        )
        pen.line("M170 560 Q210 600 250 586 M186 510 Q230 530 262 516", LEATHER.deep, 3)
    pen.box(118, 690, 192, 110, t.deep, 14)
    pen.box(118, 690, 60, 110, t.shade, 14)
    for x in range(130, 304, 14):
        pen.line(f"M{x} 700 L{x} 790", t.line, 3, opacity=0.6)
    pen.box(118, 740, 192, 14, CREAM.base)
    pen.line("M164 430 L166 470 M218 424 L218 460 M268 440 L264 474", t.line, 4)


@subject(focus=(290, 520), zoom=1.7, size=1.02)
def mitten(pen: Pen, t: Tones) -> None:
    """A pair of long insulated mittens, joined by a leash."""
    pen.line("M230 830 C300 930 500 930 570 830", LEATHER.base, 8)
    for _ in pen.sides():
        with pen.group("translate(-4 0) rotate(-5 230 560)"):
            _mitten(pen, t)


def _mitten(pen: Pen, t: Tones) -> None:
    hand = (
        "M110 420 C108 270 160 200 220 200 C284 200 322 270 320 400 L318 470 L346 430 C368 404 398 "
        "420 390 456 C376 530 340 580 "
        "316 610 L330 820 Q222 846 104 820 L118 600 C110 540 110 480 110 420 Z"
    )
    pen.cast(hand)
    pen.fill(hand, t.base)
    with pen.clip(hand):
        pen.fill("M262 190 Q330 400 270 860 L420 860 L420 190 Z", t.shade)
        pen.fill("M90 190 L200 200 Q140 300 150 620 L140 860 L90 860 Z", t.light)
        for y in (300, 384, 468, 552):
            pen.fill(f"M90 {y} Q214 {y + 28} 330 {y} L330 {y + 10} Q214 {y + 40} 90 {y + 10} Z", t.deep, 0.5)
            pen.line(f"M90 {y} Q214 {y + 28} 330 {y}", t.line, 3)
        pen.box(90, 636, 260, 40, t.deep)
        pen.fill("M90 792 L350 792 L350 860 L90 860 Z", t.deep)
    pen.fill("M318 470 L346 430 C368 404 398 420 390 456 C376 530 340 580 316 610 Z", LEATHER.base)
    pen.line("M326 480 Q360 420 380 446 Q370 520 324 580", LEATHER.line, 2.5, "6 6")
    pen.line("M106 656 L332 656", CREAM.base, 10)
    pen.box(190, 640, 54, 34, CREAM.light, 6)
    pen.box(150, 710, 56, 40, LEATHER.base, 5)
