"""What cash there is: the coins and notes that a till counts and suggests, and the smallest that totals are paid to.

`smallest_coin` is what totals are rounded to when paid in cash; where countries or shops differ (the Netherlands,
Finland and Ireland round euros to five cents) the market's own setting wins.
"""

from typing import NamedTuple


class Cash(NamedTuple):
    """All in minor units, ascending: USD 100 is one dollar."""

    smallest_coin: int
    coins: tuple[int, ...]
    notes: tuple[int, ...]


CASH = {
    "AUD": Cash(5, (5, 10, 20, 50, 100, 200), (500, 1000, 2000, 5000, 10_000)),
    "CAD": Cash(5, (5, 10, 25, 100, 200), (500, 1000, 2000, 5000, 10_000)),
    "CHF": Cash(5, (5, 10, 20, 50, 100, 200, 500), (1000, 2000, 5000, 10_000, 20_000, 100_000)),
    "CZK": Cash(100, (100, 200, 500, 1000, 2000, 5000), (10_000, 20_000, 50_000, 100_000, 200_000, 500_000)),
    "DKK": Cash(50, (50, 100, 200, 500, 1000, 2000), (5000, 10_000, 20_000, 50_000)),
    "EUR": Cash(1, (1, 2, 5, 10, 20, 50, 100, 200), (500, 1000, 2000, 5000, 10_000, 20_000)),
    "GBP": Cash(1, (1, 2, 5, 10, 20, 50, 100, 200), (500, 1000, 2000, 5000)),
    "HUF": Cash(
        500, (500, 1000, 2000, 5000, 10_000, 20_000), (50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000)
    ),
    "JPY": Cash(1, (1, 5, 10, 50, 100, 500), (1000, 5000, 10_000)),
    "MXN": Cash(50, (50, 100, 200, 500, 1000), (2000, 5000, 10_000, 20_000, 50_000, 100_000)),
    "NOK": Cash(100, (100, 500, 1000, 2000), (5000, 10_000, 20_000, 50_000)),
    "NZD": Cash(10, (10, 20, 50, 100, 200), (500, 1000, 2000, 5000, 10_000)),
    "PLN": Cash(1, (1, 2, 5, 10, 20, 50, 100, 200, 500), (1000, 2000, 5000, 10_000, 20_000, 50_000)),
    "SEK": Cash(100, (100, 200, 500, 1000), (2000, 5000, 10_000, 20_000, 50_000, 100_000)),
    "SGD": Cash(5, (5, 10, 20, 50, 100), (200, 500, 1000, 5000, 10_000)),
    "USD": Cash(1, (1, 5, 10, 25), (100, 500, 1000, 2000, 5000, 10_000)),
}
_BY_TENS = tuple(step * 10**power for power in range(6) for step in (1, 2, 5))


def cash_of(currency: str) -> Cash:
    """A currency's coins and notes; for one not listed here 1, 2 and 5 of every power of ten, nothing rounded."""
    return CASH.get(currency, Cash(1, _BY_TENS[:9], _BY_TENS[9:]))


def suggested_from(currency: str) -> list[int]:
    """The denominations that `quick_cash` suggests from: the notes, and the coin that is worth about one."""
    cash = cash_of(currency)
    return [*cash.coins[-1:], *cash.notes] if cash.coins[-1] >= 100 else list(cash.notes)
