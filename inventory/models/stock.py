from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.ids import new_uid


class StockLevel(models.Model):
    """How many units of a variant a location holds. available = on hand - reserved - safety.

    `on_hand` is the sum of the level's movements (I01), `reserved` that of its open reservations (I02). Damaged units
    are counted apart: they are not on hand. `oversold` is set only by what is already a fact (a till sale, a count):
    without it the database refuses a promise beyond the stock and what the policy allows on top of it.
    """

    class Policy(models.TextChoices):
        DENY = "deny", _("Sell what is there")
        BACKORDER = "backorder", _("Backorder")
        PREORDER = "preorder", _("Preorder")

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="stock_levels")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stock_levels")
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)
    safety = models.PositiveIntegerField(
        _("safety stock"), default=0, help_text=_("Kept back from the web; the till may sell it.")
    )
    safety_is_own = models.BooleanField(
        _("own safety stock"), default=False, db_default=False, help_text=_("Not the one of its location.")
    )
    damaged = models.PositiveIntegerField(_("damaged"), default=0, db_default=0)
    oversold = models.BooleanField(_("oversold"), default=False)
    policy = models.CharField(_("policy"), max_length=10, choices=Policy, default=Policy.DENY, db_default=Policy.DENY)
    backorder_limit = models.PositiveIntegerField(
        _("backorder limit"), default=0, db_default=0, help_text=_("Units that may be promised beyond the stock.")
    )
    policy_until = models.DateTimeField(_("policy valid until"), null=True, blank=True)
    expected_on = models.DateField(_("expected on"), null=True, blank=True, help_text=_("Told to the shopper."))
    value_minor = models.BigIntegerField(
        _("value"), default=0, db_default=0, help_text=_("At average cost, in the company's currency.")
    )
    unit_cost = models.DecimalField(
        _("average cost"), max_digits=16, decimal_places=4, default=0, db_default=0, help_text=_("In minor units.")
    )
    reorder_point = models.PositiveIntegerField(_("reorder point"), null=True, blank=True)
    reorder_up_to = models.PositiveIntegerField(_("reorder up to"), null=True, blank=True)
    last_counted_at = models.DateTimeField(_("last counted"), null=True, blank=True)

    class Meta:
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        constraints = [
            models.UniqueConstraint(fields=["variant", "location"], name="stock_level_once"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved_not_negative"),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("on_hand") + F("backorder_limit")) | Q(oversold=True),
                name="stock_never_oversold",
            ),
            models.CheckConstraint(condition=Q(on_hand__gte=0) | Q(oversold=True), name="stock_not_negative"),
            models.CheckConstraint(
                condition=Q(policy="deny", backorder_limit=0, policy_until=None)
                | Q(policy__in=["backorder", "preorder"], backorder_limit__gt=0),
                name="stock_policy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} at {self.location_id}: {self.on_hand} - {self.reserved}"


_KINDS = ["sale", "fulfillment", "receipt", "transfer", "adjustment", "count", "return", "import", "repair"]


class StockMovement(models.Model):
    """A change of what is on hand or damaged, with its reason. Never changed, never deleted: a trigger insists.

    The primary key is the position in the ledger: levels are locked while they change, so along one level it rises in
    the order of the changes. `value_minor` is what went in or out at average cost.
    """

    class Kind(models.TextChoices):
        SALE = "sale", _("Sold at the till")
        FULFILLMENT = "fulfillment", _("Handed over or shipped")
        RECEIPT = "receipt", _("Goods received")
        TRANSFER = "transfer", _("Transferred")
        ADJUSTMENT = "adjustment", _("Adjusted")
        COUNT = "count", _("Counted")
        RETURN = "return", _("Returned")
        IMPORT = "import", _("Imported")
        REPAIR = "repair", _("Repaired")

    # The indexes below serve the key, too.
    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="movements", db_index=False)
    quantity = models.IntegerField(_("quantity"))
    damaged = models.IntegerField(_("damaged"), default=0, db_default=0)
    value_minor = models.BigIntegerField(_("value"), default=0, db_default=0)
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
            models.CheckConstraint(condition=~Q(quantity=0) | ~Q(damaged=0), name="stock_movement_moves"),
            models.CheckConstraint(
                condition=Q(kind__in=_KINDS),
                name="stock_movement_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["source_uid"], name="stock_movement_source"),
            models.Index(fields=["level", "id"], name="stock_movement_of_level"),
            # Answers "why is it so many?" of a level with 100,000 movements without reading one of them.
            models.Index(fields=["level", "kind"], include=["quantity", "damaged"], name="stock_movement_by_kind"),
            models.Index(fields=["created_at"], name="stock_movement_at"),
        ]

    def __str__(self) -> str:
        return f"{self.level_id} {self.quantity:+d} {self.kind}"


class Reservation(models.Model):
    """Units that are spoken for. Held until `expires_at`, or allocated to an order with no expiry: one row.

    Ends in exactly one of consumed, released, expired (I05). Whether a hold has lapsed is judged when stock is read, so
    that no job is needed for correctness. The components of one kit are rows of one `kit_uid`, which is the `uid` of
    the first of them; the callers know that one, and what they do to it is done to all.
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
    kit_uid = models.UUIDField(_("kit"), null=True, blank=True, db_index=True, editable=False)
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
