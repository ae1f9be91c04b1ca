"""The smallest amounts that the card network takes, in minor units: its own table. Pure."""

_LEAST = {
    "USD": 50, "EUR": 50, "GBP": 30, "CAD": 50, "AUD": 50, "CHF": 50, "JPY": 50, "SEK": 300, "NOK": 300, "DKK": 250,
    "PLN": 200, "CZK": 1_500, "MXN": 1_000, "NZD": 50, "SGD": 50, "HKD": 400, "BRL": 50, "INR": 50, "RON": 200,
    "HUF": 17_500, "BGN": 100, "AED": 200, "THB": 1_000,
}  # fmt: skip


def least_charge(currency: str) -> int:
    """No card can be charged less than this; 0 where no limit is known."""
    return _LEAST.get(currency, 0)
