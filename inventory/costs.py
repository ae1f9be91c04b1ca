"""What bought goods cost: from a supplier's price to a value in the company's currency."""

from commerce.kernel.money import minor_digits
from commerce.pricing.models import Market

PPM = 1_000_000


def company_currency() -> str | None:
    """The currency of the default market, in which stock is valued; None before there is a market."""
    market = Market.objects.select_related("price_list").filter(is_default=True).first()
    return market.currency if market else None


def converted(minor: int, currency: str, *, rate_ppm: int, into: str | None) -> int:
    """`minor` (>= 0) units of `currency` in minor units of `into`, rounded once, half up.

    `rate_ppm` is what one whole unit of `currency` costs in whole units of `into`, in millionths.
    """
    digits = minor_digits(into or currency) - minor_digits(currency)
    above = minor * rate_ppm * 10 ** max(digits, 0)
    below = PPM * 10 ** max(-digits, 0)
    return (2 * above + below) // (2 * below)
