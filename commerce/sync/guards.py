"""The apostrophe before what a spreadsheet would take for a formula: put there on export, taken off on import (T18)."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\0")


def guard(text: str) -> str:
    """Text that a spreadsheet shows and does not run. Numbers are written as numbers and need none."""
    return f"'{text}" if text.lstrip("'").startswith(_RISKY) else text


def unguard(text: str) -> str:
    """The text that `guard` was given. Other apostrophes ('tis) stay."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_RISKY) else text
