"""Cells of files that a spreadsheet may open."""

import re

NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def safe(text: str) -> str:
    """Text that a spreadsheet takes for text: an apostrophe before what would begin a formula (T18). Numbers stay."""
    return f"'{text}" if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text
