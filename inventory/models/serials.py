from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.ids import new_uid


class SerialUnit(models.Model):
    """One unit that has a number of its own: in one place at a time, sold at most once while not returned (I07)."""

    class State(models.TextChoices):
        IN_STOCK = "in_stock", _("In stock")
        IN_TRANSIT = "in_transit", _("In transit")
        SOLD = "sold", _("Sold")
        DAMAGED = "damaged", _("Damaged")
        GONE = "gone", _("Gone")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="serial_units", verbose_name=_("variant")
    )
    serial = models.CharField(_("serial number"), max_length=80)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("location")
    )
    state = models.CharField(_("state"), max_length=12, choices=State)
    changed_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("serial number")
        verbose_name_plural = _("serial numbers")
        constraints = [
            # The number comes first: whoever scans one does not know yet what it is of.
            models.UniqueConstraint(fields=["serial", "variant"], name="serial_once"),
            models.CheckConstraint(
                condition=Q(state__in=["in_stock", "in_transit", "damaged"], location__isnull=False)
                | Q(state__in=["sold", "gone"], location=None),
                name="serial_in_one_place",
            ),
        ]

    def __str__(self) -> str:
        return self.serial


class SerialMove(models.Model):
    """What happened to a serial number, and by which document. Never changed, never deleted."""

    unit = models.ForeignKey(SerialUnit, on_delete=models.PROTECT, related_name="moves")
    state = models.CharField(_("state"), max_length=12, choices=SerialUnit.State)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, related_name="+")
    source_type = models.CharField(_("source"), max_length=40)
    source_uid = models.UUIDField(_("source document"))
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("movement of a serial number")
        verbose_name_plural = _("movements of serial numbers")
        constraints = [
            models.UniqueConstraint(fields=["unit", "source_type", "source_uid", "state"], name="serial_move_once")
        ]
        indexes = [models.Index(fields=["source_uid"], name="serial_move_source")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.state}"
