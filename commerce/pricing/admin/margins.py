"""What is earned on a price: what the buyer pays without tax, less what the goods cost."""

from dataclasses import dataclass
from datetime import date

from commerce.pricing import costs, queries
from commerce.pricing.engine import round_half_up, tax_within
from commerce.pricing.models import Market, PriceList


@dataclass(frozen=True, slots=True)
class Margin:
    """In tenths of a percent of the price without tax; `is_low` below the market's floor."""

    permille: int
    is_low: bool


@dataclass(frozen=True, slots=True)
class Margins:
    """Costs by variant in the list's currency, and the margin of a price. Nothing where costs are in another one."""

    by_variant: dict[int, int]
    floor_ppm: int
    rates_ppm: dict[str, int]

    @classmethod
    def of(cls, price_list: PriceList, variant_ids: list[int], *, on: date) -> "Margins":
        """Of a list's prices: by the taxes and the floor of its market."""
        market = market_of(price_list)
        if market:
            return cls.in_market(market, variant_ids, on=on, currency=price_list.currency)
        return cls(_costs(variant_ids, price_list.currency), 0, {})

    @classmethod
    def in_market(cls, market: Market, variant_ids: list[int], *, on: date, currency: str = "") -> "Margins":
        """Of a market's prices, in its currency unless another is said."""
        rates: dict[str, int] = {}
        if market.prices_include_tax and market.countries:
            taxes = queries.taxes_for(market.countries[0], "", on)
            rates = {name: sum(tax["rate_ppm"] for tax in found) for name, found in taxes.items()}
        return cls(_costs(variant_ids, currency or market.currency), market.margin_floor_ppm, rates)

    def on(self, variant: int, tax_class: str, minor: int) -> Margin | None:
        cost = self.by_variant.get(variant)
        net = minor - tax_within(minor, self.rates_ppm.get(tax_class, self.rates_ppm.get(queries.STANDARD, 0)))
        if cost is None or net <= 0:
            return None
        earned = net - cost
        return Margin(round_half_up(1000 * earned, net), earned * 1_000_000 < self.floor_ppm * net)


def _costs(variant_ids: list[int], currency: str) -> dict[int, int]:
    known = costs.of(variant_ids)
    return dict(known.by_variant) if known.currency == currency else {}


def market_of(price_list: PriceList) -> Market | None:
    """The market by whose taxes and floor a list is judged: whose own it is, else one it is limited to, else the
    default where that has its currency."""
    found = price_list.markets.first() or price_list.only_markets.first()
    if found is None:
        default = Market.objects.select_related("price_list").filter(is_default=True).first()
        found = default if default and default.currency == price_list.currency else None
    return found
