"""Tees, sweater, flannel shirt and hoodie."""

from __future__ import annotations

from .garment import cloth, mirrored, ribs
from .materials import CREAM, LEATHER, WOOD
from .pen import Pen, repeated, sym
from .stage import subject
from .tones import Tones

_SHORT = "M254 238 C196 250 168 276 146 310 L72 430 Q64 446 78 455 L156 499 Q170 504 178 494 L268 400 Z"
_TRUNK = "M400 240 Q360 232 329 214 L232 240 C222 330 237 459 228 546 L222 760 Q222 772 250 774 Q340 777 400 777"
_LONG = "M250 238 C178 254 150 310 138 400 L82 685 Q80 701 98 704 L152 713 Q170 714 174 699 L268 430 Z"


def _tee(pen: Pen, t: Tones) -> None:
    cloth(pen, t, sym(_TRUNK), _SHORT)
    pen.fill("M329 214 Q400 234 471 214 Q440 290 400 290 Q360 290 329 214 Z", t.deep)
    pen.fill("M346 220 Q400 236 454 220 Q430 252 400 252 Q370 252 346 220 Z", t.shade)
    pen.line("M329 216 Q356 292 400 292 Q444 292 471 216", t.light, 15)
    pen.line("M344 222 Q362 278 400 280 Q438 278 456 222", t.line, 3)
    pen.line("M316 222 Q350 304 400 304 Q450 304 484 222", t.line, 3)
    for _ in pen.sides():
        pen.line("M237 250 C259 320 268 370 268 400", t.line, 3)
        pen.line("M90 438 L170 483", t.line, 3, "5 8")
        pen.line("M246 467 Q312 494 372 500 M237 615 Q276 626 320 627", t.line, 3, opacity=0.45)
    pen.line("M224 753 Q400 760 576 753", t.line, 3, "5 8")


@subject(focus=(390, 310), zoom=1.9, size=1.04)
def tee(pen: Pen, t: Tones) -> None:
    """A fine merino tee."""
    _tee(pen, t)
    pen.box(384, 238, 32, 20, CREAM.base, 3)
    pen.box(238, 706, 16, 34, CREAM.shade, 3)


@subject(focus=(420, 360), zoom=1.9, size=1.04)
def pocket_tee(pen: Pen, t: Tones) -> None:
    """A heavy tee with a chest pocket."""
    _tee(pen, t)
    pen.fill("M440 382 L530 382 L530 470 L485 492 L440 470 Z", t.deep, 0.35)
    pen.fill("M434 372 L524 372 L524 462 L479 484 L434 462 Z", t.base)
    pen.line("M434 372 L524 372 L524 462 L479 484 L434 462 Z", t.line, 3)
    pen.line("M434 390 L524 390", t.line, 3, "5 7")
    pen.box(428, 424, 10, 22, LEATHER.base, 2)
    pen.box(384, 238, 32, 20, LEATHER.base, 3)


@subject(focus=(400, 300), zoom=1.9, size=1.02)
def sweater(pen: Pen, t: Tones) -> None:
    """A lambswool crew neck with cable panel and ribs."""
    body = sym(_TRUNK)
    cloth(pen, t, body, _LONG)
    with pen.clip(body):
        for x in (300, 500):
            for y in range(330, 730, 44):
                pen.line(
                    f"M{x - 12} {y} Q{x} {y + 12} {x} {y + 22} Q{x} {y + 34} {x + 12} {y + 44}", t.line, 4, opacity=0.6
                )
                pen.line(
                    f"M{x + 12} {y} Q{x} {y + 12} {x} {y + 22} Q{x} {y + 34} {x - 12} {y + 44}", t.line, 4, opacity=0.6
                )
        pen.line(repeated("l7 10 l7 -10", range(327, 480, 22), range(330, 724, 24)), t.line, 2.5, opacity=0.4)
    for _ in pen.sides():
        with pen.clip(_LONG):
            pen.line(repeated("l7 10 l7 -10", range(73, 260, 24), range(330, 660, 26)), t.line, 2.5, opacity=0.3)
    pen.fill(sym("M400 728 L220 725 L222 760 Q222 772 250 774 Q340 777 400 777"), t.shade)
    ribs(pen, t, 224, 727, 352, 48)
    for _ in pen.sides():
        pen.fill("M92 636 L190 650 L174 699 Q170 714 152 713 L98 704 Q80 701 82 685 Z", t.shade)
        for shift in range(7):
            pen.line(
                f"M{102 + shift * 12} {644 + shift * 2} L{95 + shift * 11} {696 + shift * 2}", t.line, 2.5, opacity=0.55
            )
        pen.line("M254 246 C320 300 320 400 272 440", t.line, 3)
    pen.fill("M340 216 Q400 238 460 216 Q440 268 400 268 Q360 268 340 216 Z", t.deep)
    pen.line("M329 214 Q356 284 400 284 Q444 284 471 214", t.shade, 26)
    for shift in range(9):
        x = 344 + shift * 14
        bend = 1 - ((shift - 4) / 4.6) ** 2
        pen.line(f"M{x} {222 + bend * 50:g} L{400 + (x - 400) * 1.1:g} {238 + bend * 56:g}", t.line, 2.5, opacity=0.6)
    pen.box(380, 240, 40, 20, CREAM.base, 3)


