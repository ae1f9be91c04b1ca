"""Stock, tasks and the card reader, for the till."""

from typing import Any
from uuid import UUID

from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.catalog.models import Variant
from commerce.catalog.skus import normalize_sku
from commerce.kernel.api import scope
from commerce.kernel.clock import now
from commerce.kernel.errors import NotFound
from orders.actions.hand_over import hand_over
from orders.actions.prepare_pickup import prepare_pickup
from pos import queries
from pos.access import person_of, register_of
from pos.actions.find_pickup import find_pickup
from pos.actions.take_card import check_card, start_card, stop_card
from pos.models import CardAttempt
from pos.views import asked


@extend_schema(exclude=True)
@gzip_page
@scope("till")
@api_view(["GET"])
def stock(request: Request) -> Response:
    return Response(queries.stock_here(register_of(request)))


@extend_schema(exclude=True)
@scope("till")
@api_view(["GET"])
def stock_of(request: Request, sku: str) -> Response:
    variant = Variant.objects.filter(sku_key=normalize_sku(sku).value).first()
    if variant is None:
        raise NotFound(what="SKU", key=sku)
    promised = queries.promised_here(variant, register_of(request))
    return Response(
        {"sku": variant.sku, "locations": queries.stock_everywhere(variant, at=now()), "promised": promised}
    )


@extend_schema(exclude=True)
@scope("till")
@api_view(["GET"])
def tasks(request: Request) -> Response:
    return Response({"tasks": queries.open_tasks(register_of(request))})


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def readiness(request: Request, uid: UUID) -> Response:
    here, person = register_of(request).location, person_of(request)
    return Response(queries.task_body(prepare_pickup(uid, here=here, person=person, at=now())))


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def pickup_search(request: Request) -> Response:
    code = str(asked.fields(request).get("code", ""))
    return Response(queries.task_body(find_pickup(register_of(request), code, at=now())))


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def handover(request: Request, uid: UUID) -> Response:
    """Hands over what the scanned code opens: the code is asked for again, so that a look at the list is not enough."""
    found = find_pickup(register_of(request), str(asked.fields(request).get("code", "")), at=now())
    if found.uid != uid:
        raise NotFound(what="pickup", key=str(uid))
    numbers = queries.numbers_of(found, asked.fields(request).get("serials"))
    anyway = asked.fields(request).get("anyway") is True
    return Response(
        queries.task_body(hand_over(uid, numbers=numbers, anyway=anyway, person=person_of(request), at=now()))
    )


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def card_attempts(request: Request) -> Response:
    attempt = start_card(
        register_of(request),
        uid=asked.uid(request, "id"),
        sale_uid=asked.uid(request, "sale"),
        amount_minor=asked.amount(request, "amount_minor"),
        currency=str(asked.fields(request).get("currency", "")),
        counted=asked.uids(request, "counted"),
        person=person_of(request),
        at=now(),
    )
    return Response(_card_body(attempt), status=201)


@extend_schema(exclude=True)
@scope("till")
@api_view(["GET"])
def card_attempt(request: Request, uid: UUID) -> Response:
    return Response(_card_body(check_card(register_of(request), uid, at=now())))


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def card_cancellation(request: Request, uid: UUID) -> Response:
    return Response(_card_body(stop_card(register_of(request), uid, at=now())))


def _card_body(attempt: CardAttempt) -> dict[str, Any]:
    return {
        "id": str(attempt.uid),
        "state": attempt.state,
        "amount_minor": attempt.amount_minor,
        "currency": attempt.currency,
        "card": {name: attempt.details[name] for name in ("brand", "last4") if name in attempt.details},
        "failure": attempt.failure_text,
        "failure_code": attempt.failure_code,
    }
