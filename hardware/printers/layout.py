"""A receipt document laid out in lines of character cells, for paper of any width. Knows no printer commands."""

import base64
import binascii
import io
from dataclasses import dataclass, field
from typing import Any, Literal

from PIL import Image, UnidentifiedImageError

from hardware.printers.text import cut, one_line, pad, printable, text_width, wrap
from hardware.protocol import ReceiptDocument

MAX_IMAGE_PIXELS = 2_000_000
INDENT = 2
_SMALL = 0.75  # width of a cell of the small font beside the normal one
_QR_DOTS = {"small": 4, "medium": 6, "large": 8}


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line in one style. Padding is part of the text."""

    text: str
    bold: bool = False
    wide: bool = False
    tall: bool = False
    small: bool = False
    invert: bool = False

    @property
    def columns(self) -> float:
        """Width in cells of the normal font."""
        return text_width(self.text) * (2 if self.wide else _SMALL if self.small else 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, filling at most the paper's columns."""

    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class BarcodeMark:
    symbology: str
    data: str
    caption: bool


@dataclass(frozen=True, slots=True)
class QrMark:
    data: str
    dots: int  # side of one module


@dataclass(frozen=True, slots=True)
class Picture:
    image: Image.Image  # grayscale, on white
    align: str
    width: int | None  # percent of the paper


