"""What a tax provider has to say. One file each; settings.TAX_PROVIDERS lists them, a market names the one it uses."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from commerce.pricing.taxes import TaxRow


@dataclass(frozen=True, slots=True)
class TaxQuestion:
    """Where goods of these classes change hands, and on which day of that place."""

    country: str
    region: str
    postal_code: str
    city: str
    classes: tuple[str, ...]
    day: date


@dataclass(frozen=True, slots=True)
class TaxAnswer:
    """The jurisdictions of the place, the country first, and their rates as rules of the price engine.

    `provider` is whose rates they are. `fell_back`: the market's provider did not answer, so the table's are used, and
    `reason` says why.
    """

    place: list[str]
    rows: list[TaxRow]
    provider: str
    fell_back: bool = False
    reason: str = ""


class NoAnswer(Exception):
    """The provider cannot be reached, is too slow, refuses, or says what cannot be rates; the text is for people."""


class TaxProvider(Protocol):
    code: str
    label: Any
    is_remote: bool  # asked over a network: never inside a transaction, and only behind the breaker

    def rates(self, asked: TaxQuestion) -> tuple[list[str], list[TaxRow]]:
        """The place's jurisdictions and their rates. Raises `NoAnswer`, and within the time that settings allow."""
