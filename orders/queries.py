"""Reads of orders that several callers need."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from commerce.kernel.errors import NotFound
from orders.models import Fulfillment, FulfillmentLine, Order


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
    """An order, as just read, with what `presentation.order_body` shows; four statements."""
    parts = Fulfillment.objects.select_related("location").order_by("pk")
    units = FulfillmentLine.objects.order_by("pk")
    prefetch_related_objects(
        [order], "lines", "payments", Prefetch("fulfillments", parts), Prefetch("fulfillments__lines", units)
    )
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