@dataclass(frozen=True, slots=True)
class Feed:
    lines: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Air of about a third of a line, where an empty line would be too much."""


@dataclass(frozen=True, slots=True)
class Cut:
    mode: Literal["full", "partial"]


Mark = Line | BarcodeMark | QrMark | Picture | Feed | Gap | Cut


def lay_out(document: ReceiptDocument, columns: int) -> list[Mark]:
    """Everything to print from top to bottom, for paper of so many normal characters.

    The document must be valid (`validate_document`). Raises ValueError, in words, for a picture that is none.
    """
    page = _Page(columns)
    copy = document.get("copy", 0)
    label = document.get("copy_label") or f"COPY {copy}"
    if copy:
        page.banner({"text": label})
        page.feed({"lines": 1})
    for block in document["blocks"]:
        getattr(page, block["type"])(block)
    if copy:
        page.feed({"lines": 1})
        page.banner({"text": label})
    if not isinstance(page.marks[-1], Cut):
        page.cut({})
    return page.marks


@dataclass
class _Page:
    """One method per block type of the protocol, each adding marks."""

    width: int  # of the paper, in normal characters
    marks: list[Mark] = field(default_factory=list)

    def line(self, *spans: Span) -> None:
        self.marks.append(Line(spans))

    def text(self, block: dict[str, Any]) -> None:
        size = block.get("size", "normal")
        wide, small = size in ("wide", "large"), size == "small"
        columns = self.width // 2 if wide else int(self.width / _SMALL) if small else self.width
        for line in wrap(printable(block["text"]), columns):
            self.line(
                Span(
                    pad(line, columns, block.get("align", "left")),
                    bold=block.get("bold", False),
                    wide=wide,
                    tall=size in ("tall", "large"),
                    small=small,
                )
            )

    def banner(self, block: dict[str, Any]) -> None:
        text = one_line(block["text"])
        wide = 2 * text_width(text) <= self.width - 2
        columns = self.width // 2 if wide else self.width
        for line in wrap(text, columns):
            self.line(Span(pad(line, columns, "center"), bold=True, wide=wide, tall=True, invert=True))

    def columns(self, block: dict[str, Any]) -> None:
        self.cells(block["cells"], _cell_widths(block["cells"], self.width), bold=block.get("bold", False))

    def table(self, block: dict[str, Any]) -> None:
        rows = ([block["header"]] if "header" in block else []) + block["rows"]
        count = max(map(len, rows))
        aligns = (block.get("align", ["left"]) + ["right"] * count)[:count]
        rows = [[one_line(text) for text in row] + [""] * (count - len(row)) for row in rows]
        widths = _table_widths([max(text_width(row[number]) for row in rows) for number in range(count)], self.width)
        for number, row in enumerate(rows):
            cells = [{"text": text, "align": align} for text, align in zip(row, aligns, strict=True)]
            self.cells(cells, widths, bold="header" in block and number == 0)

    def cells(self, cells: list[dict[str, Any]], widths: list[int], *, bold: bool) -> None:
        parts = [wrap(printable(cell["text"]), width) for cell, width in zip(cells, widths, strict=True)]
        for row in range(max(map(len, parts))):
            texts = [
                pad(part[row] if row < len(part) else "", width, cell.get("align", "left"))
                for cell, part, width in zip(cells, parts, widths, strict=True)
            ]
            self.line(Span(" ".join(texts), bold=bold))

    def line_item(self, block: dict[str, Any]) -> None:
        self.marks.append(Gap())
        self._label_and_amount(one_line(block["name"]), block.get("amount", ""), bold=False)
        if block.get("detail"):
            self._label_and_amount(one_line(block["detail"]), "", indent=INDENT)
        for note in block.get("notes", []):
            entry = {"text": note} if isinstance(note, str) else note
            self._label_and_amount(one_line(entry["text"]), entry.get("amount", ""), indent=INDENT)

    def total(self, block: dict[str, Any]) -> None:
        label, amount = one_line(block["label"]), one_line(block["amount"])
        emphasis = block.get("emphasis", "normal")
        if emphasis != "grand":
            self._label_and_amount(label, amount, bold=emphasis == "bold")
            return
        wide = 2 * (text_width(label) + text_width(amount) + 1) <= self.width
        columns = self.width // 2 if wide else self.width
        label = pad(label, max(0, columns - text_width(amount) - 1))
        self.line(Span(f"{label} {pad(amount, text_width(amount))}", bold=True, wide=wide, tall=True))

    def _label_and_amount(self, label: str, amount: str, *, bold: bool = False, indent: int = 0) -> None:
        """The label wrapped on the left, the amount at the right end of its first line."""
        amount = cut(one_line(amount), self.width - indent - 4)
        width = self.width - indent - (text_width(amount) + 1 if amount else 0)
        for number, line in enumerate(wrap(label, width)):
            end = f" {pad(amount, text_width(amount))}" if amount and number == 0 else ""
            self.line(Span(" " * indent + pad(line, width) + end, bold=bold))

    def rule(self, block: dict[str, Any]) -> None:
        self.marks.append(Gap())
        drawn = {"single": "─", "double": "═", "dashed": "-"}[block.get("style", "single")]
        self.line(Span(drawn * self.width))

    def feed(self, block: dict[str, Any]) -> None:
        self.marks.append(Feed(block.get("lines", 1)))

    def barcode(self, block: dict[str, Any]) -> None:
        self.marks.append(BarcodeMark(block["symbology"], block["data"], block.get("caption", True)))

    def qr(self, block: dict[str, Any]) -> None:
        self.marks.append(QrMark(printable(block["data"]), _QR_DOTS[block.get("size", "medium")]))
        if block.get("caption"):
            self.marks.append(Gap())
            self.text({"text": block["caption"], "align": "center", "size": "small"})

    def image(self, block: dict[str, Any]) -> None:
        self.marks.append(Picture(_picture(block["png_base64"]), block.get("align", "center"), block.get("width")))

    def cut(self, block: dict[str, Any]) -> None:
        self.marks.append(Cut(block.get("mode", "partial")))


def _cell_widths(cells: list[dict[str, Any]], columns: int) -> list[int]:
    """Characters per cell by share of the line, one space between cells."""
    room = columns - (len(cells) - 1)
    shares = [cell.get("width", 1) for cell in cells]
    natural = [min(max(1, text_width(one_line(cell["text"]))), room // 2) for cell in cells]
    widths = [0 if share else width for share, width in zip(shares, natural, strict=True)]
    left, total = room - sum(widths), sum(shares)
    for number, share in enumerate(shares):
        if share:
            widths[number] = max(1, left * share // total)
            left, total = left - widths[number], total - share
    return widths


def _table_widths(longest: list[int], columns: int) -> list[int]:
    """Characters per column: as long as its longest text, the first one taking what is left of the line."""
    room = columns - (len(longest) - 1)
    fair = max(1, room // len(longest))
    others = longest[1:] if sum(longest[1:]) <= room - fair else [min(width, fair) for width in longest[1:]]
    airy = [width + 1 for width in others]
    others = airy if longest[0] + sum(airy) <= room else others
    return [room - sum(others), *others]


def _picture(png_base64: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(base64.b64decode(png_base64, validate=True)), formats=["PNG"])
        if image.width * image.height > MAX_IMAGE_PIXELS:
            raise ValueError(f"A picture may have at most {MAX_IMAGE_PIXELS:,} dots.")
        rgba = image.convert("RGBA")
    except (binascii.Error, UnidentifiedImageError, OSError) as error:
        raise ValueError("A picture of the document is not a PNG.") from error
    white = Image.new("RGBA", rgba.size, "white")
    return Image.alpha_composite(white, rgba).convert("L")
