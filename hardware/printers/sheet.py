"""Paper under a print head: letters and pictures put on it line by line."""

import io
from dataclasses import dataclass, field

from PIL import Image

from hardware.printers import fonts
from hardware.printers.code_pages import page_characters, profile_pages

INK, PAPER = (38, 36, 40), (253, 252, 249)
_PALETTE = [paper + (ink - paper) * shade // 255 for shade in range(256) for ink, paper in zip(INK, PAPER, strict=True)]
MARGIN = 28  # dots of bare paper on each side of the print head


@dataclass(frozen=True)
class Rendered:
    """One stretch of paper."""

    image: Image.Image  # with a palette from paper to ink
    events: list[str]  # "barcode 4006381333931", "qr https://…", "cut", "drawer kick pin 2", "unknown 1b 7a"
    lines: list[str]  # the text as printed, without spaces at the ends

    def png(self) -> bytes:
        """The picture as a file."""
        out = io.BytesIO()
        self.image.save(out, "PNG")
        return out.getvalue()


@dataclass
class Style:
    page: int = 0
    small: bool = False
    bold: bool = False
    invert: bool = False
    underline: int = 0
    wide: int = 1
    tall: int = 1
    align: int = 0
    spacing: int = 30
    char_space: int = 0
    upside_down: bool = False
    kanji: bool = False


@dataclass
class _Line:
    items: list[tuple[int, Image.Image]] = field(default_factory=list)  # position, mask
    x: int = 0
    text: str = ""


class Sheet:
    """The paper so far, the line that is being put together, and how the next letter will look.

    `dots` is the width of the print head, `scale` how many pixels a dot gets, `model` decides the code pages.
    """

    def __init__(self, dots: int, scale: int, model: str) -> None:
        self.dots, self.scale = dots, scale
        self.pages = profile_pages(model)
        self.reset()
        self._tear()

    def reset(self) -> None:
        """As after switching on; the paper stays."""
        self.style, self.line = Style(), _Line()
        self.left, self.width = 0, self.dots

    def _tear(self) -> None:
        self.strips: list[tuple[int, int, Image.Image]] = []  # left, top, mask
        self.y = 0
        self.events: list[str] = []
        self.lines: list[str] = []

    def take(self) -> Rendered:
        """The paper so far, torn off. What is set (style, code page) stays set."""
        if self.line.items or self.line.text:
            self.flush()
        height, scale = max(self.y, 24), self.scale
        size = ((self.dots + 2 * MARGIN) * scale, (height + 2 * MARGIN) * scale)
        image = Image.new("L", size, 0)
        for left, top, mask in self.strips:
            image.paste(255, ((left + MARGIN) * scale, (top + MARGIN) * scale), mask)
        image.putpalette(_PALETTE)  # turns it from "L" into "P": a third of the bytes, a fraction of the time
        rendered = Rendered(image, self.events, self.lines)
        self._tear()
        return rendered

    def cell(self) -> tuple[int, int]:
        return (9, 17) if self.style.small else (12, 24)

    def print_text(self, data: bytes) -> None:
        """Letters into the line, wrapping at its end."""
        if self.style.kanji:
            for char in data.decode("gb18030", "replace"):
                self.print_char(char)
            return
        table = page_characters(self.pages.get(self.style.page, "CP437"))
        for byte in data:
            self.print_char(chr(byte) if byte < 0x80 else table[byte - 0x80])

    def print_char(self, char: str) -> None:
        style, scale = self.style, self.scale
        width, height = self.cell()
        mask = fonts.glyph(char, width * style.wide * scale, height * style.tall * scale, style.bold)
        if style.underline or style.invert or style.char_space:
            space = style.char_space * style.wide * scale
            whole = Image.new("L", (mask.width + space, mask.height))
            whole.paste(mask, (0, 0))
            if style.underline:
                whole.paste(255, (0, mask.height - 2 * scale, whole.width, mask.height))
            mask = whole.point(lambda ink: 255 - ink) if style.invert else whole
        self.add(mask, char)

    def add(self, mask: Image.Image, text: str) -> None:
        width = mask.width // self.scale
        if self.line.x + width > self.width and self.line.items:
            self.flush()
        self.line.items.append((self.line.x, mask))
        self.line.text += text
        self.line.x += width

    def move_to(self, x: int) -> None:
        self.line.text += " " * max(0, (x - self.line.x) // self.cell()[0])
        self.line.x = max(0, min(x, self.width))

    def flush(self, lines: int = 1, dots: int | None = None, if_needed: bool = False) -> None:
        """Print the line and feed: so many lines, or so many dots."""
        line, self.line = self.line, _Line()
        if if_needed and not line.items and not dots:
            return
        tallest = max((mask.height // self.scale for _, mask in line.items), default=0)
        room = max(0, self.width - line.x)
        shift = self.left + (0, room // 2, room)[self.style.align]
        for x, mask in line.items:
            top = self.y + tallest - mask.height // self.scale
            turned = mask.rotate(180) if self.style.upside_down else mask
            left = line.x - x - mask.width // self.scale if self.style.upside_down else x
            self.strips.append((shift + left, top, turned))
        self.lines += [line.text.rstrip()] + [""] * (lines - 1) if dots is None or line.items else []
        fed = self.style.spacing * lines if dots is None else dots
        self.y += max(fed, tallest)

    def print_picture(self, mask: Image.Image | None, *, named: bool = False) -> None:
        """A picture on lines of its own."""
        if mask is None:
            return
        if self.line.items:
            self.flush()
        if not named:
            self.lines.append(f"[picture {mask.width}x{mask.height}]")
        room = max(0, self.width - mask.width)
        left = self.left + (0, room // 2, room)[self.style.align]
        large = mask.resize((mask.width * self.scale, mask.height * self.scale), Image.Resampling.NEAREST)
        self.strips.append((left, self.y, large))
        self.y += mask.height

    def caption(self, text: str) -> None:
        for char in text:
            self.print_char(char)
        self.flush(dots=26)
        self.lines.pop()
