"""Money: an integer of minor units with its currency.

No float and no bare Decimal ever stands for an amount. `split` is the only rounding here; taxes, percentages and cash
are rounded in `commerce.pricing.engine`, and nowhere else on the server. Babel reads and writes amounts, at the edge.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.numbers import NumberFormatError, get_currency_precision, get_currency_symbol, is_currency, parse_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError

LARGEST_MINOR = 10**15
# Babel follows CLDR, which shows some currencies with fewer digits than ISO 4217 divides them into. Ledgers, banks and
# payment gateways count ISO's minor units.
ISO_DIGITS = {"IQD": 3} | dict.fromkeys(
    ("AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER"), 2
)
SPACE_BETWEEN_GROUPS = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")
MINUS = "[-\N{MINUS SIGN}\N{EN DASH}]"
# One sign at most: before all, after the currency, or behind; or an accountant's brackets. "5,-" is five without cents.
AMOUNT = re.compile(
    rf"""(?P<bracket>\()? \s* (?P<minus>{MINUS})? \s* (?P<before>[^\d.,()\s]*?) \s* (?P<minus_inside>{MINUS})? \s*
    (?P<number>[.,]?\d[\d.,'’٬٫\s]*?) (?:[.,]{MINUS}?)? \s* (?P<after>[^\d.,()\s]*?) \s* (?P<minus_behind>{MINUS})? \s*
    (?(bracket)\))""",
    re.VERBOSE,
)


class CurrencyMismatch(ValueError):
    """Amounts of two currencies met in one sum or comparison: a bug in the caller."""


class InvalidAmount(DomainError, ValueError):
    """Text that is not an amount in the currency asked for."""

    code = "invalid_amount"
    status = 422
    message = _("“%(text)s” is not an amount. Write it like %(example)s.")


class TooManyDecimals(InvalidAmount):
    message = _("“%(text)s” has too many decimals: amounts in %(currency)s have %(digits)s decimals.")


class OtherCurrency(InvalidAmount):
    message = _("“%(text)s” is not in %(currency)s. Write it like %(example)s.")


class AmountTooLarge(InvalidAmount):
    message = _("“%(text)s” is too large an amount.")


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: Money(1999, "USD") is 19.99 dollars, Money(1999, "JPY") is 1999 yen.

    Adding, subtracting and comparing demand one currency (`CurrencyMismatch`). Multiply by whole quantities only.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor must be a whole number of minor units, not {self.minor!r}")
        minor_digits(self.currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        """Their sum; zero of `currency` when there are none."""
        return sum(amounts, cls(0, currency))

    @classmethod
    def from_decimal(cls, amount: Decimal, currency: str) -> "Money":
        """Money(1999, "USD") from Decimal("19.99"). ValueError when the currency has no such small coin."""
        scaled = amount.scaleb(minor_digits(currency))
        if not amount.is_finite() or scaled != scaled.to_integral_value():
            raise ValueError(f"{amount} is not a whole number of minor units of {currency}")
        return cls(int(scaled), currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __mul__(self, quantity: int) -> "Money":
        if type(quantity) is not int:
            raise TypeError(f"money is multiplied by whole quantities, not {quantity!r}")
        return Money(self.minor * quantity, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    def _same(self, other: "Money") -> int:
        if not isinstance(other, Money):
            raise TypeError(f"{self!r} and {other!r} are not both money")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix")
        return other.minor

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Parts in proportion to `weights` (>= 0) that always sum to the whole, by largest remainder; equal remainders
        go to the earlier part. Without any weight the parts are equal. ValueError for no weights or a negative one."""
        if not weights or min(weights) < 0:
            raise ValueError(f"cannot split by the weights {weights!r}")
        if not any(weights):
            weights = [1] * len(weights)
        size, whole = abs(self.minor), sum(weights)
        shares = [size * weight // whole for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda part: (-(size * weights[part] % whole), part))
        for part in by_remainder[: size - sum(shares)]:
            shares[part] += 1
        return [Money(share if self.minor >= 0 else -share, self.currency) for share in shares]

    def as_decimal(self) -> Decimal:
        """Decimal("19.99"), for forms and exports; never to reckon with."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def format(self, locale: str | Locale | None = None) -> str:
        """ "$19.99", "19,99 €": as people of `locale` (by default the page's language) write it."""
        chosen = _locale(locale)
        digits = minor_digits(self.currency)
        pattern = copy(chosen.currency_formats["standard"])
        pattern.frac_prec = (digits, digits)  # Babel's own count of digits is CLDR's
        return pattern.apply(self.as_decimal(), chosen, currency=self.currency, currency_digits=False)

    def __str__(self) -> str:
        return f"{self.as_decimal()} {self.currency}"

    def as_json(self) -> dict[str, Any]:
        """{"amount": 1999, "currency": "USD"}, as the API writes money."""
        return {"amount": self.minor, "currency": self.currency}

    @classmethod
    def from_json(cls, value: Any) -> "Money":
        """The inverse of `as_json`. ValueError naming the member that is wrong."""
        if not isinstance(value, Mapping):
            raise ValueError("money must be an object with amount and currency")
        amount, currency = value.get("amount"), value.get("currency")
        if type(amount) is not int or abs(amount) > LARGEST_MINOR:
            raise ValueError("amount must be a whole number of minor units")
        if not isinstance(currency, str) or not is_currency(currency):
            raise ValueError("currency must be an ISO 4217 code such as USD")
        return cls(amount, currency)


def minor_digits(currency: str) -> int:
    """Decimals of a currency's smallest unit in ISO 4217: 2 for USD, 0 for JPY, 3 for KWD. ValueError if unknown."""
    if not isinstance(currency, str) or not is_currency(currency):
        raise ValueError(f"{currency!r} is not an ISO 4217 currency code")
    return ISO_DIGITS.get(currency, get_currency_precision(currency))


def parse_money(text: str, currency: str, locale: str | Locale | None = None) -> Money:
    """Read what a person typed or a file holds: "1,234.50", "$ 5", "5 USD", "-5", "(5.00)" in an English locale,
    "1.234,50 €" in a German one. A decimal sign of another locale is refused, not guessed. Raises `InvalidAmount`."""
    chosen = _locale(locale)
    digits = minor_digits(currency)
    example = Money(12345 * 10**digits // 10, currency).format(chosen)
    context = {"text": text.strip()[:40], "currency": currency, "example": example, "digits": digits}
    found = AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).strip()) if len(text) <= 100 else None
    signs = [name for name in ("bracket", "minus", "minus_inside", "minus_behind") if found and found[name]]
    if found is None or len(signs) > 1:
        raise InvalidAmount(**context)
    if not {found["before"], found["after"]} <= _names(currency, chosen):
        raise OtherCurrency(**context)
    try:
        number = parse_decimal(_grouped(found["number"], chosen), chosen, strict=True)
    except NumberFormatError as error:
        raise InvalidAmount(**context) from error
    if number > LARGEST_MINOR // 10**digits:
        raise AmountTooLarge(**context)
    try:
        return Money.from_decimal(-number if signs else number, currency)
    except ValueError as error:
        raise TooManyDecimals(**context) from error


def _grouped(number: str, locale: Locale) -> str:
    """Groups parted by blanks are understood everywhere, and a straight apostrophe where a curly one is the custom."""
    number = SPACE_BETWEEN_GROUPS.sub("", number)
    return number.replace("'", "’") if locale.number_symbols["latn"]["group"] == "’" else number


def _names(currency: str, locale: Locale) -> set[str]:
    """What may stand beside an amount: nothing, USD, US$ or $."""
    symbols = {get_currency_symbol(currency, place) for place in (locale, "en", "root")}
    symbols |= {symbol.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for symbol in symbols}
    return {unicodedata.normalize("NFKC", symbol).strip() for symbol in symbols | {"", currency}}


def _locale(locale: str | Locale | None) -> Locale:
    if isinstance(locale, Locale):
        return locale
    return Locale.parse((locale or get_language() or "en").replace("-", "_").split("@")[0])
