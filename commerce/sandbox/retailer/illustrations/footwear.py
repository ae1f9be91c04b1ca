"""Boots, shoes, sandals and slippers: a pair each, one behind the other."""

from __future__ import annotations

from collections.abc import Callable

from .materials import BRASS, CREAM, INK, LEATHER, RUBBER
from .pen import Pen
from .stage import subject
from .tones import Tones

_FAR = "translate(92 -40)"


def _pair(pen: Pen, t: Tones, one: Callable[[Pen, Tones], None]) -> None:
    far = Tones(t.base, t.shade, t.deep, t.deep, t.line)
    with pen.group("translate(-6 0)"):
        with pen.group(_FAR):
            one(pen, far)
        with pen.group("translate(-30 0)"):
            one(pen, t)


@subject(floor=745, foot=(400, 330), focus=(320, 420), zoom=1.7, size=0.94, shape="wide")
def boot(pen: Pen, t: Tones) -> None:
    """A laced leather hiking boot."""
    _pair(pen, t, _boot)


def _boot(pen: Pen, t: Tones) -> None:
    upper = (
        "M168 250 Q250 226 344 248 C348 330 356 400 400 452 C450 500 520 520 590 544 C660 566 688 "
        "606 690 664 L690 690 "
        "L150 690 C140 600 160 540 158 470 C156 400 150 320 168 250 Z"
    )
    pen.fill(upper, t.base)
    with pen.clip(upper):
        pen.fill("M140 230 L236 230 C220 380 236 540 210 700 L130 700 Z", t.light)
        pen.fill("M560 520 C640 560 670 600 660 700 L720 700 L720 520 Z", t.shade)
        pen.fill("M130 640 Q400 600 720 640 L720 700 L130 700 Z", t.deep)
        pen.fill("M560 534 C610 556 634 596 630 650 L720 650 L720 540 Z", t.deep)
        pen.fill("M140 250 Q250 226 360 248 L362 300 Q250 272 140 306 Z", t.shade)
    pen.line("M560 534 C610 556 634 596 630 646", t.line, 4)
    pen.line("M550 540 C598 562 620 600 616 640", t.line, 2.5, "5 7")
    pen.line("M162 306 Q250 274 350 302", t.line, 4)
    pen.line("M158 470 C250 440 300 520 300 640", t.line, 4)
    pen.line("M170 482 C240 460 288 520 288 636", t.line, 2.5, "5 7")
    pen.fill("M318 250 Q352 240 382 262 C384 340 396 396 436 440 L500 480 L440 520 C370 480 322 400 318 250 Z", t.shade)
    pen.line("M318 256 C324 400 372 482 446 520", t.line, 4)
    laces = (
        (318, 276, 372, 262),
        (320, 326, 378, 306),
        (328, 374, 388, 352),
        (346, 420, 408, 394),
        (376, 462, 440, 434),
        (414, 500, 476, 466),
    )
    for x1, y1, x2, y2 in laces:
        pen.line(f"M{x1} {y1} L{x2} {y2}", "#c8472f", 8)
        pen.disc(x1, y1, 8, BRASS.base)
        pen.disc(x1, y1, 3, BRASS.deep)
    pen.line("M346 268 C300 230 262 250 270 290 M346 268 C384 226 420 236 418 268 M270 290 L262 330", "#c8472f", 6)
    pen.line("M172 250 C168 210 206 200 214 232", LEATHER.base, 12)
    pen.fill("M146 676 L694 676 L698 712 Q698 722 688 722 L152 722 Q140 722 140 708 Z", CREAM.shade)
    pen.line("M150 694 L690 694", LEATHER.base, 3, "8 7")
    pen.fill(
        "M140 708 L698 708 L700 738 Q690 748 676 748 L380 748 L368 736 L330 736 L318 748 L160 748 Q138 744 140 708 Z",
        RUBBER.base,
    )
    for x in (190, 232, 274, 430, 478, 526, 574, 622):
        pen.box(x, 738, 14, 12, RUBBER.deep)


@subject(floor=780, foot=(410, 300), focus=(330, 450), zoom=1.7)
def rain_boot(pen: Pen, t: Tones) -> None:
    """An ankle-high rubber boot with pull loops."""
    _pair(pen, t, _rain_boot)


