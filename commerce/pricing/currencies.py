"""What other currencies are worth in the shop's own, which is that of the default market."""

from datetime import date
from decimal import Decimal

from django.db.models import DecimalField
from django.db.models.expressions import RawSQL

from commerce.kernel.db import rows

# Nothing for the shop's own currency, and for one whose worth nobody has said: a rate is never guessed.
_RATE = """
SELECT r.rate FROM pricing_exchangerate r WHERE r.currency = %s AND r.valid_from <= %s::date AND NOT EXISTS
    (SELECT FROM pricing_market m JOIN pricing_pricelist l ON l.id = m.price_list_id
        WHERE m.is_default AND l.currency = r.currency)
ORDER BY r.valid_from DESC LIMIT 1
"""


def own() -> str:
    """The shop's own currency; "" while there is no default market. One statement."""
    found = rows(
        "SELECT l.currency FROM pricing_market m JOIN pricing_pricelist l ON l.id = m.price_list_id WHERE m.is_default"
    )
    return str(found[0][0]) if found else ""


def rate_of(currency: str, on: date) -> Decimal | None:
    """What one unit of a currency is worth on a day; None for the shop's own, and where nobody has said."""
    found = rows(_RATE, [currency, on])
    return found[0][0] if found else None


def kept_rate(currency: str, on: date) -> RawSQL:
    """The same as an expression: a document keeps the rate of its day by the statement that writes it."""
    return RawSQL(f"({_RATE})", [currency, on], DecimalField(max_digits=18, decimal_places=8))
