"""What something cost: "on 3 May at 14:10 in this store", with the list that won and why."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.db import rows
from commerce.pricing import engine, lists
from commerce.pricing.lists import MARKET_LISTS, PRICE_ROW, SOLD_HERE
from commerce.pricing.models import Channel, Market, PriceList


@dataclass(frozen=True, slots=True)
class Considered:
    """A list that had a price, what it offered (None where it did not count), and the engine's word for why."""

    price_list: PriceList
    amount_minor: int | None
    why: str


@dataclass(frozen=True, slots=True)
class PriceThen:
    """`amount_minor` is None where it had no price; the winner is the one of `considered` whose `why` is "won"."""

    currency: str
    amount_minor: int | None = None
    compare_at_minor: int | None = None
    considered: list[Considered] = field(default_factory=list)


_KNOWN_THEN = f"""
WITH {MARKET_LISTS} SELECT {PRICE_ROW} FROM used u JOIN pricing_price p ON p.price_list_id = u.id
WHERE p.variant_id = %(variant)s AND p.recorded_at <= %(at)s AND (p.withdrawn_at IS NULL OR p.withdrawn_at > %(at)s)
    AND {SOLD_HERE} ORDER BY p.recorded_at, p.id
"""


def price_at(
    variant: Variant,
    *,
    market: Market,
    location: Location | None = None,
    at: datetime,
    quantity: int = 1,
    groups: tuple[str, ...] = (),
) -> PriceThen:
    """The price of a variant at an instant: in a store by its own clock, without one on the web by the market's.

    Prices are those that were known then, and what was planned for that day; lists count as they are set up now.
    `quantity` is in smallest amounts.
    """
    found = rows(_KNOWN_THEN, {"variant": variant.pk, "at": at, **lists.of_market(market)})
    context = {
        "at": lists.wall_clock(location.time_zone if location else market.time_zone, at),
        "channel": str(Channel.POS if location else Channel.WEB),
        "location": location.code if location else "",
        "market": market.code,
        "currency": market.currency,
        "groups": list(groups),
    }
    about = {"currency": market.currency, "prices_include_tax": False, "tax_rounding": "document"}
    rules = engine.prepare({"market": about, "lists": lists.rules_of(market)})
    priced = [row for (row,) in found]
    picked = engine.pick_price(priced, quantity, context, rules)
    # A price set by hand, so that the engine explains the lists even where none of them counts.
    line = {"id": "1", "sku": variant.sku, "quantity": quantity, "prices": priced, "override_minor": 0}
    trace = engine.price({**context, "explain": True, "lines": [line]}, rules)["trace"]["prices"][0]
    considered = _named(trace["considered"])
    amount, before = picked[1:] if picked else (None, None)
    return PriceThen(market.currency, amount, before, considered)


def _named(considered: list[dict[str, Any]]) -> list[Considered]:
    """The winner first, then those that offered something."""
    named = PriceList.objects.in_bulk([row["list"] for row in considered], field_name="code")
    found = [Considered(named[row["list"]], row["amount"], row["why"]) for row in considered if row["list"] in named]
    return sorted(found, key=lambda row: (row.why != "won", row.amount_minor is None, row.price_list.name))
