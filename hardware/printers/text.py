"""Text on its way to a printer: made safe, measured in character cells, wrapped."""

import re
import unicodedata

_SPACES = dict.fromkeys(
    map(ord, "\u00a0\u2007\u2009\u202f\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u200a\u3000"), " "
)
_LOOKALIKES = {ord("\u2212"): "-", ord("\u2010"): "-", ord("\u2011"): "-", ord("\u2044"): "/"}
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def printable(text: str) -> str:
    """Text without anything that a printer could take for a command.

    Control characters (C0, C1, so also ESC, GS and DLE), direction overrides, zero-width characters and lone
    surrogates go; tabs become spaces; line breaks stay as "\\n".
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    text = text.translate(_LOOKALIKES)
    kept = (char for char in text if char == "\n" or unicodedata.category(char) not in _DROPPED)
    return "".join(char for char in kept if not "\ufe00" <= char <= "\ufe0f")  # variation selectors of emoji


def one_line(text: str) -> str:
    """Printable text with line breaks turned into spaces."""
    return " ".join(printable(text).split("\n"))


def char_width(char: str) -> int:
    """How many character cells it takes: 0, 1 or 2 (Chinese, Japanese, Korean, emoji)."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def text_width(text: str) -> int:
    """Width in character cells."""
    return len(text) if text.isascii() else sum(map(char_width, text))


def plain_spaces(text: str) -> str:
    """Every kind of space as the one that all printers have. Only after wrapping: some must not break."""
    return text if text.isascii() else text.translate(_SPACES)


def pad(text: str, width: int, align: str = "left") -> str:
    """Fill with spaces to `width` cells; text that is too long is cut."""
    text = plain_spaces(cut(text, width))
    room = width - text_width(text)
    if align == "right":
        return " " * room + text
    if align == "center":
        return " " * (room // 2) + text + " " * (room - room // 2)
    return text + " " * room


def cut(text: str, width: int) -> str:
    """The part from the start that fits into `width` cells."""
    used = 0
    for place, char in enumerate(text):
        used += char_width(char)
        if used > width:
            return text[:place]
    return text


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, broken at spaces; words that are longer than a line are broken anywhere.

    Chinese and Japanese, written without spaces, break between any two characters. Never empty.
    """
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, max(1, width))]


def _wrap_paragraph(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if text_width(line + piece.rstrip(" ")) <= width:
            line += piece
            continue
        if line.strip(" "):
            lines.append(line)
        line = piece.lstrip(" ") if line.strip(" ") else piece
        while text_width(line.rstrip(" ")) > width:
            head = cut(line, width) or line[0]
            lines.append(head)
            line = line[len(head) :]
    lines.append(line)
    return [plain_spaces(line.rstrip(" ")) for line in lines]


def _pieces(text: str) -> list[str]:
    """What may stand alone on a line: a word with the spaces behind it, or one wide character."""
    wide = "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6"
    return re.findall(rf"[{wide}] *|[^ {wide}]+ *| +", text)
