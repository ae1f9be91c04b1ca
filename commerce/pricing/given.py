"""What promotions have given so far. Orders know; a room of theirs, named in settings, tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Given:
    """In so many orders, so much taken off: (currency, minor units), the largest first."""

    orders: int
    discounts: tuple[tuple[str, int], ...]


def given_by(codes: Sequence[str]) -> dict[str, Given]:
    """By promotion's code what it gave; one that gave nothing is left out."""
    return _room("given")(codes) if codes else {}


def cart_of(number: str) -> list[tuple[str, int]]:
    """(SKU, quantity in smallest amounts) of an order, to be tried again; [] where there is no such order."""
    return _room("cart_of")(number)


def _room(name: str) -> Any:
    return import_string(f"{settings.PROMOTION_RECORDS}.{name}")
