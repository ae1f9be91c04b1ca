from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.ids import new_uid
from inventory.models.stock import Reservation


class TransferQuerySet(models.QuerySet["Transfer"]):
    def locked(self) -> Self:
        """Lock the rows, in the one order that `kernel.db` asks for."""
        return self.order_by("pk").select_for_update(of=("self",))

    def on_the_way(self) -> Self:
        """Those of which something has left and not arrived yet."""
        return self.filter(state="shipped")


class Transfer(models.Model):
    """Goods that go from one location to another. While they are on the way they stand at the in-transit location."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        APPROVED = "approved", _("Approved")
        SHIPPED = "shipped", _("On the way")
        RECEIVED = "received", _("Received")
        CANCELED = "canceled", _("Canceled")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    source = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="transfers_out", verbose_name=_("from"))
    destination = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="transfers_in", verbose_name=_("to")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.REQUESTED)
    note = models.CharField(_("note"), max_length=200, blank=True)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("requested at"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("destination")), name="transfer_goes_somewhere"),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "approved", "shipped"], closed_at=None)
                | Q(state__in=["received", "canceled"], closed_at__isnull=False),
                name="transfer_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["destination"],
                condition=Q(state__in=["requested", "approved", "shipped"]),
                name="transfer_open",
            )
        ]

    def __str__(self) -> str:
        return self.number


class TransferLine(models.Model):
    """Units of a variant. shipped = received + returned + written off + what is still on the way (I06)."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", verbose_name=_("variant"))
    requested = models.PositiveIntegerField(_("requested"))
    shipped = models.PositiveIntegerField(_("shipped"), default=0)
    received = models.PositiveIntegerField(_("received"), default=0)
    returned = models.PositiveIntegerField(_("back at the sender"), default=0)
    written_off = models.PositiveIntegerField(_("written off"), default=0)
    reservation = models.OneToOneField(
        Reservation, on_delete=models.PROTECT, null=True, blank=True, related_name="transfer_line"
    )

    class Meta:
        verbose_name = _("transfer line")
        verbose_name_plural = _("transfer lines")
        constraints = [
            models.UniqueConstraint(fields=["transfer", "variant"], name="transfer_line_once"),
            models.CheckConstraint(condition=Q(requested__gt=0), name="transfer_line_requested"),
            models.CheckConstraint(
                condition=Q(shipped__gte=F("received") + F("returned") + F("written_off")),
                name="transfer_line_accounted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requested} of {self.variant_id}"

    @property
    def on_the_way(self) -> int:
        return self.shipped - self.received - self.returned - self.written_off
