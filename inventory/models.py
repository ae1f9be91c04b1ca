from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.ids import new_uid


class StockLevel(models.Model):
    """How many units of a variant a location holds.

    `on_hand` is the sum of the level's movements (I01), `reserved` that of its open reservations (I02). `oversold`
    is set only by what is already a fact (a till sale, a count): without it the database refuses a promise beyond the
    stock.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="stock_levels")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stock_levels")
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)
    safety = models.PositiveIntegerField(
        _("safety stock"), default=0, help_text=_("Kept back from the web; the till may sell it.")
    )
    oversold = models.BooleanField(_("oversold"), default=False)

    class Meta:
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        constraints = [
            models.UniqueConstraint(fields=["variant", "location"], name="stock_level_once"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved_not_negative"),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("on_hand")) | Q(oversold=True), name="stock_never_oversold"
            ),
            models.CheckConstraint(condition=Q(on_hand__gte=0) | Q(oversold=True), name="stock_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} at {self.location_id}: {self.on_hand} - {self.reserved}"


class StockMovement(models.Model):
    """A change of `on_hand`, with its reason. Never changed, never deleted: a trigger insists."""

    class Kind(models.TextChoices):
        SALE = "sale", _("Sold at the till")
        FULFILLMENT = "fulfillment", _("Handed over or shipped")
        RECEIPT = "receipt", _("Goods received")
        ADJUSTMENT = "adjustment", _("Adjusted")
        IMPORT = "import", _("Imported")

    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="movements")
    quantity = models.IntegerField(_("quantity"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    source_type = models.CharField(_("source"), max_length=40)
    source_uid = models.UUIDField(_("source document"))
    balance_after = models.IntegerField(_("balance after"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="stock_movement_moves"),
            models.CheckConstraint(
                condition=Q(kind__in=["sale", "fulfillment", "receipt", "adjustment", "import"]),
                name="stock_movement_kind",
            ),
        ]
        indexes = [models.Index(fields=["source_uid"], name="stock_movement_source")]

    def __str__(self) -> str:
        return f"{self.level_id} {self.quantity:+d} {self.kind}"


class Reservation(models.Model):
    """Units that are spoken for. Held until `expires_at`, or allocated to an order with no expiry: one row.

    Ends in exactly one of consumed, released, expired (I05). Whether a hold has lapsed is judged when stock is read, so
    that no job is needed for correctness.
    """

    class State(models.TextChoices):
        HELD = "held", _("Held")
        ALLOCATED = "allocated", _("Allocated")
        CONSUMED = "consumed", _("Consumed")
        RELEASED = "released", _("Released")
        EXPIRED = "expired", _("Expired")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField(_("quantity"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.HELD)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    source_type = models.CharField(_("source"), max_length=40)
    source_uid = models.UUIDField(_("source document"), db_index=True)
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_holds_something"),
            models.CheckConstraint(
                condition=Q(state="held", expires_at__isnull=False, ended_at=None)
                | Q(state="allocated", expires_at=None, ended_at=None)
                | Q(state__in=["consumed", "released", "expired"], ended_at__isnull=False),
                name="reservation_state",
            ),
        ]
        indexes = [
            models.Index(fields=["level", "expires_at"], condition=Q(state="held"), name="reservation_held"),
            models.Index(fields=["level"], condition=Q(state="allocated"), name="reservation_allocated"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.level_id} {self.state}"
