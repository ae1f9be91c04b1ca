"""The rules that a till decides prices by."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.kernel.api import scope
from commerce.kernel.clock import now
from pos.access import register_of
from pos.rules import till_rules


@extend_schema(exclude=True)
@scope("till")
@api_view(["GET"])
def rules(request: Request) -> Response:
    """`?version=` what the till has: then only that version, where nothing has changed."""
    found = till_rules(register_of(request).location, at=now())
    if request.query_params.get("version") == found["version"]:
        return Response({"version": found["version"]})
    return Response(found)
