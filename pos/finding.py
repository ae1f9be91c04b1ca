"""Reads: the order that somebody brings something back of, by whatever they have of it."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from commerce.catalog import units
from commerce.kernel.db import rows
from commerce.kernel.errors import InvalidInput
from customers.models import Customer
from customers.profiles import email_key
from orders.models import Order, OrderLine, Payment, Return
from pos.models import Register

MOST = 20
FEWEST_DIGITS = 7
_PHONE = (
    "SELECT id FROM customers_customer WHERE phone <> '' AND"
    " right(regexp_replace(phone, '[^0-9]', '', 'g'), %(length)s) = %(digits)s LIMIT 50"
)


def find(text: str) -> list[Order]:
    """Placed orders of any channel by a number of the order, its receipt or a return, or by the customer's e-mail
    address or phone; the newest first."""
    text = text.strip().removeprefix("#")
    if not text:
        return []
    if "@" in text:
        # Who has the address is asked before: each side of the OR is a look-up in an index then, however many orders.
        known = list(Customer.objects.filter(email_key=email_key(text)).values_list("pk", flat=True))
        return _newest(Q(email__iexact=text) | Q(customer__in=known))
    exact = _newest(Q(number=text) | Q(sale__receipt_number__in=[text, text.upper()]))
    if exact:
        return exact
    came_back = Return.objects.filter(number=text.upper()).values("order")
    return _newest(Q(pk__in=came_back)) or _by_phone(text)


def find_by_card(last4: str, day: date, register: Register) -> list[Order]:
    """Orders that a card with these last four figures paid on a day, as the register's place counts days."""
    if not re.fullmatch("[0-9]{4}", last4):
        raise InvalidInput({"last4": [_("Write the last four figures of the card.")]})
    begin = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(register.location.time_zone))
    paid = Payment.objects.filter(order=OuterRef("pk"), details__last4=last4)
    return _newest(Q(Exists(paid), placed_at__range=(begin, begin + timedelta(days=1))))


def came_back(receipts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What came back of sales, by receipt number: `pieces`, and whether that is `all`; sales of which nothing did are
    left out. One statement."""
    lines = OrderLine.objects.filter(order__sale__receipt_number__in=receipts, gift_card=None)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for line in lines.annotate(receipt=F("order__sale__receipt_number")):
        back = units.pieces_in(line.returned, line.unit) if line.returned else 0
        found[line.receipt].append((back, line.quantity - line.returned))
    return {
        receipt: {"pieces": sum(back for back, _left in parts), "all": not any(left for _back, left in parts)}
        for receipt, parts in found.items()
        if any(back for back, _left in parts)
    }


def _by_phone(text: str) -> list[Order]:
    digits = re.sub("[^0-9]", "", text)
    if len(digits) < FEWEST_DIGITS or re.search("[A-Za-z]", text):
        return []
    tail = digits[-9:]
    return _newest(Q(customer__in=[pk for (pk,) in rows(_PHONE, {"digits": tail, "length": len(tail)})]))


def _newest(wanted: Q) -> list[Order]:
    found: QuerySet[Order] = Order.objects.placed().filter(wanted).exclude(number=None)
    return list(
        found.select_related("location", "customer", "sale").prefetch_related("lines").order_by("-placed_at")[:MOST]
    )


def order_row(order: Order) -> dict[str, Any]:
    """One found order, as the till lists it. E-mail addresses and phones stay on the server (T28)."""
    sale = getattr(order, "sale", None)
    return {
        "id": str(order.uid),
        "number": order.number,
        "receipt": sale.receipt_number if sale else "",
        "channel": order.channel,
        "place": order.location.name if order.location else "",
        "placed_at": order.placed_at.isoformat() if order.placed_at else None,
        "customer": order.customer.name if order.customer else "",
        "pieces": sum(units.pieces_in(line.quantity, line.unit) for line in order.lines.all()),
        "names": [line.name for line in order.lines.all()][:3],
        "currency": order.currency,
        "total_minor": order.total_minor + order.rounding_minor,
        "status": str(order.get_payment_status_display()),
    }
