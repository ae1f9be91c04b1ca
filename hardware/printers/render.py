"""What a printer would put on paper for ESC/POS bytes: a picture, what happened besides, and the lines as text.

Stands in for a printer in tests and in the demo, and shows a receipt on a screen exactly as it prints. Commands that it
does not know appear among the events as "unknown …": a test that expects none fails loudly.
"""

from dataclasses import replace

from hardware.printers import codes
from hardware.printers.graphics import Graphics, bits_to_mask
from hardware.printers.parse import Token, tokenize
from hardware.printers.sheet import Rendered, Sheet

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


class Renderer(Sheet):
    """A printer. Feed it bytes in pieces of any size; `take` tears off the paper."""

    def __init__(self, dots: int = 512, scale: int = 1, model: str = "TM-T88V") -> None:
        self.rest = b""
        self.graphics = Graphics()
        super().__init__(dots, scale, model)

    def reset(self) -> None:
        super().reset()
        self.tabs = [column * 8 for column in range(1, 8)]
        self.barcode = {"height": 162, "module": 3, "caption": 0}

    def feed(self, data: bytes) -> None:
        """Take bytes as they come; an unfinished command waits for the rest."""
        tokens, self.rest = tokenize(self.rest + data)
        for token in tokens:
            self.obey(token)

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

    def cut(self, *, partial: bool) -> None:
        self.events.append("cut partial" if partial else "cut")


def render(data: bytes, dots: int = 512, scale: int = 1, model: str = "TM-T88V") -> Rendered:
    """The whole of some ESC/POS bytes on one paper. A command left unfinished at the end appears as an event."""
    renderer = Renderer(dots, scale, model)
    renderer.feed(data)
    if renderer.rest:
        renderer.events.append(f"unfinished {renderer.rest[:8].hex(' ')}")
    return renderer.take()
