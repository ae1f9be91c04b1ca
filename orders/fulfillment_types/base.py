"""What a way to hand goods over has to say. One file each; settings.FULFILLMENT_TYPES lists them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from commerce.catalog.models import Variant
from commerce.company.models import Location
from orders.quotes import Place


@dataclass(frozen=True, slots=True)
class Wish:
    """What the shopper chose: a type, and a store or an address."""

    type: str
    location: Location | None = None
    address: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Portion:
    """Units of variants that leave from one location."""

    location: Location
    lines: tuple[tuple[Variant, int], ...]


class FulfillmentType(Protocol):
    code: str
    label: Any
    ships: bool  # the market's shipping fee applies
    has_code: bool  # handed over by scanning a code

    def check(self, wish: Wish, countries: list[str]) -> None:
        """Raise a `DomainError` when the wish cannot be granted at all."""

    def place(self, wish: Wish) -> Place:
        """Where the goods change hands."""

    def plan(self, lines: list[tuple[Variant, int]], wish: Wish, *, at: datetime) -> list[Portion]:
        """Which location gives what, by what is available now. Raises `InsufficientStock`."""
