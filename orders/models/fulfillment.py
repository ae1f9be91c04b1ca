from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.company.models import Location
from commerce.kernel.ids import new_uid
from inventory.models import Reservation
from orders.models.order import Order, OrderLine


class FulfillmentQuerySet(models.QuerySet["Fulfillment"]):
    def locked(self) -> Self:
        """Lock the rows, in the one order that `kernel.db` asks for."""
        return self.order_by("pk").select_for_update(of=("self",))

    def open(self) -> Self:
        """Those that somebody still has to do something for."""
        return self.filter(state__in=["pending", "ready"])


class Fulfillment(models.Model):
    """Lines of an order that leave one location in one way: over the counter, collected, shipped."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        PENDING = "pending", _("To prepare")
        READY = "ready", _("Ready")
        DONE = "done", _("Done")
        CANCELED = "canceled", _("Canceled")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="fulfillments")
    type = models.CharField(_("type"), max_length=20)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="fulfillments", verbose_name=_("location")
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PLANNED)
    # The shopper's code is derived from the uid and the server's secret; only its hash is here, to find it by.
    pickup_code_hash = models.CharField(max_length=64, blank=True, editable=False)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("created at"))
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = FulfillmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("fulfillment")
        verbose_name_plural = _("fulfillments")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "pending", "ready", "done", "canceled"]), name="fulfillment_state"
            ),
            models.UniqueConstraint(
                fields=["pickup_code_hash"],
                condition=Q(state__in=["pending", "ready"]) & ~Q(pickup_code_hash=""),
                name="fulfillment_pickup_code_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["location", "state"], condition=Q(state__in=["pending", "ready"]), name="fulfillment_open"
            ),
            models.Index(fields=["location", "created_at"], name="fulfillment_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.state}"


class FulfillmentLine(models.Model):
    """Units of an order line in a fulfillment, and the reservation that keeps them; over the counter there is none."""

    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="fulfillment_lines")
    quantity = models.PositiveIntegerField(_("quantity"))
    reservation = models.OneToOneField(
        Reservation, on_delete=models.PROTECT, null=True, blank=True, related_name="fulfillment_line"
    )

    class Meta:
        verbose_name = _("fulfillment line")
        verbose_name_plural = _("fulfillment lines")
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="fulfillment_line_quantity")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.order_line_id}"
