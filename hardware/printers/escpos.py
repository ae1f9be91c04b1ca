"""Laid-out marks as ESC/POS bytes for one kind of printer."""

import re
from dataclasses import dataclass, field

from escpos.printer import Dummy
from PIL import Image

from hardware.printers import fonts
from hardware.printers.code_pages import Encoder
from hardware.printers.layout import BarcodeMark, Cut, Feed, Gap, Line, Mark, Picture, QrMark, Span, lay_out
from hardware.printers.profile import PrinterProfile
from hardware.printers.text import printable
from hardware.protocol import ReceiptDocument

CELL = (12, 24)  # dots of a character of the normal font
SMALL_CELL = (9, 17)
_BARCODES = {"upca": 65, "ean13": 67, "ean8": 68, "code39": 69, "itf": 70, "code128": 73}  # m of GS k
_REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])")


@dataclass(frozen=True)
class Printed:
    """Bytes for a printer, and what could not be printed as written, in words."""

    data: bytes
    warnings: list[str] = field(default_factory=list)


def receipt_bytes(document: ReceiptDocument, profile: PrinterProfile, columns: int | None = None) -> Printed:
    """A valid document as the bytes that print it, from `ESC @` to the cut.

    Raises ValueError, in words, for a picture that is none.
    """
    columns = columns or profile.columns
    writer = _Writer(profile, columns)
    for mark in lay_out(document, columns):
        writer.write(mark)
    return Printed(writer.out.output, writer.warnings())


def kick_bytes(profile: PrinterProfile, *, offline: bool = False) -> bytes:
    """The pulse that opens the drawer.

    A printer without paper or with its cover open is offline and takes only real-time commands: `offline=True`.
    """
    if offline:
        return b"\x10\x14\x01" + bytes([0 if profile.drawer_pin == 2 else 1, 2])
    out = Dummy()
    out.cashdraw(profile.drawer_pin)
    return bytes(out.output)


