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
from orders.actions.cancel_order import cancel_order
from orders.presentation import order_body
from orders.return_presentation import refund_body, return_body
from orders.return_requests import location_of, wishes_of
from orders.serializers import CancelInput, ReturnInput


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


@extend_schema(
    operation_id="orders_cancel_create",
    summary="Cancel all of an order that has not left",
    description=(
        "Its goods are free again, what is held on a card is let go, and what was taken goes back by the tenders that"
        " paid: see `refunds`. Of an order of which something has left, the rest is canceled; what has left comes back"
        " as a return. Where nothing waits to leave it is refused with 409 `nothing_to_cancel`. The same"
        " Idempotency-Key is the same cancellation. The answer is the order."
    ),
    parameters=[OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)],
    request=CancelInput,
    responses={200: OpenApiTypes.OBJECT},
)
@scope("cancellations")
@api_view(["POST"])
@idempotent
def cancel(request: Request, number: str) -> Response:
    filled = CancelInput(data=request.data)
    filled.is_valid(raise_exception=True)
    found = queries.by_number(number)
    cancel_order(found.pk, uid=_uid_of(request), person=None, at=now(), **filled.validated_data)
    return Response(order_body(queries.by_number(number)))


def _uid_of(request: Request) -> UUID:
    """A return, or a cancellation, keeps its uid when its request comes again, even where its first answer was lost."""
    key = request.headers.get("Idempotency-Key", "")
    caller: Any = request.user
    return uuid5(NAMESPACE_URL, f"{caller.name} {request.path} {key}") if key else new_uid()
