"""What a printer would put on paper for ESC/POS bytes: a picture, what happened besides, and the lines as text.

Stands in for a printer in tests and in the demo, and shows a receipt on a screen exactly as it prints. Commands that it
does not know appear among the events as "unknown …": a test that expects none fails loudly.
"""

import io
from dataclasses import dataclass, field, replace

from PIL import Image

from hardware.printers import codes, fonts
from hardware.printers.code_pages import page_characters, profile_pages
from hardware.printers.graphics import Graphics, bits_to_mask
from hardware.printers.parse import Token, tokenize

INK, PAPER = (38, 36, 40), (253, 252, 249)
_PALETTE = [paper + (ink - paper) * shade // 255 for shade in range(256) for ink, paper in zip(INK, PAPER, strict=True)]
MARGIN = 28  # dots of bare paper on each side of the print head
_SILENT = {
    "DLE": ("EOT", "ENQ"),
    "ESC": (*"=cUuvS<?%RrTLW", "FF"),
    "FS": tuple("C(S"),
    "GS": tuple("rIajbPfz:^"),
    "NUL": ("",),
    "CAN": ("",),
    "FF": ("",),
}
"""Known commands that leave nothing on a receipt: status, setup, page mode."""


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
class _Style:
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


class Renderer:
    """A printer's memory. Feed it bytes in pieces of any size; `take` tears off the paper."""

    def __init__(self, dots: int = 512, scale: int = 1, model: str = "TM-T88V") -> None:
        self.dots, self.scale = dots, scale
        self.pages = profile_pages(model)
        self.rest = b""
        self.reset()
        self.graphics = Graphics()
        self._tear()

    def reset(self) -> None:
        self.style, self.line = _Style(), _Line()
        self.left, self.width = 0, self.dots
        self.tabs = [column * 8 for column in range(1, 8)]
        self.barcode = {"height": 162, "module": 3, "caption": 0}

    def _tear(self) -> None:
        self.strips: list[tuple[int, int, Image.Image]] = []  # left, top, mask
        self.y = 0
        self.events: list[str] = []
        self.lines: list[str] = []

    def feed(self, data: bytes) -> None:
        """Take bytes as they come; an unfinished command waits for the rest."""
        tokens, self.rest = tokenize(self.rest + data)
        for token in tokens:
            self.obey(token)

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

    def obey(self, token: Token) -> None:
        """Carry out one command."""
        prefix, _, letter = token.name.partition(" ")
        method = getattr(self, f"_{prefix.lower()}", None)
        if letter in _SILENT.get(prefix, ()):
            return
        if token.name == "text":
            self.print_text(token.data)
        elif method is None or not method(letter, token.data):
            shown = token.data.hex(" ") if token.name == "unknown" else f"{token.name} {token.data[:8].hex(' ')}"
            self.events.append(f"unknown {shown}".strip())

    # Each returns whether it knows the command.

    def _lf(self, letter: str, data: bytes) -> bool:
        self.flush()
        return True

    def _cr(self, letter: str, data: bytes) -> bool:
        return True  # printers ignore it unless set otherwise

    def _ht(self, letter: str, data: bytes) -> bool:
        cell = self.cell()[0]
        stop = next((column * cell for column in self.tabs if column * cell > self.line.x), None)
        self.line.text += " " * max(1, ((stop or self.line.x) - self.line.x) // cell)
        self.line.x = stop or self.line.x
        return True

    def _dle(self, letter: str, data: bytes) -> bool:
        if letter == "DC4" and data[:1] == b"\x01":
            self.events.append(f"drawer kick pin {5 if data[1] else 2} in real time")
        return True

    def _fs(self, letter: str, data: bytes) -> bool:
        match letter:
            case "&" | ".":
                self.style.kanji = letter == "&"
            case "!":
                self.style.wide, self.style.tall = 1 + bool(data[0] & 4), 1 + bool(data[0] & 8)
            case "-":
                self.style.underline = data[0] % 48
            case "W":
                self.style.wide = self.style.tall = 1 + data[0] % 2
            case "q":
                self.graphics.store_images(data)
            case "p":
                self.events.append(f"stored picture {data[0]}")
                self.print_picture(self.graphics.stored.get(data[0]))
            case _:
                return False
        return True

    def _esc(self, letter: str, data: bytes) -> bool:
        style = self.style
        match letter:
            case "@":
                self.reset()
            case "!":
                mode = data[0]
                self.style = replace(
                    style,
                    small=bool(mode & 1),
                    bold=bool(mode & 8),
                    tall=1 + bool(mode & 16),
                    wide=1 + bool(mode & 32),
                    underline=bool(mode & 128),
                )
            case "E" | "G":
                style.bold = bool(data[0] & 1)
            case "M":
                style.small = data[0] in (1, 49)
            case "-":
                style.underline = data[0] % 48
            case "a":
                style.align = min(2, data[0] % 48)
            case "t":
                style.page = data[0]
            case "{":
                style.upside_down = bool(data[0] & 1)
            case "V":
                pass  # letters turned by 90 degrees: no receipt of ours has them
            case "SP":
                style.char_space = data[0]
            case "2" | "3":
                style.spacing = data[0] if data else 30
            case _:
                return self._esc_movement(letter, data)
        return True

    def _esc_movement(self, letter: str, data: bytes) -> bool:
        match letter:
            case "d":
                self.flush(lines=data[0])
            case "e" | "K":
                pass  # back: paper that is already out
            case "J":
                self.flush(dots=data[0])
            case "$":
                self.move_to(int.from_bytes(data, "little"))
            case "\\":
                self.move_to(self.line.x + int.from_bytes(data, "little", signed=True))
            case "D":
                self.tabs = list(data[:-1])
            case "*":
                self.add(bits_to_mask(*self.graphics.bit_image(data)), "")
            case "p":
                self.events.append(f"drawer kick pin {5 if data[0] in (1, 49) else 2}")
            case "B":
                self.events.append(f"beep {data[0]}")
            case "i" | "m":
                self.cut(partial=True)
            case "&":
                self.events.append("own characters set")
            case _:
                return False
        return True

    def _gs(self, letter: str, data: bytes) -> bool:
        match letter:
            case "!":
                self.style.wide, self.style.tall = 1 + (data[0] >> 4 & 7), 1 + (data[0] & 7)
            case "B":
                self.style.invert = bool(data[0] & 1)
            case "L":
                self.left = min(int.from_bytes(data, "little"), self.dots - 24)
                self.width = min(self.width, self.dots - self.left)
            case "W":
                self.width = max(24, min(int.from_bytes(data, "little"), self.dots - self.left))
            case "V":
                if data[0] in (65, 66, 103, 104):
                    self.flush(dots=data[1], if_needed=True)
                self.cut(partial=data[0] in (1, 49, 66, 104))
            case "h":
                self.barcode["height"] = max(1, data[0])
            case "w":
                self.barcode["module"] = min(6, max(1, data[0] if data[0] < 64 else data[0] - 66))
            case "H":
                self.barcode["caption"] = data[0] % 48
            case "k":
                self.print_barcode(data)
            case _:
                return self._gs_pictures(letter, data)
        return True

    def _gs_pictures(self, letter: str, data: bytes) -> bool:
        match letter:
            case "v":
                self.print_picture(self.graphics.raster(data))
            case "(" | "8":
                shown = self.graphics.extended(data if letter == "(" else data[:1] + data[3:])
                if shown.event:
                    self.events.append(shown.event)
                if shown.code:
                    self.lines.append(shown.code)
                self.print_picture(shown.picture, named=bool(shown.code))
                return shown.known
            case "*":
                self.graphics.download(data)
            case "/":
                self.print_picture(self.graphics.downloaded)
            case "$" | "\\" | "T" | "C" | "g" | "E":
                pass
            case _:
                return False
        return True

    # Marks on paper.

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

    def print_barcode(self, data: bytes) -> None:
        symbology = codes.SYMBOLOGIES.get(data[0], "")
        text = codes.barcode_text(symbology, data[1:].rstrip(b"\0") if data[0] <= 6 else data[2:])
        self.events.append(f"barcode {text}")
        bars = codes.barcode_bars(symbology, text, self.barcode["module"], self.barcode["height"])
        if bars is None or bars.width > self.width:
            self.events.append(f"barcode not drawn: {symbology} {text}")
            return
        if self.barcode["caption"] & 1:
            self.caption(text)
        self.lines.append(f"[barcode {text}]")
        self.print_picture(bars, named=True)
        if self.barcode["caption"] & 2:
            self.caption(text)

    def caption(self, text: str) -> None:
        for char in text:
            self.print_char(char)
        self.flush(dots=26)
        self.lines.pop()

    def cut(self, *, partial: bool) -> None:
        self.events.append("cut partial" if partial else "cut")


def render(data: bytes, dots: int = 512, scale: int = 1, model: str = "TM-T88V") -> Rendered:
    """The whole of some ESC/POS bytes on one paper. A command left unfinished at the end appears as an event."""
    renderer = Renderer(dots, scale, model)
    renderer.feed(data)
    if renderer.rest:
        renderer.events.append(f"unfinished {renderer.rest[:8].hex(' ')}")
    return renderer.take()