def _rain_boot(pen: Pen, t: Tones) -> None:
    pen.line("M196 300 C186 244 232 244 226 300 M352 296 C350 240 396 246 386 300", t.deep, 16)
    upper = (
        "M180 296 L400 296 C400 400 408 470 450 520 C500 556 600 560 634 610 C652 640 654 680 652 726 L172 726 "
        "C164 640 184 560 182 480 C180 410 176 350 180 296 Z"
    )
    pen.fill(upper, t.base)
    with pen.clip(upper):
        pen.fill("M160 280 L252 280 C240 420 256 560 232 740 L150 740 Z", t.light)
        pen.fill(
            "M360 280 L420 280 L440 500 Q540 560 660 600 L660 740 L520 740 Q560 640 470 590 Q360 520 360 280 Z", t.shade
        )
        pen.fill("M160 690 Q400 660 670 690 L670 740 L160 740 Z", t.deep)
    pen.fill(
        "M176 286 L404 286 Q410 286 410 296 L410 322 Q410 330 402 330 L178 330 Q170 330 170 322 L170 "
        "296 Q170 286 176 286 Z",
        t.deep,
    )
    pen.line("M186 300 L394 300", t.line, 3, opacity=0.7)
    pen.line("M330 330 C330 440 350 520 430 570", t.line, 4)
    pen.fill("M250 330 L330 330 L332 420 L290 470 L250 420 Z", t.shade)
    pen.line("M258 346 L262 414 M276 346 L278 436 M296 346 L296 444 M316 346 L318 420", t.line, 4)
    pen.line("M204 380 C196 460 214 560 200 660", CREAM.light, 8, opacity=0.45)
    pen.fill("M566 566 Q640 584 646 680 Q600 690 540 690 Q600 640 566 566 Z", t.deep, 0.6)
    pen.line("M480 566 Q560 584 600 600", CREAM.light, 7, opacity=0.4)
    pen.fill("M164 712 L660 712 L662 748 L164 748 Z", CREAM.shade)
    pen.line("M172 730 L654 730", CREAM.line, 3, "3 6")
    pen.fill(
        "M164 742 L662 742 Q664 782 640 782 L390 782 L378 768 L340 768 L330 782 L180 782 Q162 780 164 742 Z",
        RUBBER.base,
    )


@subject(floor=700, foot=(400, 350), focus=(380, 500), zoom=1.6, size=0.92, shape="wide")
def trail_shoe(pen: Pen, t: Tones) -> None:
    """A trail running shoe with woven upper and deep lugs."""
    _pair(pen, t, _trail_shoe)


def _trail_shoe(pen: Pen, t: Tones) -> None:
    upper = (
        "M112 470 C112 430 140 416 166 424 C200 470 262 470 300 424 Q318 408 340 420 C400 492 480 520 580 536 "
        "C660 552 690 590 690 640 L120 640 C104 580 112 520 112 470 Z"
    )
    pen.fill(upper, t.base)
    with pen.clip(upper):
        pen.fill("M90 410 L200 430 Q176 560 210 660 L90 660 Z", t.shade)
        for step in range(34):
            pen.line(f"M{200 + step * 15} 430 l-70 210", t.light, 3, opacity=0.55)
        pen.fill("M560 530 Q640 560 650 660 L720 660 L720 520 Z", t.deep)
        pen.fill("M90 600 Q400 560 720 610 L720 660 L90 660 Z", t.deep)
        pen.fill("M330 640 Q340 540 270 470 L310 452 Q400 540 392 640 Z", CREAM.base)
        pen.fill("M420 640 Q430 560 370 500 L396 488 Q470 560 466 640 Z", CREAM.base)
    pen.fill(
        "M112 470 C112 430 140 416 166 424 C200 470 262 470 300 424 Q318 408 340 420 L318 452 C264 "
        "510 176 500 150 460 Z",
        t.deep,
    )
    pen.line("M150 462 C178 500 262 510 318 452", CREAM.base, 5)
    pen.line("M128 424 C112 376 146 368 160 412", CREAM.shade, 10)
    for x, y in ((344, 430), (376, 462), (414, 490), (456, 510)):
        pen.line(f"M{x - 18} {y + 24} L{x + 26} {y - 4}", CREAM.light, 9)
    pen.line("M350 416 C390 372 430 392 412 424 M350 416 C330 372 296 380 306 408", CREAM.light, 7)
    sole = "M104 620 C240 600 320 650 440 646 C560 640 640 610 704 620 Q716 650 690 678 L120 678 Q94 660 104 620 Z"
    pen.fill(sole, CREAM.light)
    with pen.clip(sole):
        pen.fill("M90 656 Q400 690 720 650 L720 700 L90 700 Z", CREAM.deep)
        pen.fill("M90 610 L200 610 Q190 650 210 690 L90 690 Z", "#e58b3f")
    pen.line("M230 640 Q320 668 440 664", CREAM.line, 3, opacity=0.6)
    pen.fill("M112 670 L694 670 L684 690 L112 690 Z", RUBBER.base)
    for x in range(124, 670, 42):
        pen.fill(f"M{x} 684 L{x + 28} 684 L{x + 23} 704 L{x + 6} 704 Z", RUBBER.base)


