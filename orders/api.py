from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.kernel.api import scope
from orders import queries
from orders.presentation import order_body


@extend_schema(
    operation_id="orders_retrieve",
    summary="One order, whatever the channel, by its number",
    responses={200: OpenApiTypes.OBJECT},
)
@scope("orders")
@api_view(["GET"])
def order(request: Request, number: str) -> Response:
    return Response(order_body(queries.by_number(number)))