class _Writer:
    def __init__(self, profile: PrinterProfile, columns: int) -> None:
        self.profile, self.columns = profile, columns
        self.out = Dummy(profile=profile.model)
        self.encoder = Encoder(profile.model)
        self.missing: dict[str, None] = {}
        self.unshaped = False
        self.out.hw("INIT")
        # Pictures and text start at the same left edge, wherever the paper's columns do not fill the print head.
        self.margin = (profile.dots - columns * CELL[0]) // 2
        if self.margin > 0:
            self.out._raw(b"\x1dL" + self.margin.to_bytes(2, "little"))

    def write(self, mark: Mark) -> None:
        match mark:
            case Line():
                self.line(mark)
            case BarcodeMark():
                self.barcode(mark)
            case QrMark():
                self.qr(mark)
            case Picture():
                self.picture(mark)
            case Feed():
                self.out.print_and_feed(mark.lines)
            case Gap():
                self.out._raw(b"\x1bJ\x0a")
            case Cut():
                self.cut(mark)

    def line(self, line: Line) -> None:
        chars = [char for span in line.spans for char in span.text]
        if all(self.encoder.can_encode(char) for char in chars):
            tight = all(span.small for span in line.spans)
            self.out._raw(b"\x1b3\x18" if tight else b"")
            for span in line.spans:
                self.span(span)
            self.out._raw(b"\n\x1b2" if tight else b"\n")
            return
        self.missing |= dict.fromkeys(fonts.missing_characters("".join(chars)))
        self.unshaped |= any(map(fonts.is_right_to_left, chars)) and not fonts.can_shape()
        masks = [_span_mask(span) for span in line.spans]
        self.raster(masks)

    def span(self, span: Span) -> None:
        text = span.text if span.invert else span.text.rstrip(" ") if span.text.strip(" ") else ""
        mode = (span.small * 0x01) | (span.bold * 0x08) | (span.tall * 0x10) | (span.wide * 0x20)
        self.out._raw(b"\x1b!" + bytes([mode]) if mode else b"")
        self.out._raw(b"\x1dB\x01" if span.invert else b"")
        self.out._raw(self.encoder.encode(text))
        self.out._raw(b"\x1dB\x00" if span.invert else b"")
        self.out._raw(b"\x1b!\x00" if mode else b"")

    def raster(self, masks: list[Image.Image]) -> None:
        height = max(mask.height for mask in masks) + 6  # the gap that a line of text has below it
        row = Image.new("L", (sum(mask.width for mask in masks), height), 255)
        left = 0
        for mask in masks:
            row.paste(0, (left, height - 6 - mask.height), mask)
            left += mask.width
        self.image(row.point(lambda ink: 255 if ink > 140 else 0))

    def picture(self, mark: Picture) -> None:
        image, paper = mark.image, self.columns * CELL[0]
        width = min(paper, paper * mark.width // 100 if mark.width else image.width)
        if width != image.width:
            image = image.resize((width, max(1, image.height * width // image.width)), Image.Resampling.LANCZOS)
        room = paper - width
        row = Image.new("L", (paper, image.height), 255)
        row.paste(image, ({"left": 0, "center": room // 2, "right": room}[mark.align], 0))
        self.image(row.convert("1").convert("L"))

    def image(self, image: Image.Image) -> None:
        picture = Dummy(profile=self.profile.model)
        picture.image(image.crop((0, 0, min(image.width, self.profile.dots), image.height)), impl="bitImageRaster")
        # A printer obeys DLE EOT, ENQ and DC4 even inside a picture: one dot less keeps the drawer closed.
        self.out._raw(_REAL_TIME.sub(b"\x00", picture.output))

    def barcode(self, mark: BarcodeMark) -> None:
        data = "".join(char for char in printable(mark.data) if " " <= char <= "~")
        dots, coded = _barcode_width(mark.symbology, data), data
        if mark.symbology == "code128":
            coded = "{B" + data.replace("{", "{{")
            pairs = _pairs(data)
            if pairs:
                coded = "{C" + pairs
        width = next((width for width in (3, 2) if dots * width <= self.columns * CELL[0]), None)
        if width is None:
            self.line(Line((Span(data.center(self.columns)),)))
            return
        self.out._raw(
            b"\x1ba\x01\x1dh\x48\x1df\x00\x1dw" + bytes([width]) + b"\x1dH" + (b"\x02" if mark.caption else b"\x00")
        )
        self.out._raw(b"\x1dk" + bytes([_BARCODES[mark.symbology], len(coded)]) + coded.encode("ascii") + b"\x1ba\x00")

    def qr(self, mark: QrMark) -> None:
        self.out._raw(b"\x1ba\x01")
        self.out.qr(mark.data, size=mark.dots, native=True, ec=1)
        self.out._raw(b"\x1ba\x00")

    def cut(self, mark: Cut) -> None:
        self.out.print_and_feed(self.profile.feed_before_cut)
        if self.profile.cuts:
            self.out._raw(b"\x1dV" + (b"\x01" if mark.mode == "partial" else b"\x00"))

    def warnings(self) -> list[str]:
        found = []
        if self.missing:
            chars = "".join(self.missing)
            found.append(f"No font on this computer has {chars}: a box was printed instead. Install a font for them.")
        if self.unshaped:
            found.append("Arabic and Hebrew need the FriBiDi library (Debian: libfribidi0) to be joined and ordered.")
        return found


def _span_mask(span: Span) -> Image.Image:
    cell, height = SMALL_CELL if span.small else CELL
    mask = fonts.text_picture(span.text, cell * (2 if span.wide else 1), height * (2 if span.tall else 1), span.bold)
    return mask.point(lambda ink: 255 - ink) if span.invert else mask


def _pairs(data: str) -> str:
    """Code 128 in its dense form, two figures per sign; empty where that cannot be or would read as a command."""
    if not data.isdigit() or len(data) % 2:
        return ""
    pairs = "".join(chr(int(data[place : place + 2])) for place in range(0, len(data), 2))
    return "" if _REAL_TIME.search(pairs.encode()) else pairs


def _barcode_width(symbology: str, data: str) -> int:
    """Width in modules, without quiet zones."""
    if symbology == "code128":
        return 11 * (len(_pairs(data) or data) + 3) + 2
    if symbology == "code39":
        return 16 * (len(data) + 2)
    return {"ean13": 95, "upca": 95, "ean8": 67}.get(symbology, 9 * len(data) + 9)