@subject(floor=690, foot=(400, 330), focus=(390, 520), zoom=1.6, size=0.96, shape="wide")
def sneaker(pen: Pen, t: Tones) -> None:
    """A plain canvas sneaker."""
    _pair(pen, t, _sneaker)


def _sneaker(pen: Pen, t: Tones) -> None:
    upper = (
        "M126 450 Q128 428 152 430 C196 470 260 466 310 416 Q326 404 342 418 C386 488 460 528 560 "
        "540 C640 550 672 580 676 640 "
        "L124 640 C112 580 124 520 126 450 Z"
    )
    pen.fill(upper, t.base)
    with pen.clip(upper):
        pen.fill("M100 420 L206 420 Q190 560 216 660 L100 660 Z", t.light)
        pen.fill("M500 520 Q560 570 560 660 L700 660 L700 520 Z", t.shade)
        pen.fill("M100 612 L700 612 L700 660 L100 660 Z", t.deep, 0.5)
    pen.fill("M558 540 C640 550 672 580 676 640 L560 640 Q580 590 530 536 Z", CREAM.light)
    pen.line("M530 536 Q580 590 560 640", t.line, 3)
    pen.line("M148 440 C196 490 270 484 326 416", t.line, 4)
    pen.line("M150 456 C200 504 276 498 330 434", t.line, 2.5, "5 7")
    pen.line("M330 640 C330 560 296 520 262 488", t.line, 3)
    pen.line("M342 640 C342 560 310 514 276 482", t.line, 2.5, "5 7")
    pen.line("M306 430 C360 510 430 552 530 566", t.line, 3)
    for x, y in ((330, 440), (362, 474), (400, 504), (444, 528), (490, 544)):
        pen.line(f"M{x - 24} {y + 28} L{x + 14} {y - 6}", CREAM.light, 10)
        pen.disc(x - 26, y + 30, 7, BRASS.base)
    pen.line("M338 420 C310 370 268 390 292 426 M338 420 C376 370 414 386 396 424 M292 426 L282 452", CREAM.light, 7)
    pen.box(108, 470, 24, 92, t.deep, 8)
    pen.fill("M110 628 L682 628 Q694 640 690 690 L124 690 Q100 670 110 628 Z", CREAM.light)
    pen.line("M114 652 L690 652", LEATHER.base, 5)
    pen.fill("M112 676 L690 676 L688 692 L122 692 Z", CREAM.deep)
    for x in range(590, 690, 13):
        pen.line(f"M{x} 634 L{x} 646", CREAM.line, 3, opacity=0.6)


_SOLE = (
    "M250 150 C330 140 372 220 366 330 C362 420 336 470 334 560 C332 660 350 720 342 790 C334 "
    "860 290 884 246 882 "
    "C196 880 162 850 162 790 C162 700 176 640 168 560 C160 470 126 420 128 320 C132 220 176 158 250 150 Z"
)