@subject(focus=(400, 320), zoom=1.9, size=1.02)
def flannel(pen: Pen, t: Tones) -> None:
    """A checked flannel shirt with two pockets."""
    body = sym(_TRUNK)
    cloth(pen, t, body, _LONG)
    for outline, tilt in ((_LONG, 11), (mirrored(_LONG), -11), (body, 0)):
        with pen.clip(outline), pen.group(f"rotate({tilt} 400 260)"):
            for step in range(12):
                pen.box(-20 + step * 76, 100, 34, 860, t.deep, 0, 0.42)
                pen.box(36 + step * 76, 100, 4, 860, CREAM.base, 0, 0.55)
            for step in range(12):
                pen.box(0, 130 + step * 76, 800, 34, t.deep, 0, 0.42)
                pen.box(0, 186 + step * 76, 800, 4, CREAM.base, 0, 0.55)
    pen.fill("M340 218 Q400 240 460 218 L400 320 Z", t.deep)
    pen.box(380, 240, 40, 22, CREAM.base, 3)
    for side in pen.sides():
        pen.fill("M329 206 L281 244 L352 318 L398 292 Q356 262 350 214 Z", t.light if side < 0 else t.base)
        pen.line("M329 206 L281 244 L352 318 L398 292", t.line, 3)
        pen.fill("M276 404 L356 404 L356 486 L316 504 L276 486 Z", t.shade)
        pen.fill("M272 394 L360 394 L360 422 L316 442 L272 422 Z", t.base)
        pen.line("M272 422 L316 442 L360 422", t.line, 3)
        pen.disc(316, 428, 6, WOOD.base)
        pen.line("M90 659 L184 673", t.line, 4)
        pen.line("M254 246 C268 320 272 380 272 430", t.line, 3)
    pen.fill("M384 292 L416 292 L416 777 L384 777 Z", t.shade)
    pen.line("M384 296 L384 775 M416 296 L416 775", t.line, 3)
    for y in range(330, 760, 64):
        pen.disc(400, y, 8, WOOD.light)
        pen.disc(400, y, 3, WOOD.deep)


@subject(focus=(400, 280), zoom=1.8, size=1.02)
def hoodie(pen: Pen, t: Tones) -> None:
    """A heavy hoodie with kangaroo pocket."""
    hood = sym("M400 138 C312 138 232 190 254 268 L400 320")
    pen.cast(hood)
    cloth(pen, t, sym(_TRUNK), _LONG)
    pen.fill(hood, t.base)
    with pen.clip(hood):
        pen.fill("M430 130 C515 150 546 210 532 330 L620 330 L600 130 Z", t.shade)
        pen.fill("M220 130 L366 130 Q312 170 320 300 L220 300 Z", t.light)
    pen.line("M400 138 L400 176", t.line, 3)
    pen.fill(sym("M400 176 C352 176 316 210 334 262 Q360 308 400 326"), t.deep)
    pen.fill(sym("M400 202 C366 202 350 224 356 262 Q376 286 400 296"), t.shade)
    pen.box(382, 226, 36, 22, CREAM.base, 3)
    pen.fill("M334 262 Q360 308 400 326 L400 366 Q320 340 259 278 L276 256 Z", t.light)
    pen.fill("M466 262 Q440 308 400 326 L400 366 Q480 340 541 278 L524 256 Z", t.base)
    pen.line("M259 278 Q320 340 400 366 Q480 340 541 278", t.line, 3)
    for _ in pen.sides():
        pen.disc(364, 318, 6, LEATHER.base)
        pen.line("M364 322 Q356 400 366 452", CREAM.base, 7)
        pen.line("M366 452 L367 466", LEATHER.base, 9)
        pen.fill("M92 650 L186 664 L174 699 Q170 714 152 713 L98 704 Q80 701 82 685 Z", t.shade)
        for shift in range(6):
            pen.line(
                f"M{104 + shift * 13} {656 + shift * 2} L{97 + shift * 13} {696 + shift * 2}", t.line, 2.5, opacity=0.5
            )
        pen.line("M246 262 C268 330 272 390 272 440", t.line, 3)
    pen.fill(sym("M400 739 L220 735 L222 760 Q222 772 250 774 Q340 777 400 777"), t.shade)
    ribs(pen, t, 224, 738, 352, 38)
    pocket = sym("M400 572 L334 572 L268 659 L268 723 L400 727")
    pen.fill(pocket, t.shade)
    pen.line(pocket, t.line, 3)
    pen.line("M346 579 L290 662", t.line, 3, "5 7")
    pen.line("M454 579 L510 662", t.line, 3, "5 7")
