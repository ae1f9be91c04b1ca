"""Reads of orders that several callers need."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.db.models.fields.json import KT

from commerce.kernel.errors import NotFound
from orders.models import Fulfillment, FulfillmentLine, Order, Payment, Refund, Return, ReturnLine
from orders.return_presentation import was_touched


def with_everything() -> QuerySet[Order]:
    """Placed orders with all that belongs to them, in a fixed number of statements."""
    units = FulfillmentLine.objects.select_related("order_line").order_by("pk")
    parts = Fulfillment.objects.select_related("location").order_by("pk").prefetch_related(Prefetch("lines", units))
    return (
        Order.objects.placed()
        .select_related("location", "customer", "market")
        .prefetch_related("lines", "adjustments", "payments", Prefetch("fulfillments", parts))
    )


def load_body(order: Order) -> Order:
    """An order, as just read, with what `presentation.order_body` shows; five statements, more where goods
    came back."""
    parts = Fulfillment.objects.select_related("location").order_by("pk")
    units = FulfillmentLine.objects.order_by("pk")
    prefetch_related_objects(
        [order],
        *("lines", "payments"),
        *(Prefetch("fulfillments", parts), Prefetch("fulfillments__lines", units)),
        Prefetch("refunds", Refund.objects.select_related("return_record", "payment").order_by("pk")),
    )
    if was_touched(order):
        back = Return.objects.select_related("location").order_by("pk")
        lines = ReturnLine.objects.select_related("order_line", "return_record")
        prefetch_related_objects([order], "allowances", Prefetch("returns", back), Prefetch("returns__lines", lines))
    return order


def by_number(number: str) -> Order:
    """The order with this number, for machines. Raises `NotFound`."""
    order = Order.objects.placed().select_related("location").filter(number=number).first()
    if order is None:
        raise NotFound(what="order", key=number)
    return load_body(order)


def by_uid(uid: UUID) -> Order | None:
    """The placed order with this uid."""
    return with_everything().filter(uid=uid).first()


def orders_by_card(*, fingerprint: str = "", last4: str = "", day: date | None = None, most: int = 50) -> list[Order]:
    """Placed orders that one card paid, the newest first: by its fingerprint at the card network, or by the last four
    digits that a customer says. Many cards end alike, so these need the business date (`day`). [] for neither.
    """
    if not fingerprint and not (last4 and day):
        return []
    said = {"card": fingerprint} if fingerprint else {"last": last4}
    known = Payment.objects.annotate(card=KT("details__fingerprint"), last=KT("details__last4"))
    placed = Order.objects.placed().filter(pk__in=known.filter(**said, captured_minor__gt=0).values("order"))
    if day:
        noon = datetime.combine(day, time(12), UTC)  # a day of some store, wherever it is
        around = (noon - timedelta(hours=36), noon + timedelta(hours=36))
        placed = placed.filter(business_date=day, placed_at__range=around)
    return list(placed.select_related("location").order_by("-placed_at", "-pk")[:most])
