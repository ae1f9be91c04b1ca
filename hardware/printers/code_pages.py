"""Character tables of receipt printers: which number holds which characters, and how to write a text with them."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from escpos.capabilities import get_profile
from escpos.codepages import CodePages

ENCODABLE_PAGES = [
    "CP1252",
    "CP437",
    "CP858",
    "CP850",
    "CP852",
    "CP1250",
    "ISO_8859-2",
    "ISO_8859-15",
    "CP1254",
    "CP857",
    "CP1257",
    "CP775",
    "CP865",
    "CP866",
    "CP1251",
    "CP1253",
    "CP737",
]
"""Pages that text may be encoded with, best first. Left-to-right scripts with one character per cell; the others print
as pictures, because printers neither shape nor reorder."""


@lru_cache
def page_characters(name: str) -> str:
    """The 128 characters of a code page from byte 0x80 up; a space where it has none.

    For a page that python-escpos does not describe: 128 replacement characters.
    """
    page = CodePages.get_encoding(name)
    if "data" in page:
        return "".join(page["data"])[:128].ljust(128)
    if "python_encode" not in page:
        return "\ufffd" * 128
    return "".join(_character(byte, page["python_encode"]) for byte in range(0x80, 0x100))


def _character(byte: int, codec: str) -> str:
    char = bytes([byte]).decode(codec, "replace")
    return char if len(char) == 1 and char != "\ufffd" and unicodedata.category(char) != "Cc" else " "


@lru_cache
def profile_pages(profile: str) -> dict[int, str]:
    """Number (of `ESC t n`) → name of each code page that a printer has."""
    pages = get_profile(profile).get_code_pages()
    return {int(number): name for name, number in pages.items() if name in CodePages.data}


@dataclass
class Encoder:
    """Writes text for one printer, changing its code page only where it must."""

    profile: str
    page: int | None = None  # the number selected now; None after `ESC @`

    def __post_init__(self) -> None:
        numbers = {name: number for number, name in profile_pages(self.profile).items()}
        self._maps = [
            (numbers[name], {char: byte for byte, char in enumerate(page_characters(name), 0x80) if char != " "})
            for name in ENCODABLE_PAGES
            if name in numbers
        ]

    def can_encode(self, char: str) -> bool:
        """Whether the printer has this character in one of its tables."""
        return " " <= char <= "~" or any(char in table for _, table in self._maps)

    def encode(self, text: str) -> bytes:
        """Bytes with the `ESC t n` that they need. Every character must be encodable (`can_encode`)."""
        written = bytearray()
        for place, char in enumerate(text):
            if " " <= char <= "~":
                written.append(ord(char))
                continue
            tables = dict(self._maps)
            if self.page is None or char not in tables.get(self.page, {}):
                self.page = self._best_page(text[place:])
                written += b"\x1bt" + bytes([self.page])
            written.append(tables[self.page][char])
        return bytes(written)

    def _best_page(self, text: str) -> int:
        """The page that has the first special character and most of those that follow."""
        special = [char for char in text if char > "~"]
        having = [(number, table) for number, table in self._maps if special[0] in table]
        return max(having, key=lambda entry: sum(char in entry[1] for char in special))[0]
