"""What any basket costs, and why: the price engine's answer with its proof, for simulators of other systems."""

from typing import Any

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.catalog.models import Variant
from commerce.catalog.skus import normalize_sku
from commerce.company.models import Location
from commerce.kernel.api import scope
from commerce.kernel.clock import business_date, now
from commerce.kernel.errors import InvalidInput, NotFound
from commerce.pricing import coupons
from commerce.pricing.models import Market
from commerce.pricing.queries import market_for
from orders.carts import read_quantity
from orders.quotes import Place, home_of, quote
from storefront.api import read
from storefront.presentation import Contents, line_bodies, sums_of
from storefront.serializers import PricesInput


@extend_schema(
    operation_id="prices_create",
    summary="Price a basket, with the reasons",
    description="Nothing is kept or held. `engine` and `rules` name what the prices were worked out with: the same"
    " basket with the same two comes to the same to the cent.",
    request=PricesInput,
    responses={200: OpenApiTypes.OBJECT},
)
@scope("carts")
@api_view(["POST"])
def prices(request: Request) -> Response:
    data = read(PricesInput, request)
    market, location = _market(data.get("market")), _location(data.get("location"))
    at = data.get("at") or now()
    contents = _contents(data["lines"])
    today = business_date(location.time_zone if location else market.time_zone, at)
    entered = coupons.look_up(data["coupons"], today=today)
    priced = quote(
        contents,
        market=market,
        place=_place(data.get("address"), location, market),
        ships=data["ships"],
        at=at,
        channel=data["channel"],
        location=location,
        coupons=entered.usable,
        groups=data["groups"],
        explain=True,
    )
    return Response(_body(priced, contents, entered, market, at.isoformat()))


def _market(code: str | None) -> Market:
    market = Market.objects.select_related("price_list").filter(code=code).first() if code else market_for(None)
    if market is None:
        raise NotFound(what="market", key=code)
    return market


def _location(code: str | None) -> Location | None:
    found = Location.objects.filter(code=code, is_active=True).first() if code else None
    if code and found is None:
        raise NotFound(what="location", key=code)
    return found


def _place(address: dict[str, str] | None, location: Location | None, market: Market) -> Place | None:
    if address:
        made = {"country": address["country"].upper(), "state": address["state"].upper()}
        return Place.of_address({**made, "postal_code": address["postal_code"]})
    return Place.of_location(location) if location else home_of(market)


def _contents(lines: list[dict[str, Any]]) -> Contents:
    """What the lines name, in their order; the same SKU twice is refused. One statement."""
    keys = [normalize_sku(line["sku"]).value for line in lines]
    known = {row.sku_key: row for row in Variant.objects.select_related("product").filter(sku_key__in=keys)}
    found: dict[str, tuple[Variant, int]] = {}
    for key, line in zip(keys, lines, strict=True):
        if key not in known:
            raise NotFound(what="SKU", key=line["sku"])
        if key in found:
            raise InvalidInput({"lines": [f"{line['sku']} stands there twice."]})
        found[key] = (known[key], read_quantity(line["quantity"], known[key]))
    return list(found.values())


def _body(
    priced: dict[str, Any], contents: Contents, entered: coupons.Entered, market: Market, at: str
) -> dict[str, Any]:
    refused = [{"code": code, "problem": why.code, "detail": str(why)} for code, why in entered.refused.items()]
    sku_of = {str(variant.pk): variant.sku for variant, _quantity in contents}
    told = [
        {"sku": sku_of[row["id"]], **{key: row[key] for key in ("list", "amount", "considered")}}
        for row in priced["trace"]["prices"]
    ]
    return {
        "engine": priced["engine"],
        "rules": priced["rules"],
        "at": at,
        "market": market.code,
        "currency": market.currency,
        "prices_include_tax": priced["tax_included"],
        "lines": line_bodies(contents, priced),
        **sums_of(priced, market.currency),
        "taxes": priced["taxes"],
        "coupons": [coupon.as_asked() for coupon in entered.usable],
        "refused_coupons": refused,
        "trace": {"promotions": priced["trace"]["promotions"], "prices": told},
    }
