"""What a cart needs to be priced: its market, the unit prices, the taxes of a place on a day. One statement each."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from django.db.models import Q
from django.db.models.expressions import OrderBy, RawSQL
from django.utils.translation import gettext as _

from commerce.kernel.db import rows
from commerce.kernel.errors import NotFound
from commerce.pricing.models import Market

STANDARD = "standard"


class Tax(TypedDict):
    """A tax as the price engine takes it."""

    code: str
    name: str
    rate_ppm: int


class Taxes(dict[str, list[Tax]]):
    """Taxes by tax class. A class that has none of its own is taxed as standard goods; with no taxes, an empty list."""

    def __missing__(self, tax_class: str) -> list[Tax]:
        return self.get(STANDARD, [])


def market_for(country: str | None) -> Market:
    """The market that a country (two letters) belongs to, else the default one, with its price list."""
    wanted = (country or "").strip().upper()
    named = Q(countries__contains=[wanted])
    own_first = OrderBy(RawSQL("%s = ANY(countries)", [wanted]), descending=True)
    found = Market.objects.select_related("price_list").filter(named | Q(is_default=True))
    market = found.order_by(own_first, "code").first()
    if market is None:
        raise NotFound(what=_("market for"), key=wanted or _("everybody else"))
    return market


def unit_prices(price_list_id: int, variant_ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    """(price, compare-at price) in minor units by variant; a variant without a price on the list is left out."""
    found = rows(
        "SELECT variant_id, amount_minor, compare_at_minor FROM pricing_price WHERE price_list_id = %s"
        " AND withdrawn_at IS NULL AND variant_id = ANY(%s::bigint[])",
        [price_list_id, list(variant_ids)],
    )
    return {variant: (amount, compare_at) for variant, amount, compare_at in found}


def taxes_for(country: str, region: str, on: date) -> Taxes:
    """The taxes in force on a day, by tax class, each class's in the order of their codes.

    A country's rates count everywhere in it and a region's only there; where both have the same code for a class the
    region's wins. Of several dates the newest that has begun counts.
    """
    found = rows(
        "SELECT DISTINCT ON (tax_class, code) tax_class, code, name, rate_ppm FROM pricing_taxrate"
        " WHERE country = %s AND region IN ('', %s) AND valid_from <= %s"
        " ORDER BY tax_class, code, region = '', valid_from DESC",
        [country.strip().upper(), region.strip().upper(), on],
    )
    taxes = Taxes()
    for tax_class, code, name, rate_ppm in found:
        taxes.setdefault(tax_class, []).append({"code": code, "name": name, "rate_ppm": rate_ppm})
    return taxes
