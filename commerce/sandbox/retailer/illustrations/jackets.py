"""Rain shell, down jacket, waxed jacket, vest and fleece."""

from __future__ import annotations

from .garment import cloth, mirrored
from .materials import BRASS, CREAM, INK, LEATHER
from .pen import Pen, repeated, sym
from .stage import subject
from .tones import Tones

_SLEEVE = "M246 258 C174 276 144 330 130 420 L82 699 Q80 718 102 721 L160 730 Q180 732 184 714 L263 430 Z"
_BODY = "M400 262 L340 244 L226 262 C212 320 220 420 216 511 L206 760 Q204 774 222 775 Q340 781 400 781"


@subject(focus=(400, 330), zoom=1.9, size=1.02)
def shell(pen: Pen, t: Tones) -> None:
    """A hooded rain shell, water-tight zips."""
    hood_back = sym("M400 132 C320 132 246 180 254 270 L400 300")
    pen.cast(hood_back)
    cloth(pen, t, sym(_BODY), _SLEEVE)
    pen.fill(hood_back, t.base)
    with pen.clip(hood_back):
        pen.fill("M430 120 C502 150 546 200 537 320 L620 320 L600 120 Z", t.shade)
        pen.fill("M232 120 L370 120 Q320 160 320 300 L232 300 Z", t.light)
    inside = sym("M400 172 C352 172 320 206 329 262 Q352 306 400 318")
    pen.fill(inside, t.deep)
    pen.fill(sym("M400 196 C366 196 350 222 354 268 Q370 296 400 306"), INK.base)
    pen.fill("M329 262 Q352 306 400 318 L400 372 Q320 350 268 292 Z", t.light)
    pen.fill("M471 262 Q448 306 400 318 L400 372 Q480 350 532 292 Z", t.base)
    pen.line("M268 292 Q320 350 400 372 Q480 350 532 292", t.line, 3)
    pen.line("M400 312 L400 777", t.deep, 14)
    pen.line("M400 318 L400 777", t.line, 4)
    pen.box(393, 340, 14, 34, CREAM.base, 5)
    for _ in pen.sides():
        pen.line("M276 588 L338 486", t.deep, 11)
        pen.line("M276 588 L338 486", t.line, 3)
        pen.line("M237 262 C254 330 254 390 254 440", t.line, 3)
        pen.line("M96 659 L176 671", t.line, 3)
        pen.box(106, 673, 46, 26, t.deep, 6)
        pen.line("M352 250 L338 330", CREAM.shade, 4)
        pen.disc(338, 334, 6, INK.base)
    pen.line("M212 737 L588 737", t.line, 3)
    pen.line("M281 400 L370 400", t.deep, 9)
    pen.box(462, 430, 44, 12, CREAM.base, 4)


