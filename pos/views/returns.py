"""Returns at the till: find the order, see what can come back, what it comes to, and take it back."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.company.models import Device, User
from commerce.company.permissions import require
from commerce.company.tokens import Client
from commerce.kernel.api import scope
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput, NotFound
from commerce.pricing.queries import market_for
from orders.models import Order, Return
from orders.returns import ReturnWish
from pos import bringing_back, finding
from pos.access import approver_of, person_of, register_of
from pos.actions.approve_at_till import approve_at_till
from pos.actions.check_return import check_return
from pos.actions.show_refund_cards import show_refund_cards
from pos.actions.take_back import Wanted, take_back
from pos.models import Register
from pos.views import asked

MOST_LINES = 500
MOST_MARKS = 500
ELSEWHERE = "refund.elsewhere"


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def search(request: Request) -> Response:
    register, said = register_of(request), asked.fields(request)
    require(person_of(request), "return.accept", register.location)
    if said.get("last4"):
        found = finding.find_by_card(str(said["last4"]), _day(said.get("day")), register)
    else:
        found = finding.find(str(said.get("text", ""))[:200])
    return Response({"orders": [finding.order_row(order) for order in found]})


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise InvalidInput({"day": [_("Choose the day on which it was paid.")]}) from error


@extend_schema(exclude=True)
@scope("till")
@api_view(["GET"])
def order(request: Request, uid: UUID) -> Response:
    require(person_of(request), "return.accept", register_of(request).location)
    return Response(bringing_back.order_body(_order(uid)))


def _order(uid: UUID) -> Order:
    found = Order.objects.placed().select_related("market", "location", "customer", "sale").filter(uid=uid).first()
    if found is None:
        raise NotFound(what="order", key=str(uid))
    return found


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def marks(request: Request) -> Response:
    """What came back of the sales that a till lists, by receipt number."""
    require(person_of(request), "return.accept", register_of(request).location)
    receipts = asked.fields(request).get("receipts")
    if not isinstance(receipts, list) or len(receipts) > MOST_MARKS:
        raise InvalidInput({"receipts": [_("Send a list of receipt numbers.")]})
    return Response({"came_back": finding.came_back([str(one) for one in receipts])})


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def quote(request: Request) -> Response:
    register, wanted = register_of(request), _wanted(request)
    require(person_of(request), "return.accept", register.location)
    currency = market_for(register.location.country).currency
    return Response(bringing_back.quote_body(_order(wanted.order), wanted, register, currency))


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def returns(request: Request) -> Response:
    register, person, uid = register_of(request), person_of(request), asked.uid(request, "id")
    record = take_back(
        register,
        _wanted(request),
        uid=uid,
        shift_uid=asked.uid(request, "shift"),
        person=person,
        approver=_approver(request, uid),
        at=now(),
    )
    return Response(_body(register, record), status=201)


def _body(register: Register, record: Return) -> dict[str, Any]:
    return bringing_back.return_body(record, cards=show_refund_cards(register, record, at=now()))


def _approver(request: Request, uid: UUID) -> User | None:
    proof = asked.fields(request).get("approval")
    return approver_of(str(proof), _device(request), permission=ELSEWHERE, subject=uid) if proof else None


@extend_schema(exclude=True)
@scope("till")
@api_view(["GET"])
def taken(request: Request, uid: UUID) -> Response:
    """What became of a return: asked when its answer was lost, and while money is on its way."""
    register = register_of(request)
    require(person_of(request), "return.accept", register.location)
    return Response(_body(register, check_return(register, uid, at=now())))


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def approvals(request: Request) -> Response:
    """A colleague's PIN for one return whose money goes back another way."""
    said = asked.fields(request)
    who, pin = str(said.get("username", "")), str(said.get("pin", ""))
    uid = asked.uid(request, "subject")
    register, device = register_of(request), _device(request)
    person_of(request)
    proof = approve_at_till(register, device, who, pin, permission=ELSEWHERE, subject=uid, at=now())
    return Response({"approval": proof})


def _device(request: Request) -> Device:
    return cast(Device, cast(Client, request.user).device)


def _wanted(request: Request) -> Wanted:
    """What comes back, from JSON. Raises `InvalidInput`; whether it can, is judged by the order."""
    said = asked.fields(request)
    lines = said.get("lines")
    if not isinstance(lines, list) or len(lines) > MOST_LINES or not all(isinstance(row, dict) for row in lines):
        raise InvalidInput({"lines": [_("Send a list of lines.")]})
    due = said.get("due_minor")
    if due is not None and (isinstance(due, bool) or not isinstance(due, int)):
        raise InvalidInput({"due_minor": [_("This must be a whole number.")]})
    return Wanted(
        order=asked.uid(request, "order"),
        wishes=[_wish(row) for row in lines],
        tender=str(said.get("tender") or ""),
        with_shipping=said.get("with_shipping") is True,
        due_minor=due,
    )


def _wish(row: dict[str, Any]) -> ReturnWish:
    line, quantity, serials = row.get("line"), row.get("quantity"), row.get("serials") or []
    whole = all(isinstance(one, int) and not isinstance(one, bool) and one > 0 for one in (line, quantity))
    if not whole or not isinstance(serials, list):
        raise InvalidInput({"lines": [_("Name the line and how much of it comes back.")]})
    return ReturnWish(
        line=cast(int, line),
        quantity=cast(int, quantity),
        reason=str(row.get("reason") or "unwanted"),
        disposition=str(row.get("disposition") or "restock"),
        serials=tuple(str(serial) for serial in serials),
    )
