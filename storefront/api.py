"""Carts for machines: fill one, check it out, pay. The same actions as the pages'."""

from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.catalog.skus import normalize_sku
from commerce.company.models import Location
from commerce.company.tokens import client_token
from commerce.kernel.api import idempotent, scope
from commerce.kernel.clock import now
from commerce.kernel.errors import NotFound
from commerce.pricing.models import Market
from commerce.pricing.queries import market_for
from orders import queries as order_queries
from orders.carts import read_quantity
from orders.drafts import Contact
from orders.fulfillment_types.base import Wish
from orders.models import Cart
from orders.presentation import discount_bodies, money, order_body
from orders.wallet_payments import held_for
from storefront import queries
from storefront.actions import check_out as checking
from storefront.actions import fill_cart, pay
from storefront.presentation import cart_body, held_body
from storefront.serializers import CartInput, CheckoutInput, CompleteInput, LineInput, QuantityInput

CART = {200: OpenApiTypes.OBJECT}


def read(serializer: Any, request: Request) -> dict[str, Any]:
    """The request's fields, checked for shape. Raises a validation error naming each that is wrong."""
    filled = serializer(data=request.data)
    filled.is_valid(raise_exception=True)
    return dict(filled.validated_data)


@extend_schema(
    operation_id="carts_create", summary="Open a cart", request=CartInput, responses={201: OpenApiTypes.OBJECT}
)
@scope("carts")
@api_view(["POST"])
@idempotent
def carts(request: Request) -> Response:
    code = read(CartInput, request).get("market")
    market = Market.objects.select_related("price_list").filter(code=code).first() if code else market_for(None)
    if market is None:
        raise NotFound(what="market", key=code)
    cart = fill_cart.open_cart(market=market, client=client_token(request), at=now())
    return Response(priced_body(cart), status=201)


@extend_schema(operation_id="carts_retrieve", summary="A cart with its prices", responses=CART)
@scope("carts")
@api_view(["GET"])
def cart(request: Request, uid: UUID) -> Response:
    return Response(priced_body(queries.cart_of_client(uid, client_token(request))))


@extend_schema(operation_id="carts_add_line", summary="Put units into a cart", request=LineInput, responses=CART)
@scope("carts")
@api_view(["POST"])
@idempotent
def lines(request: Request, uid: UUID) -> Response:
    data = read(LineInput, request)
    variant = fill_cart.find_variant(normalize_sku(data["sku"]).value)
    quantity = read_quantity(data["quantity"], variant)
    filled = fill_cart.add_to_cart(uid, variant, quantity, client=client_token(request), at=now())
    return Response(priced_body(filled))


@extend_schema(operation_id="carts_set_line", summary="Change a line's quantity", request=QuantityInput, responses=CART)
@scope("carts")
@api_view(["PUT"])
@idempotent
def line(request: Request, uid: UUID, sku: str) -> Response:
    data = read(QuantityInput, request)
    variant = fill_cart.known_variant(normalize_sku(sku).value)
    quantity = read_quantity(data["quantity"], variant, least=0)
    if quantity:  # what is not sold any more can be taken out
        fill_cart.find_variant(variant.sku_key)
    filled = fill_cart.set_cart_line(uid, variant, quantity, client=client_token(request), at=now())
    return Response(priced_body(filled))


@extend_schema(
    operation_id="carts_checkout",
    summary="Hold a cart's units and announce the payment",
    request=CheckoutInput,
    responses=CART,
)
@scope("carts")
@api_view(["POST"])
@idempotent
def checkout(request: Request, uid: UUID) -> Response:
    data = read(CheckoutInput, request)
    order, payment = checking.check_out(
        uid,
        contact=Contact(data["email"], data["name"] or (data["fulfillment"].get("address") or {}).get("name", "")),
        wish=_wish(data["fulfillment"]),
        client=client_token(request),
        at=now(),
    )
    return Response(
        {
            "cart": str(uid),
            "subtotal": money(order.subtotal_minor, order.currency),
            "discount": money(order.discount_minor, order.currency),
            "discounts": discount_bodies(order.discounts, order.currency),
            "coupons": list(order.coupons),
            "shipping": money(order.shipping_minor, order.currency),
            "fees": money(order.fee_minor, order.currency),
            "tax": money(order.tax_minor, order.currency),
            "taxes": order.taxes,
            "total": money(order.total_minor, order.currency),
            "gift_cards": [held_body(one) for one in held_for(order)],
            "to_pay": money(payment.amount_minor, order.currency),
            "expires_at": order.expires_at.isoformat() if order.expires_at else None,
            "client_secret": payment.client_secret,
            "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
        }
    )


def _wish(data: dict[str, Any]) -> Wish:
    location = None
    if data.get("location"):
        location = Location.objects.filter(code=data["location"], is_active=True).first()
        if location is None:
            raise NotFound(what="location", key=data["location"])
    address = dict(data["address"]) if data.get("address") else None
    if address:
        address["country"] = address["country"].upper()
        address["state"] = address["state"].upper()
    return Wish(data["type"], location=location, address=address)


@extend_schema(
    operation_id="carts_complete", summary="Pay for a checked-out cart", request=CompleteInput, responses=CART
)
@scope("carts")
@api_view(["POST"])
@idempotent
def complete(request: Request, uid: UUID) -> Response:
    data = read(CompleteInput, request)
    placed = pay.complete(
        uid,
        payment_method=data["payment_method"],
        return_url=f"{settings.SITE_URL}/checkout/return",
        client=client_token(request),
        at=now(),
    )
    return Response(order_body(order_queries.load_body(placed)))


def priced_body(cart: Cart) -> dict[str, Any]:
    """A cart as every one of its endpoints answers."""
    return cart_body(cart, *queries.priced_cart(cart, at=now()))