@subject(focus=(360, 420), zoom=1.9, size=1.02)
def puffer(pen: Pen, t: Tones) -> None:
    """A down jacket with quilted baffles and a high collar."""
    sleeve = (
        "M254 246 C180 256 140 310 126 380 Q102 400 112 440 Q86 464 98 502 Q72 528 86 567 Q64 594 78 629 "
        "Q64 668 86 701 L172 713 Q192 668 192 615 Q216 546 216 494 L268 420 Z"
    )
    body = (
        "M400 236 L298 232 L226 254 Q206 300 216 340 Q194 380 208 424 Q188 464 204 504 Q184 542 202 584 "
        "Q184 622 200 662 Q188 702 206 742 Q320 756 400 756"
    )
    cloth(pen, t, sym(body), sleeve)
    with pen.clip(sym(body)):
        for y in (340, 420, 500, 580, 660):
            pen.fill(f"M180 {y} Q400 {y + 20} 620 {y} L620 {y + 13} Q400 {y + 36} 180 {y + 13} Z", t.deep, 0.55)
            pen.line(f"M180 {y} Q400 {y + 20} 620 {y}", t.line, 3)
            for x in (270, 310, 354, 446, 492, 534):
                pen.line(f"M{x} {y + 16} L{x + (400 - x) * 0.06:g} {y + 34}", t.line, 3, opacity=0.6)
    for outline in (sleeve, mirrored(sleeve)):
        with pen.clip(outline):
            for step, y in enumerate((376, 438, 500, 564, 628)):
                left = f"M40 {y - 6} Q140 {y + 30} 262 {y - 30 + step * 6}"
                pen.line(left if outline == sleeve else mirrored(left), t.line, 3)
    for _ in pen.sides():
        pen.box(80, 699, 98, 30, t.deep, 10)
        pen.line("M262 600 L312 506", INK.base, 9)
        pen.line("M262 600 L312 506", CREAM.shade, 2, "2 6")
    collar = sym("M400 172 Q346 160 312 186 Q281 214 294 252 Q356 276 400 276")
    pen.fill(collar, t.light)
    with pen.clip(collar):
        pen.fill("M440 150 L546 150 L546 300 L436 300 Z", t.base)
        pen.line("M290 222 Q400 246 510 222", t.line, 3)
    pen.fill(sym("M400 178 Q356 168 340 186 Q370 204 400 204"), t.deep)
    pen.line("M400 204 L400 754", INK.base, 12)
    pen.line("M400 210 L400 751", CREAM.shade, 3, "2 7")
    pen.box(393, 214, 14, 36, LEATHER.base, 6)
    pen.fill(sym("M400 739 L204 734 L206 754 Q320 768 400 768"), t.deep)
    pen.box(466, 372, 44, 28, CREAM.base, 4)
    pen.line("M476 386 L500 386", t.line, 4)


@subject(focus=(400, 300), zoom=1.9, size=1.02)
def field_jacket(pen: Pen, t: Tones) -> None:
    """A waxed jacket with corduroy collar and four pockets."""
    cloth(pen, t, sym(_BODY), _SLEEVE)
    lining = "M340 244 Q400 268 460 244 L420 330 L400 372 L380 330 Z"
    pen.fill(lining, CREAM.shade)
    for step in range(4):
        pen.line(
            f"M{356 + step * 10} {262 + step * 20} L{444 - step * 10} {262 + step * 20}", LEATHER.base, 3, opacity=0.7
        )
    cord = LEATHER
    for _ in pen.sides():
        pen.fill("M340 250 Q312 226 344 206 L372 194 Q356 254 397 372 L376 376 Q318 330 298 284 Z", cord.base)
        for shift in range(5):
            pen.line(
                f"M{334 + shift * 7} {228 + shift * -5} Q{322 + shift * 10} 290 {372 + shift * 4} 364", cord.deep, 2
            )
    pen.fill("M352 204 Q400 186 448 204 Q400 234 352 204 Z", cord.deep)
    pen.line("M352 204 Q400 186 448 204", cord.light, 5)
    pen.fill("M386 366 L420 366 L420 779 L386 779 Z", t.shade)
    pen.line("M386 370 L386 777 M420 370 L420 777", t.line, 3)
    for y in range(406, 760, 62):
        pen.disc(403, y, 9, BRASS.base)
        pen.disc(401, y - 2, 3, BRASS.light)
    for _ in pen.sides():
        pen.fill("M246 590 L360 590 L360 702 Q360 714 348 714 L258 714 Q244 714 244 700 Z", t.shade)
        pen.fill("M240 576 L366 576 L366 618 Q303 638 240 618 Z", t.base)
        pen.line("M240 618 Q303 638 366 618", t.line, 3)
        pen.disc(303, 614, 8, BRASS.base)
        pen.line("M262 484 L348 462 L348 506", t.line, 4)
        pen.line("M237 262 C259 330 259 390 259 440", t.line, 3)
        pen.line("M90 676 L178 688", t.line, 4)
    pen.line("M210 754 L380 758 M590 754 L424 758", t.line, 3, "6 8")


