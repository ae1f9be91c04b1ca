"""Currencies, smallest amounts, fees, and amounts in words."""

from .errors import ApiError

ZERO_DECIMAL = {"jpy", "krw", "vnd", "clp"}
LEAST = {
    "usd": 50,
    "eur": 50,
    "gbp": 30,
    "cad": 50,
    "aud": 50,
    "chf": 50,
    "jpy": 50,
    "sek": 300,
    "nok": 300,
    "dkk": 250,
}
LEAST |= {"pln": 200, "czk": 1500, "mxn": 1000, "nzd": 50, "sgd": 50, "hkd": 400, "brl": 50, "inr": 50, "krw": 100}
LEAST |= {
    "vnd": 10000,
    "clp": 500,
    "zar": 50,
    "ron": 200,
    "huf": 17500,
    "bgn": 100,
    "ils": 200,
    "aed": 200,
    "thb": 1000,
}
SIGNS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥"}
FIXED_FEE = {"usd": 30, "eur": 25, "gbp": 20, "cad": 30, "aud": 30}
DISPUTE_FEE = 1500


def currency(code: str) -> str:
    """The currency in lower case. Raises ApiError when it is not one of ours."""
    lowered = code.lower()
    if lowered not in LEAST:
        listed = ", ".join(sorted(LEAST))
        raise ApiError(
            f"Invalid currency: {code[:20]}. We currently support these currencies: {listed}", param="currency"
        )
    return lowered


def words(amount: int, code: str) -> str:
    """An amount as error messages show it: ``$12.50``, ``12.50 SEK``."""
    text = f"{amount:,}" if code in ZERO_DECIMAL else f"{amount // 100:,}.{amount % 100:02d}"
    return SIGNS[code] + text if code in SIGNS else f"{text} {code.upper()}"


def check_amount(amount: int, code: str) -> None:
    """Raises ApiError when the amount is below what the network moves."""
    least = LEAST[code]
    if amount < least:
        raise ApiError(f"Amount must be at least {words(least, code)} {code}", code="amount_too_small", param="amount")


def fee(amount: int, code: str, *, present: bool) -> int:
    """What the network keeps of a charge: 2.9 % and a fixed part online, 2.7 % and 5 at a reader."""
    if present:
        return (amount * 27 + 500) // 1000 + 5
    return (amount * 29 + 500) // 1000 + FIXED_FEE.get(code, 0)