@subject(focus=(260, 480), zoom=1.7)
def sandal(pen: Pen, t: Tones) -> None:
    """A pair of river sandals from above, webbing through the sole."""
    for _ in pen.sides():
        with pen.group("translate(14 0) rotate(-3 250 520)"):
            _sandal(pen, t)


def _sandal(pen: Pen, t: Tones) -> None:
    pen.cast(_SOLE)
    pen.fill(_SOLE, RUBBER.base)
    with pen.group("translate(17 34) scale(0.932)"):
        pen.fill(_SOLE, LEATHER.light)
        with pen.clip(_SOLE):
            pen.fill("M300 140 C360 300 300 500 300 600 C300 700 320 800 280 900 L400 900 L400 140 Z", LEATHER.base)
            for row in range(30):
                pen.line(
                    f"M120 {180 + row * 24} Q250 {160 + row * 24} 380 {180 + row * 24}", LEATHER.deep, 3, opacity=0.5
                )
    for strap, width in (
        ("M126 340 C200 320 280 400 352 420", 58),
        ("M370 300 C300 310 200 400 144 440", 58),
        ("M160 610 C210 560 290 560 342 610", 62),
    ):
        pen.line(strap, t.deep, width + 6)
        pen.line(strap, t.base, width)
        pen.line(strap, t.line, 2.5, "7 8", opacity=0.8)
    pen.line("M140 330 C200 316 276 380 346 404", t.light, 7)
    pen.line("M166 592 C214 544 290 544 336 594", t.light, 7)
    pen.fill("M150 690 C120 640 130 590 160 590 L178 620 C164 640 170 680 182 716 Z", t.shade)
    pen.fill("M350 690 C380 640 370 590 340 590 L322 620 C336 640 330 680 318 716 Z", t.shade)
    pen.line("M162 704 C180 772 322 772 340 704", t.base, 44)
    pen.line("M166 700 C190 752 312 752 334 700", t.light, 6)
    pen.box(226, 540, 60, 58, INK.base, 10)
    pen.box(240, 554, 32, 30, t.light, 5)
    pen.box(226, 740, 50, 26, CREAM.base, 4)
    pen.line("M236 753 L266 753", t.line, 5)


@subject(focus=(260, 420), zoom=1.7)
def slipper(pen: Pen, t: Tones) -> None:
    """A pair of felt hut slippers from above."""
    for _ in pen.sides():
        with pen.group("translate(14 0) rotate(-3 250 520)"):
            _slipper(pen, t)


def _slipper(pen: Pen, t: Tones) -> None:
    pen.cast(_SOLE)
    pen.fill(_SOLE, LEATHER.base)
    with pen.group("translate(12 22) scale(0.952)"):
        pen.fill(_SOLE, t.base)
        with pen.clip(_SOLE):
            pen.fill("M310 140 C380 300 310 480 310 600 C310 700 330 800 290 900 L400 900 L400 140 Z", t.shade)
            pen.fill("M100 140 L240 150 C160 220 160 360 200 480 L196 900 L100 900 Z", t.light)
            for x, y in (
                (200, 230),
                (280, 210),
                (240, 290),
                (310, 300),
                (180, 330),
                (260, 370),
                (210, 420),
                (310, 400),
            ):
                pen.line(f"M{x} {y} q10 -8 20 2", t.line, 3, opacity=0.4)
        opening = (
            "M250 452 C316 452 326 520 318 600 C314 680 326 740 314 790 C304 836 280 850 250 850 C218 "
            "850 194 836 188 790 "
            "C180 740 190 680 184 600 C178 520 186 452 250 452 Z"
        )
        pen.fill(opening, CREAM.deep)
        with pen.clip(opening):
            pen.fill("M170 440 L330 440 L330 560 Q250 500 170 560 Z", t.deep)
            pen.fill(
                "M210 560 C240 530 290 540 296 620 C300 720 300 800 250 830 C210 820 206 700 204 640 Z", CREAM.base
            )
        pen.line(opening, t.light, 17)
        pen.line(opening, LEATHER.base, 3, "4 10")
        pen.line("M250 452 C250 400 250 300 246 170", t.line, 4)
        pen.line("M262 446 C262 400 262 300 258 176", t.line, 2.5, "6 8")
        pen.box(288, 560, 30, 18, LEATHER.base, 3)
