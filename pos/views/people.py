"""Pairing a browser, PINs, and what a till must know."""

from typing import cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.company.models import Device
from commerce.company.permissions import MATRIX
from commerce.company.tokens import Client
from commerce.kernel.api import scope
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput
from commerce.kernel.http import address_of
from pos import queries
from pos.access import make_pass, register_of
from pos.actions.check_pin import check_pin
from pos.actions.pair_register import pair_register


@extend_schema(exclude=True)
@api_view(["POST"])
@authentication_classes([])
@permission_classes([])
def pairing(request: Request) -> Response:
    code = request.data.get("code", "") if isinstance(request.data, dict) else ""
    if not isinstance(code, str) or not code.strip():
        raise InvalidInput({"code": [_("Enter the pairing code that the back office shows.")]})
    register, token = pair_register(code, address=address_of(request._request), at=now())
    return Response({"token": token, "state": queries.till_state(register, at=now())}, status=201)


@extend_schema(exclude=True)
@scope("till")
@api_view(["GET"])
def state(request: Request) -> Response:
    return Response(queries.till_state(register_of(request), at=now()))


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def pin(request: Request) -> Response:
    data = request.data if isinstance(request.data, dict) else {}
    device = cast(Device, cast(Client, request.user).device)
    person = check_pin(register_of(request), device, str(data.get("username", "")), str(data.get("pin", "")), at=now())
    return Response(
        {
            "pass": make_pass(person, device),
            "username": person.username,
            "name": person.get_full_name() or person.username,
            "role": person.role,
            "permissions": sorted(MATRIX.get(person.role, set())),
        }
    )
