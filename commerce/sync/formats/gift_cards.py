"""Gift cards of another system: number, balance, currency and last day, a card per row.

The file holds money: it lies in the private storage only until it has been imported or refused (`formats.SECRET`), and
no number is in any problem, row or log.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from commerce.kernel.exchange import Record
from commerce.sync.errors import Fault, FileRefused
from commerce.sync.files import Row
from commerce.sync.formats import Columns

NAMES = {
    "number": ("number", "code", "gift card", "gift card number", "card number", "gift card code"),
    "balance": ("balance", "remaining balance", "current balance", "amount"),
    "currency": ("currency", "currency code"),
    "expires": ("expires", "expires on", "expiry", "expiration", "expiration date", "last day"),
}


class GiftCards:
    name = "gift cards"

    def __init__(self, header: list[str]) -> None:
        known = {name.casefold(): place for place, name in reversed(list(enumerate(header)))}
        self.index = {
            word: next((known[name] for name in names if name in known), None) for word, names in NAMES.items()
        }
        missing = [word for word in ("number", "balance", "currency") if self.index[word] is None]
        if missing:
            says = _("Line 1 has no column for: %(names)s. The columns are number, balance, currency and expires.")
            raise FileRefused([Fault(1, says % {"names": ", ".join(missing)})])
        used = {place for place in self.index.values() if place is not None}
        self.columns = Columns(
            used=[name for place, name in enumerate(header) if place in used],
            unknown=[name for place, name in enumerate(header) if name and place not in used],
        )

    def look(self, line: int, row: list[str]) -> None:
        """Every row is judged by itself."""

    def ready(self, options: dict[str, Any]) -> None:
        """Nothing is asked of whoever imports."""

    def records(self, rows: Iterator[Row]) -> Iterator[Record]:
        """One record of kind "gift_card" per row."""
        for line, row in rows:
            yield Record("gift_card", line, {word: self._text(row, word) for word in NAMES})

    def _text(self, row: list[str], word: str) -> str:
        place = self.index[word]
        return "" if place is None else row[place]


layout = GiftCards
