"""ESC/POS bytes cut into commands and text, as a printer's buffer does it. Draws nothing."""

from collections.abc import Callable
from dataclasses import dataclass

NAMES = {0x10: "DLE", 0x1B: "ESC", 0x1C: "FS", 0x1D: "GS"}


@dataclass(frozen=True, slots=True)
class Token:
    """One command with its arguments, or a run of text (`name` is "text")."""

    name: str  # "ESC a", "GS v", "LF", "text", "unknown"
    data: bytes  # arguments without the command itself; the text; the bytes nobody knows


Size = Callable[[bytes], int | None]
"""From the bytes after the two of the command: how many belong to it. None: more must come first."""


def _until_nul(rest: bytes) -> int | None:
    end = rest.find(b"\0")
    return None if end < 0 else end + 1


def _counted(rest: bytes) -> int | None:
    """A letter, then pL pH and so many bytes: ESC ( GS ( FS (."""
    return 3 + int.from_bytes(rest[1:3], "little") if len(rest) >= 3 else None


def _large_graphics(rest: bytes) -> int | None:
    return 5 + int.from_bytes(rest[1:5], "little") if len(rest) >= 5 else None  # GS 8 L p1 p2 p3 p4


def _bit_image(rest: bytes) -> int | None:
    if len(rest) < 3:
        return None
    return 3 + int.from_bytes(rest[1:3], "little") * (3 if rest[0] >= 32 else 1)  # ESC * m nL nH


def _raster(rest: bytes) -> int | None:
    if len(rest) < 6:
        return None
    return 6 + int.from_bytes(rest[2:4], "little") * int.from_bytes(rest[4:6], "little")  # GS v 0 m xL xH yL yH


def _barcode(rest: bytes) -> int | None:
    if not rest:
        return None
    if rest[0] <= 6:  # GS k m data NUL
        end = _until_nul(rest[1:])
        return None if end is None else end + 1
    return 2 + rest[1] if len(rest) >= 2 else None  # GS k m n data


def _cut(rest: bytes) -> int | None:
    if not rest:
        return None
    return 1 if rest[0] in (0, 1, 48, 49) else 2


def _downloaded_image(rest: bytes) -> int | None:
    return 2 + rest[0] * rest[1] * 8 if len(rest) >= 2 else None  # GS * x y


def _own_characters(rest: bytes) -> int | None:
    if len(rest) < 3:
        return None
    size, place = rest[0], 3  # ESC & y c1 c2 [x d…]…
    for _ in range(rest[2] - rest[1] + 1):
        if place >= len(rest):
            return None
        place += 1 + size * rest[place]
    return place


def _stored_images(rest: bytes) -> int | None:
    if not rest:
        return None
    place = 1  # FS q n [xL xH yL yH d…]…
    for _ in range(rest[0]):
        head = rest[place : place + 4]
        if len(head) < 4:
            return None
        place += 4 + int.from_bytes(head[:2], "little") * int.from_bytes(head[2:], "little") * 8
    return place


def _status_or_setup(rest: bytes) -> int | None:
    if not rest:
        return None
    return 2 if rest[0] in b"01345" else 1  # ESC c 3 n


def _real_time(rest: bytes) -> int | None:
    if not rest:
        return None
    return {1: 3, 2: 3, 7: 2, 8: 8}.get(rest[0], 1)  # DLE DC4 fn …


def _fixed(count: int) -> Size:
    return lambda rest: count


_SIZES: dict[int, dict[str, Size]] = {
    0x10: {"\x04": _fixed(1), "\x05": _fixed(1), "\x14": _real_time},
    0x1B: {
        "&": _own_characters,
        "*": _bit_image,
        "D": _until_nul,
        "W": _fixed(8),
        "c": _status_or_setup,
        "(": _counted,
        "p": _fixed(3),
        **dict.fromkeys("@2<LSim\x0c", _fixed(0)),
        **dict.fromkeys("!%-3=?EGJKMRTUVade{rtuv ", _fixed(1)),
        **dict.fromkeys("\\$B", _fixed(2)),
    },
    0x1C: {
        "q": _stored_images,
        "(": _counted,
        **dict.fromkeys("&.", _fixed(0)),
        **dict.fromkeys("!-CW", _fixed(1)),
        **dict.fromkeys("Sp?", _fixed(2)),
        "2": _fixed(2 + 72),
    },
    0x1D: {
        "(": _counted,
        "8": _large_graphics,
        "*": _downloaded_image,
        "k": _barcode,
        "v": _raster,
        "V": _cut,
        "^": _fixed(3),
        **dict.fromkeys(":", _fixed(0)),
        **dict.fromkeys("!/BHITabfhrwz", _fixed(1)),
        **dict.fromkeys("$\\LPWC", _fixed(2)),
        "g": _fixed(4),
    },
}
_CONTROLS = {0x09: "HT", 0x0A: "LF", 0x0C: "FF", 0x0D: "CR", 0x18: "CAN"}


def tokenize(buffer: bytes) -> tuple[list[Token], bytes]:
    """Every complete command and text in `buffer`, and the bytes at its end that wait for more."""
    tokens: list[Token] = []
    place = 0
    while place < len(buffer):
        token, end = _next(buffer, place)
        if token is None:
            break
        tokens.append(token)
        place = end
    return tokens, buffer[place:]


def _next(buffer: bytes, place: int) -> tuple[Token | None, int]:
    first = buffer[place]
    if first in NAMES:
        return _command(buffer, place)
    if first in _CONTROLS:
        return Token(_CONTROLS[first], b""), place + 1
    if first < 0x20:
        return (Token("NUL", b"") if first == 0 else Token("unknown", bytes([first]))), place + 1
    end = place
    while end < len(buffer) and buffer[end] >= 0x20:
        end += 1
    return Token("text", buffer[place:end]), end


def _command(buffer: bytes, place: int) -> tuple[Token | None, int]:
    if place + 1 >= len(buffer):
        return None, place
    letter = chr(buffer[place + 1])
    size = _SIZES[buffer[place]].get(letter)
    if size is None:
        return Token("unknown", buffer[place : place + 2]), place + 2
    count = size(buffer[place + 2 : place + 2 + 70_000])
    end = place + 2 + (count or 0)
    if count is None or end > len(buffer):
        return None, place
    shown = letter if letter > " " else {"\x04": "EOT", "\x05": "ENQ", "\x14": "DC4", " ": "SP", "\x0c": "FF"}[letter]
    return Token(f"{NAMES[buffer[place]]} {shown}", buffer[place + 2 : end]), end
