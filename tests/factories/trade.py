"""Trading as it happens: shifts, sales at the till, orders on the web.

Through the real actions and steps, so that stock, payments, postings and events are there too; only the card network
is left out.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from commerce.catalog.models import Variant
from commerce.company.models import Location, User
from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from commerce.pricing.models import Market
from orders import carts, drafts, fulfillment_types, payments, placement
from orders.fulfillment_types.base import Wish
from orders.gateway import Intent
from orders.models import Order
from orders.quotes import quote
from pos.actions.close_shift import close_shift
from pos.actions.open_shift import open_shift
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from pos.models import Register, Shift

ADDRESS = {
    "name": "Ada Byron", "line1": "12 Fern Street", "city": "Portland", "state": "OR", "postal_code": "97205",
    "country": "US",
}  # fmt: skip
Lines = list[tuple[Variant, int]]


def register_at(location: Location, code: str = "") -> Register:
    """A register, by default "<location>-1"."""
    code = code or f"{location.code}-1"
    return Register.objects.get_or_create(code=code, defaults={"name": "Counter 1", "location": location})[0]


def open_till(register: Register, person: User, *, at: datetime, float_minor: int = 20_000) -> Shift:
    return open_shift(register, uid=new_uid(), float_minor=float_minor, currency="USD", person=person, at=at)


def close_till(shift: Shift, person: User, *, counted_minor: int, at: datetime, note: str = "") -> Shift:
    return close_shift(
        shift.register, shift_uid=shift.uid, counted_minor=counted_minor, note=note, person=person, at=at
    )


def sell(shift: Shift, lines: Lines, total_minor: int, *, cashier: User, at: datetime) -> Order:
    """A sale for cash, with the amount that the server's prices come to."""
    envelope = {
        "id": str(new_uid()),
        "register": shift.register.code,
        "shift": str(shift.uid),
        "cashier": cashier.username,
        "sold_at": at.isoformat(),
        "currency": shift.currency,
        "lines": [{"sku": variant.sku, "quantity": quantity} for variant, quantity in lines],
        "tenders": [
            {
                "type": "cash",
                "amount": {"amount": total_minor, "currency": shift.currency},
                "tendered": {"amount": -(-total_minor // 1000) * 1000, "currency": shift.currency},
            }
        ],
    }
    answer = record_sale(parse_envelope(envelope), at=at)
    return Order.objects.get(number=answer["number"])


@action
def check_out(
    market: Market, lines: Lines, *, email: str, wish: Wish, at: datetime, coupons: Sequence[str] = ()
) -> Order:
    """A checkout that nobody has paid yet."""
    return _draft(market, lines, email=email, name="", wish=wish, at=at, coupons=coupons)[0]


@action
def order_on_web(
    market: Market,
    lines: Lines,
    *,
    email: str,
    at: datetime,
    name: str = "",
    pickup_at: Location | None = None,
    address: dict[str, str] = ADDRESS,
) -> Order:
    """A paid web order: shipped to `address`, or collected from a store."""
    wish = Wish("pickup", location=pickup_at) if pickup_at else Wish("ship", address=address)
    order, payment = _draft(market, lines, email=email, name=name, wish=wish, at=at)
    intent = Intent(
        id=f"pi_{payment.uid.hex[-12:]}",
        status="succeeded",
        amount=payment.amount_minor,
        received=payment.amount_minor,
        currency=payment.currency,
        client_secret="",
        failure_code="",
        failure="",
        card={"brand": "visa", "last4": "4242"},
        metadata={},
    )
    payments.capture(payment, intent, at=at)
    placement.place(order, payment, at=at)
    return order


def _draft(
    market: Market, lines: Lines, *, email: str, name: str, wish: Wish, at: datetime, coupons: Sequence[str] = ()
) -> Any:
    cart = carts.open_cart(market, at=at)
    carts.set_coupons(cart, coupons, at=at)
    for variant, quantity in lines:
        carts.add(cart, variant, quantity, at=at)
    kind = fulfillment_types.get(wish.type)
    found = carts.entered_coupons(cart, at=at).usable
    return drafts.create(
        cart,
        lines=lines,
        priced=quote(lines, market=market, place=kind.place(wish), ships=kind.ships, coupons=found, at=at),
        contact=drafts.Contact(email, name),
        wish=wish,
        portions=kind.plan(lines, wish, at=at),
        cart_hash=carts.content_hash(lines, coupons),
        until=at + timedelta(minutes=15),
        at=at,
    )
