"""Patterns of postal codes, as tables of rates write them, as the prefixes that they begin with.

    prefixes(r"(5100[1-5]|51081)") == ["51001", "51002", "51003", "51004", "51005", "51081"]
    prefixes(r"9[0-4]\\d{2,}") == ["90", "91", "92", "93", "94"]

Understood: letters and digits, alternatives in round brackets, classes in square brackets, and at the end any digits.
"""

import re
from itertools import product

MOST = 500
_PIECE = re.compile(r"\\d(?:\{\d+,?\d*\})?|\[([0-9A-Z-]+)\]|([0-9A-Z])")


def prefixes(pattern: str) -> list[str]:
    """The prefixes, in order. Raises ValueError for a pattern that says more than prefixes can."""
    inner = pattern[1:-1] if pattern.startswith("(") and pattern.endswith(")") else pattern
    found = sorted({prefix for part in inner.split("|") for prefix in _expand(part)})
    if not found or "" in found or len(found) > MOST:
        raise ValueError(pattern)
    return found


def _expand(part: str) -> list[str]:
    """The prefixes of one alternative."""
    choices: list[str] = []
    place, open_end = 0, False
    while place < len(part):
        piece = _PIECE.match(part, place)
        if piece is None or (open_end and not piece[0].startswith("\\d")):
            raise ValueError(part)
        if piece[0].startswith("\\d"):
            open_end = True
        else:
            choices.append(_members(piece[1]) if piece[1] else piece[2])
        place = piece.end()
    return ["".join(chosen) for chosen in product(*choices)]


def _members(inside: str) -> str:
    """ "0-4" as "01234"."""
    found = ""
    for piece in re.finditer(r"(.)-(.)|(.)", inside):
        found += "".join(map(chr, range(ord(piece[1]), ord(piece[2]) + 1))) if piece[1] else piece[3]
    if not found or "-" in found:
        raise ValueError(inside)
    return found
