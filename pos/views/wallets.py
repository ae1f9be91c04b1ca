"""Gift cards and store credit, for the till's pay screen."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.kernel.api import scope
from commerce.kernel.clock import now
from commerce.kernel.money import Money
from customers import gift_cards
from customers.actions.look_up_gift_card import look_up_gift_card
from customers.errors import GiftCardUnusable
from customers.lookups import PER_TILL
from customers.models import WalletHold
from pos.access import person_of, register_of
from pos.actions.hold_wallet import hold_gift_card, hold_store_credit, release_wallet
from pos.actions.ready_gift_card import ready_gift_card
from pos.views import asked


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def holds(request: Request) -> Response:
    """`{sale, amount_minor, currency}` with the card's `code` or the customer's `email`: what is held of it. On top of
    what the holds `known` to the till keep of the same card or credit for this sale."""
    fields = asked.fields(request)
    wanted: dict[str, Any] = {
        "sale": asked.uid(request, "sale"),
        "up_to": asked.amount(request, "amount_minor"),
        "currency": str(fields.get("currency", "")),
        "known": asked.uids(request, "known"),
        "person": person_of(request),
        "at": now(),
    }
    if "email" in fields:
        held = hold_store_credit(register_of(request), str(fields["email"]), **wanted)
    else:
        held = hold_gift_card(register_of(request), str(fields.get("code", "")), **wanted)
    return Response(_body(held), status=201)


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def release(request: Request, uid: UUID) -> Response:
    sale = asked.uid(request, "sale")
    release_wallet(register_of(request), uid, sale=sale, person=person_of(request), at=now())
    return Response({"id": str(uid), "state": "released"})


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def search(request: Request) -> Response:
    """What a card has, for the person who holds it over the counter; one that pays nothing is refused in one way."""
    register, at = register_of(request), now()
    person_of(request)
    card = look_up_gift_card(
        str(asked.fields(request).get("code", "")), origin=f"till {register.pk}", most=PER_TILL, at=at
    )
    left = gift_cards.available(card, at=at) if card else 0
    if card is None or not left:
        raise GiftCardUnusable()
    return Response({"last4": card.last_four, "balance": Money(left, card.currency).format()})


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def cards(request: Request) -> Response:
    """`{currency, code?}`: the card that is about to be sold; without a code a new one, whose code is in the answer."""
    fields = asked.fields(request)
    card, code = ready_gift_card(
        register_of(request),
        str(fields.get("code", "")),
        currency=str(fields.get("currency", "")),
        person=person_of(request),
        at=now(),
    )
    return Response({"id": str(card.uid), "last4": card.last_four, "code": code}, status=201)


def _body(held: WalletHold) -> dict[str, Any]:
    wallet = held.wallet
    left = wallet.balance_minor - held.amount_minor
    card, credit = held.gift_card, held.store_credit
    return {
        "id": str(held.uid),
        "type": "gift_card" if card else "store_credit",
        "amount_minor": held.amount_minor,
        "currency": held.currency,
        "balance_minor": wallet.balance_minor,
        "left": Money(left, held.currency).format(),
        "card": {"last4": card.last_four} if card else {"name": str(credit.customer) if credit else ""},
    }
