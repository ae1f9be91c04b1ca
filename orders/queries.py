"""Reads of orders that several callers need."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

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


def for_machines() -> QuerySet[Order]:
    """Placed orders with what `presentation.order_body` shows, in five statements."""
    parts = Fulfillment.objects.select_related("location").order_by("pk")
    units = FulfillmentLine.objects.order_by("pk")
    return (
        Order.objects.placed()
        .select_related("location")
        .prefetch_related("lines", "payments", Prefetch("fulfillments", parts), Prefetch("fulfillments__lines", units))
    )


def by_number(number: str) -> Order:
    """The order with this number, for machines. Raises `NotFound`."""
    order = for_machines().filter(number=number).first()
    if order is None:
        raise NotFound(what="order", key=number)
    return order


def by_uid(uid: UUID) -> Order | None:
    """The placed order with this uid."""
    return with_everything().filter(uid=uid).first()
