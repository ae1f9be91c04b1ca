"""What every page of the shop shows and hardly ever changes: its markets, categories and stores."""

import time
from dataclasses import dataclass

from django.conf import settings

from commerce.catalog.models import Category, Product
from commerce.company.models import Location
from commerce.pricing.models import Market

_kept: dict[str, tuple[float, "Frame"]] = {}


@dataclass(frozen=True, slots=True)
class Frame:
    """At most settings.SHOP_FRAME_SECONDS old. `locations` are all active places, in their order."""

    markets: list[Market]
    categories: list[Category]
    locations: list[Location]
    gift_card: str = ""  # the slug of the gift card that is sold by mail

    def market_of(self, country: str) -> Market | None:
        """The market that sells to this country; without one the default market."""
        named = next((market for market in self.markets if country in market.countries), None)
        return named or next((market for market in self.markets if market.is_default), None)

    def shelves(self, parent: int | None = None) -> list[Category]:
        """The categories below one, or those of the first level."""
        return [category for category in self.categories if category.parent_id == parent]


def current() -> Frame:
    """Four statements at most every few seconds, none otherwise. Shared by all requests: nobody may change it."""
    kept = _kept.get("frame")  # not in Django's cache, which would copy every row for every page
    if kept and time.monotonic() - kept[0] < settings.SHOP_FRAME_SECONDS:
        return kept[1]
    found = Frame(
        markets=list(Market.objects.select_related("price_list").order_by("-is_default", "code")),
        categories=list(Category.objects.order_by("position", "name")),
        locations=list(Location.objects.filter(is_active=True)),
        gift_card=_gift_card(),
    )
    _kept["frame"] = time.monotonic(), found
    return found


def _gift_card() -> str:
    sold = Product.objects.filter(status=Product.Status.ACTIVE, on_web=True)
    found = sold.filter(variants__is_gift_card=True, variants__is_active=True).order_by("pk").first()
    return found.slug if found else ""


def forget() -> None:
    """Read anew next time, in this process."""
    _kept.clear()
