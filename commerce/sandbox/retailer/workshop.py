"""What Hadlo sells for a price that is said each time: work at the repair bench, and gift cards."""

from __future__ import annotations

from dataclasses import dataclass

from .illustrations import stage
from .offer_records import Amounts
from .palette import COLORS


@dataclass(frozen=True, slots=True)
class Work:
    """One thing that is done. `least` and `most` are the limits of its price by currency, in minor units; `for_all`:
    every associate may say it, else a lead; `needs_note`: what was done has to be written down."""

    sku: str
    barcode: str
    name: str
    least: Amounts
    most: Amounts
    for_all: bool
    needs_note: bool


@dataclass(frozen=True, slots=True)
class Service:
    """A product without a shelf; `drawing` and `color` make its picture. What is paid for a gift card is then on it."""

    key: str
    title: str
    brand: str
    category: str
    text: str
    option: str
    works: tuple[Work, ...]
    drawing: str
    color: str
    tags: tuple[str, ...]
    is_gift_card: bool = False
    on_web: bool = False


def services() -> tuple[Service, ...]:
    """All of them."""
    return (
        Service(
            "repair-bench", "Repair bench", "Hadlo", "by-the-meter",
            "Bring it in clean and dry. We look at it together, say what it costs, and call when it is done: most"
            " things within a week. What we cannot mend we tell you before we begin.",
            "Work",
            (
                Work("REPR-SEAM", "2009001000017", "Seam or patch", (("USD", 500), ("EUR", 500)),
                     (("USD", 6_000), ("EUR", 6_000)), True, False),
                Work("REPR-ZIP", "2009001000024", "New zipper", (("USD", 1_500), ("EUR", 1_500)),
                     (("USD", 12_000), ("EUR", 12_000)), True, True),
                Work("REPR-SOLE", "2009001000031", "New soles", (("USD", 6_000), ("EUR", 6_000)),
                     (("USD", 22_000), ("EUR", 22_000)), False, True),
            ),
            "cutlery", "ochre", ("repair",),
        ),
        Service(
            "gift-card", "Gift card", "Hadlo", "stationery",
            "Any amount, spent in every store and on the web, in one go or in many. It never expires.",
            "Amount",
            (
                Work("GIFT-CARD", "2009001000048", "Any amount", (("USD", 500), ("EUR", 500)),
                     (("USD", 50_000), ("EUR", 50_000)), True, False),
            ),
            "gift_card", "moss", ("gift",), is_gift_card=True,
        ),
        Service(
            "gift-card-by-mail", "Gift card by e-mail", "Hadlo", "stationery",
            "Written to whom you like, with your own words, on the day you choose. Spent in every store and on the web,"
            " in one go or in many. It never expires.",
            "Amount",
            (
                Work("GIFT-MAIL", "2009001000055", "Any amount", (("USD", 1_000), ("EUR", 1_000)),
                     (("USD", 50_000), ("EUR", 50_000)), True, False),
            ),
            "gift_card", "ochre", ("gift",), is_gift_card=True, on_web=True,
        ),
    )  # fmt: skip


def picture_of(service: Service) -> str:
    """One drawing as SVG."""
    return stage.front(service.key, service.drawing, COLORS[service.color].hex)
