"""Sales of tills, for machines. One sale at a time, or a batch with an answer per sale."""

import logging
from typing import Any, cast

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.company.tokens import Client
from commerce.kernel.api import scope
from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError, InvalidInput, NotAllowed
from commerce.kernel.failpoints import failpoint
from commerce.kernel.http import problem
from pos.actions.record_sale import record_sale
from pos.actions.refuse_sale import refuse_sale
from pos.envelope import parse_envelope
from pos.errors import Unforeseen
from pos.models import Register

MAX_BATCH = 500
log = logging.getLogger(__name__)


@extend_schema(
    operation_id="sales_create",
    summary="Record a sale that happened at a till",
    description=(
        "The sale's `id` makes it one sale however often it is sent. Stock goes down whatever it says. A line's"
        ' quantity is in units: a whole number of pieces, or "0.35" (or 0.35) of what is sold by the meter.'
    ),
    request=OpenApiTypes.OBJECT,
    responses={201: OpenApiTypes.OBJECT},
)
@scope("sales")
@api_view(["POST"])
def sales(request: Request) -> Response:
    return Response(_record(request, request.data), status=201)


@extend_schema(
    operation_id="sales_batch",
    summary="Replay sales, with a result for each",
    description="A sale that cannot be recorded opens a case that keeps it, and holds up none behind it.",
    request=OpenApiTypes.OBJECT,
    responses={200: OpenApiTypes.OBJECT},
)
@scope("sales")
@api_view(["POST"])
def batch(request: Request) -> Response:
    wanted = request.data.get("sales") if isinstance(request.data, dict) else None
    if not isinstance(wanted, list) or len(wanted) > MAX_BATCH:
        raise InvalidInput({"sales": [_("Send a list of at most %(most)d sales.") % {"most": MAX_BATCH}]})
    return Response({"results": [_one(request, data) for data in wanted]})


def _record(request: Request, data: Any) -> dict[str, Any]:
    """Record one sale; a till may send those of its own register only, by any name that is no other register's."""
    envelope = parse_envelope(data)
    device, register = cast(Client, request.user).device, None
    if device:
        register = Register.objects.select_related("location").filter(device=device).first()
        if register is None or _is_another(envelope.register, register):
            raise NotAllowed(register=envelope.register)
    answer = record_sale(envelope, register=register, at=now())
    failpoint("pos.before_answer")
    return answer


def _is_another(code: str, register: Register) -> bool:
    return code != register.code and Register.objects.filter(code=code).exists()


def _one(request: Request, data: Any) -> dict[str, Any]:
    uid = data.get("id") if isinstance(data, dict) else None
    try:
        return {"id": uid, "status": 201, "sale": _record(request, data)}
    except DomainError as error:
        if error.status < 500:  # a busy server asks for another try; a refusal would be refused again
            refuse_sale(data, error, at=now())
        return {"id": uid, "status": error.status, "error": problem(error)}
    except (OperationalError, InterfaceError):
        raise  # the database is gone: the whole batch is to come again
    except Exception:
        log.exception("sale %s could not be recorded", uid)
        failure = Unforeseen()
        refuse_sale(data, failure, at=now())
        return {"id": uid, "status": failure.status, "error": problem(failure)}
