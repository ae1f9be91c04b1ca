"""Gift cards of carts for machines: those that are bought, and those that pay. The same actions as the pages'."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.catalog.skus import normalize_sku
from commerce.company.tokens import client_token
from commerce.kernel.api import idempotent, scope
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput
from orders import bought_gift_cards
from storefront import queries
from storefront.actions.buy_gift_card import buy_gift_card, take_gift_card_out
from storefront.actions.enter_gift_card import enter_gift_card, remove_gift_card_by_uid
from storefront.actions.fill_cart import find_variant
from storefront.api import CART, priced_body, read
from storefront.serializers import GiftCardInput, GiftCardLineInput


@extend_schema(
    operation_id="carts_add_gift_card_line",
    summary="Put a gift card into a cart, to be mailed when it is paid",
    description=(
        "Its money is neither taxed nor reduced, and no gift card pays for it. The number is mailed to the recipient,"
        " on the day `send_on` or as soon as the order is paid, and is in no answer of this API."
    ),
    request=GiftCardLineInput,
    responses=CART,
)
@scope("carts")
@api_view(["POST"])
@idempotent
def lines(request: Request, uid: UUID) -> Response:
    data, client, at = read(GiftCardLineInput, request), client_token(request), now()
    market = queries.cart_of_client(uid, client).market
    amount = data["amount"]
    if amount["currency"] != market.currency:
        raise InvalidInput({"amount": [f"This cart is in {market.currency}."]})
    card = bought_gift_cards.ask(
        find_variant(normalize_sku(data["sku"]).value),
        market,
        amount_minor=amount["amount"],
        to_name=data["recipient"]["name"],
        to_email=data["recipient"]["email"],
        message=data["message"],
        send_on=data.get("send_on"),
        at=at,
    )
    buy_gift_card(uid, card, market=market, client=client, at=at)
    return Response(_body(uid, client))


@extend_schema(
    operation_id="carts_remove_gift_card_line",
    summary="Take a gift card out that is not bought after all",
    responses=CART,
)
@scope("carts")
@api_view(["DELETE"])
def line(request: Request, uid: UUID, line: UUID) -> Response:
    client = client_token(request)
    take_gift_card_out(uid, line, client=client, at=now())
    return Response(_body(uid, client))


@extend_schema(
    operation_id="carts_add_gift_card",
    summary="Pay with a gift card",
    description=(
        "What the order needs of it is held with the checkout and taken with the order; the payment is for the rest,"
        " and where nothing is left to pay `complete` needs no `payment_method`. A number that is unknown, blocked,"
        " expired or empty is one answer, 409 `gift_card_unusable`; too many tries are 429 `too_many_lookups`."
    ),
    request=GiftCardInput,
    responses=CART,
)
@scope("carts")
@api_view(["POST"])
@idempotent
def cards(request: Request, uid: UUID) -> Response:
    client = client_token(request)
    enter_gift_card(uid, read(GiftCardInput, request)["number"], client=client, at=now())
    return Response(_body(uid, client))


@extend_schema(operation_id="carts_remove_gift_card", summary="Pay without a gift card after all", responses=CART)
@scope("carts")
@api_view(["DELETE"])
def card(request: Request, uid: UUID, card: UUID) -> Response:
    client = client_token(request)
    remove_gift_card_by_uid(uid, card, client=client, at=now())
    return Response(_body(uid, client))


def _body(uid: UUID, client: Any) -> dict[str, Any]:
    return priced_body(queries.cart_of_client(uid, client))
