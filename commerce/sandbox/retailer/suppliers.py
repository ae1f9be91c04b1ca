"""Whom Hadlo buys from: its own workshop, and the makers of the other brands on its shelves.

Telephone numbers lie in the range kept free for fiction (555-01xx), or start with a 0 that no subscriber number has.
"""

from __future__ import annotations

from .records import Supplier

LEAD_DAYS = 5

_SUPPLIERS = (
    Supplier("HAD", "Hadlo workshop", "Hadlo", "orders@workshop.hadlo.example", "+1 503 555 0180", "USD", LEAD_DAYS),
    Supplier("EMB", "Emberlea Goods", "Emberlea", "trade@emberlea.example", "+1 612 555 0181", "USD", LEAD_DAYS),
    Supplier("TIN", "Tindbo Camp", "Tindbo", "orders@tindbo.example", "+47 020 00 182", "EUR", LEAD_DAYS),
    Supplier("GLI", "Glimmett Lighting", "Glimmett", "sales@glimmett.example", "+1 718 555 0183", "USD", LEAD_DAYS),
    Supplier("SKE", "Skerrin Knitwear", "Skerrin", "trade@skerrin.example", "+353 020 0184", "EUR", LEAD_DAYS),
    Supplier("MAR", "Marrowby Press", "Marrowby", "orders@marrowby.example", "+1 512 555 0185", "USD", LEAD_DAYS),
)


def suppliers() -> tuple[Supplier, ...]:
    """One for every brand."""
    return _SUPPLIERS
