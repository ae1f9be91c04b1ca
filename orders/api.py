from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.kernel.api import idempotent, scope
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from orders import queries
from orders.actions.accept_return import accept_return
from orders.presentation import order_body
from orders.return_presentation import refund_body, return_body
from orders.return_requests import location_of, wishes_of
from orders.serializers import ReturnInput


@extend_schema(
    operation_id="orders_retrieve",
    summary="One order, whatever the channel, by its number",
    responses={200: OpenApiTypes.OBJECT},
)
@scope("orders")
@api_view(["GET"])
def order(request: Request, number: str) -> Response:
    return Response(order_body(queries.by_number(number)))


@extend_schema(
    operation_id="orders_returns_create",
    summary="Take goods of an order back, and give their money back",
    description=(
        "Units go back at what was paid for them, by the tenders that paid: see `refunds` of the answer, whose `state`"
        " is `pending` while the card network has not answered. What can come back was fulfilled and has not come back:"
        " more is refused with 409 `not_returnable`, more money than is left with 409 `refund_too_large`, a card that"
        " is closed with 409 `original_gone` unless another `tender` is named. The same Idempotency-Key is the same"
        " return."
    ),
    parameters=[OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)],
    request=ReturnInput,
    responses={201: OpenApiTypes.OBJECT},
)
@scope("returns")
@api_view(["POST"])
@idempotent
def returns(request: Request, number: str) -> Response:
    filled = ReturnInput(data=request.data)
    filled.is_valid(raise_exception=True)
    data: dict[str, Any] = dict(filled.validated_data)
    found = queries.by_number(number)
    record = accept_return(
        found.pk,
        wishes_of(found, data["lines"]),
        uid=_uid_of(request),
        location=location_of(data["location"]),
        channel="web",
        person=None,
        at=now(),
        note=data["note"],
        **(data.get("refund") or {}),
    )
    refunds = record.refunds.select_related("return_record", "payment").order_by("pk")
    return Response({**return_body(record), "refunds": [refund_body(refund) for refund in refunds]}, status=201)


def _uid_of(request: Request) -> UUID:
    """A return keeps its uid when its request comes again, even where its first answer was lost."""
    key = request.headers.get("Idempotency-Key", "")
    caller: Any = request.user
    return uuid5(NAMESPACE_URL, f"{caller.name} {request.path} {key}") if key else new_uid()