@subject(focus=(340, 400), zoom=1.9, size=1.1, shape="tall")
def vest(pen: Pen, t: Tones) -> None:
    """An insulated vest with diagonal quilting and stretch sides."""
    body = sym(
        "M400 250 L334 226 L232 246 C259 320 237 380 202 432 C196 528 202 633 196 742 Q196 760 216 761 Q340 768 400 768"
    )
    cloth(pen, t, body)
    with pen.clip(body):
        for step in range(-6, 12):
            y = 250 + step * 66
            pen.line(f"M176 {y} L400 {y + 92} L624 {y}", t.line, 3)
            pen.fill(f"M176 {y} L400 {y + 92} L624 {y} L624 {y + 10} L400 {y + 104} L176 {y + 10} Z", t.deep, 0.35)
        for d in (
            "M180 430 L202 430 Q246 467 237 546 L228 781 L180 781 Z",
            "M620 430 L598 430 Q554 467 563 546 L572 781 L620 781 Z",
        ):
            pen.fill(d, t.deep)
    for _ in pen.sides():
        pen.line("M232 246 C259 320 237 380 202 432", t.deep, 13)
        pen.line("M296 628 L340 540", INK.base, 8)
        pen.line("M296 628 L340 540", CREAM.shade, 2, "2 6")
    collar = sym("M400 178 Q352 166 325 190 Q303 214 325 246 Q366 268 400 268")
    pen.fill(collar, t.light)
    pen.fill("M440 176 Q466 176 475 190 Q497 214 475 246 Q452 258 436 262 Z", t.base)
    pen.fill(sym("M400 186 Q362 176 346 192 Q372 210 400 210"), t.deep)
    pen.line("M400 212 L400 765", INK.base, 12)
    pen.line("M400 216 L400 761", CREAM.shade, 3, "2 7")
    pen.box(393, 220, 14, 36, LEATHER.base, 6)
    pen.fill(sym("M400 746 L196 741 Q196 760 216 761 Q340 768 400 768"), t.deep)


@subject(focus=(430, 400), zoom=1.9, size=1.02)
def fleece(pen: Pen, t: Tones) -> None:
    """A pile fleece with snap placket and a woven chest pocket."""
    cloth(pen, t, sym(_BODY), _SLEEVE)
    trim = INK if t.base > "#999999" else CREAM
    with pen.clip(f"{_SLEEVE} {mirrored(_SLEEVE)} {sym(_BODY)}"):
        pile = repeated("q6 8 13 2", range(76, 750, 42), range(262, 850, 22), stagger=21)
        pen.line(pile, t.line, 2.5, opacity=0.28)
    for _ in pen.sides():
        pen.fill("M88 681 L184 695 L180 720 Q178 732 160 730 L102 721 Q80 718 82 699 Z", LEATHER.base)
        pen.line("M237 262 C254 330 254 390 259 440", t.line, 3, opacity=0.7)
    pen.fill(sym("M400 754 L206 751 L206 760 Q204 774 222 775 Q340 781 400 781"), LEATHER.base)
    collar = sym("M400 196 Q350 184 320 208 Q303 232 325 256 Q366 280 400 280")
    pen.fill(collar, t.light)
    pen.fill(sym("M400 204 Q360 194 346 210 Q372 228 400 228"), LEATHER.light)
    pen.line("M326 212 Q350 184 400 196 Q450 184 474 212", LEATHER.base, 9)
    pen.fill("M384 232 L418 232 L418 467 L384 467 Z", LEATHER.base)
    pen.line("M384 467 L418 467 M384 240 L384 467 M418 240 L418 467", LEATHER.deep, 3)
    for y in (262, 322, 382, 442):
        pen.disc(401, y, 9, BRASS.light)
        pen.disc(401, y, 4, BRASS.deep)
    pen.fill("M450 400 L542 400 L542 486 Q542 500 528 500 L464 500 Q450 500 450 486 Z", LEATHER.base)
    pen.fill("M445 384 L547 384 L547 428 Q496 448 445 428 Z", LEATHER.light)
    pen.disc(496, 426, 7, trim.base)
