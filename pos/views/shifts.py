"""Shifts, for the till: they are opened, counted, reported and closed."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.kernel.api import scope
from commerce.kernel.clock import now
from pos import batches, queries, shift_reports
from pos.access import person_of, register_of
from pos.actions.close_shift import close_shift
from pos.actions.open_shift import open_shift
from pos.actions.print_report import print_report
from pos.models import Shift
from pos.views import asked


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def shifts(request: Request) -> Response:
    shift = open_shift(
        register_of(request),
        uid=asked.uid(request, "id"),
        float_minor=asked.amount(request, "float_minor"),
        currency=str(asked.fields(request).get("currency", "")),
        person=person_of(request),
        at=now(),
    )
    return Response(queries.shift_body(shift), status=201)


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def closing(request: Request, uid: UUID) -> Response:
    shift = close_shift(
        register_of(request),
        shift_uid=uid,
        counted_minor=asked.amount(request, "counted_minor"),
        slip_minor=asked.signed_amount(request, "slip_minor"),
        note=str(asked.fields(request).get("note", ""))[:500],
        person=person_of(request),
        at=now(),
    )
    return Response({**_body(shift), "slip": _slip(shift), "report": shift_reports.document_of(shift)})


def _body(shift: Shift) -> dict[str, Any]:
    return queries.shift_body(shift) or {}


def _slip(shift: Shift) -> dict[str, int] | None:
    """What the card machine's slip says, beside what the till recorded by it."""
    row = shift.batches.filter(tender=batches.SEPARATE).first()
    return {"recorded_minor": row.recorded_minor, "batch_minor": row.batch_minor} if row else None


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def report(request: Request, uid: UUID) -> Response:
    """An X report of a shift that goes on, or the next copy of the Z report of one that is closed."""
    document = print_report(register_of(request), shift_uid=uid, person=person_of(request), at=now())
    return Response({"document": document})
