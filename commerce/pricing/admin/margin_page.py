"""What is earned on every variant in a market today: price, cost, margin; those below the floor first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from commerce.catalog.admin.variants import variants_with_code
from commerce.catalog.models import Product, Variant
from commerce.office.base import person_of
from commerce.pricing import prices
from commerce.pricing.admin.margins import Margin, Margins
from commerce.pricing.many_prices import web_prices
from commerce.pricing.models import Market

PERMISSION = "cost.view"
PER_PAGE = 100
Key = tuple[int, str, str]  # primary key, SKU, tax class


@dataclass(frozen=True, slots=True)
class Row:
    """A variant's price on the web, what one unit costs (None: never bought), and what is earned on it."""

    pk: int
    sku: str
    price_minor: int
    cost_minor: int | None
    margin: Margin | None

    @property
    def rank(self) -> tuple[int, int, str]:
        """Below the floor first, the smallest margin first; at the end what is sold and has no known cost."""
        if self.margin is None:
            return (2, 0, self.sku)
        return (0 if self.margin.is_low else 1, self.margin.permille, self.sku)


def margin_page(admin: Any, request: HttpRequest, *, at: datetime) -> HttpResponse:
    """The page; for those who may see costs."""
    if not person_of(request).has_perm(PERMISSION):
        raise PermissionDenied
    markets = list(Market.objects.select_related("price_list").order_by("-is_default", "name"))
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("market", "q", "show")}
    market = next((row for row in markets if row.code == asked["market"]), markets[0] if markets else None)
    found = sorted(_rows(market, asked["q"], at=at), key=lambda row: row.rank) if market else []
    low = sum(1 for row in found if row.margin and row.margin.is_low)
    unknown = sum(1 for row in found if row.margin is None)
    shown = [row for row in found if asked["show"] != "low" or (row.margin and row.margin.is_low)]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    named = Variant.objects.select_related("product").in_bulk([row.pk for row in page])
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Margins"),
        "market": market,
        "markets": [(row.code, row.name) for row in markets],
        "shows": [("", _("All variants")), ("low", _("Below the floor"))],
        "asked": asked,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "rows": [(row, named[row.pk]) for row in page if row.pk in named],
        "page": page,
        "count": len(found),
        "low": low,
        "unknown": unknown,
        "floor": f"{market.margin_floor_ppm / 10_000:g}" if market else "",
        "knows_costs": bool(found) and unknown < len(found),
    }
    return TemplateResponse(request, "office/margins.html", context)


def _rows(market: Market, query: str, *, at: datetime) -> Iterator[Row]:
    """Of everything that is sold there at a price. What people say the price of has no margin before it is said."""
    sold = Variant.objects.filter(is_active=True, is_open_price=False, product__status=Product.Status.ACTIVE)
    if query:
        coded = variants_with_code(query).values("pk")
        sold = sold.filter(pk__in=coded) | sold.filter(product__title__icontains=query)
    keys: list[Key] = list(sold.order_by("pk").values_list("pk", "sku", "product__tax_class"))
    ids = [pk for pk, _sku, _tax_class in keys]
    offered = web_prices(ids, market=market, at=at)
    margins = Margins.in_market(market, ids, on=prices.day_of(market.price_list_id, at))
    for pk, sku, tax_class in keys:
        if pk in offered:
            minor = offered[pk]
            yield Row(pk, sku, minor, margins.by_variant.get(pk), margins.on(pk, tax_class, minor))
