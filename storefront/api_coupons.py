"""Coupons of carts for machines: the same actions as the pages'."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.company.tokens import client_token
from commerce.kernel.api import idempotent, scope
from commerce.kernel.clock import now
from storefront import queries
from storefront.actions.enter_coupon import enter_coupon
from storefront.actions.remove_coupon import remove_coupon
from storefront.api import CART, priced_body, read
from storefront.serializers import CouponInput


@extend_schema(operation_id="carts_add_coupon", summary="Enter a coupon", request=CouponInput, responses=CART)
@scope("carts")
@api_view(["POST"])
@idempotent
def coupons(request: Request, uid: UUID) -> Response:
    client = client_token(request)
    enter_coupon(uid, read(CouponInput, request)["code"], client=client, at=now())
    return Response(priced_body(queries.cart_of_client(uid, client)))


@extend_schema(operation_id="carts_remove_coupon", summary="Take a coupon out", responses=CART)
@scope("carts")
@api_view(["DELETE"])
def coupon(request: Request, uid: UUID, code: str) -> Response:
    client = client_token(request)
    remove_coupon(uid, code, client=client, at=now())
    return Response(priced_body(queries.cart_of_client(uid, client)))
