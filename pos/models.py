from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.company.models import Device, Location
from commerce.kernel.ids import new_uid
from orders.models import Order, OrderLine, Payment, Refund, Return


class Register(models.Model):
    """A place to sell at: a drawer, a series of receipt numbers, and the browser that is paired with it."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=24, unique=True, help_text=_("Begins every receipt number."))
    name = models.CharField(_("name"), max_length=80)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="registers", verbose_name=_("location")
    )
    device = models.OneToOneField(
        Device, on_delete=models.SET_NULL, null=True, blank=True, related_name="register", verbose_name=_("device")
    )
    card_reader = models.CharField(
        _("card reader"), max_length=120, blank=True, help_text=_("Its id at the card network.")
    )

    class Meta:
        ordering = ("code",)
        verbose_name = _("register")
        verbose_name_plural = _("registers")

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Shift(models.Model):
    """From the opening float to the count: one drawer, one open shift (I27)."""

    uid = models.UUIDField(default=new_uid, unique=True)
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="shifts")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True)
    currency = models.CharField(_("currency"), max_length=3)
    expected_minor = models.BigIntegerField(_("expected cash"), null=True)
    counted_minor = models.BigIntegerField(_("counted cash"), null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    report = models.JSONField(
        _("Z report"), null=True, blank=True, help_text=_("Its figures as it was closed, see pos.shift_figures.")
    )
    report_copies = models.PositiveIntegerField(_("copies of the report"), default=0, db_default=0)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.UniqueConstraint(
                fields=["register"], condition=Q(closed_at=None), name="shift_one_open_per_register"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(expected_minor__isnull=False, counted_minor__isnull=False),
                name="shift_closed_is_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.opened_at:%Y-%m-%d %H:%M}"


class CodeAttempts(models.Model):
    """Wrong pickup codes in a row at a register (T13)."""

    register = models.OneToOneField(Register, on_delete=models.CASCADE, related_name="code_attempts")
    failures = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.register}: {self.failures}"


class PairingAttempts(models.Model):
    """Pairing codes tried from one address on the net, or from all of them, since a moment (T08)."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"


class CashMovement(models.Model):
    """Cash into (positive) or out of (negative) a drawer. Never changed, never deleted."""

    class Kind(models.TextChoices):
        FLOAT = "float", _("Float")
        SALE = "sale", _("Sale")
        REFUND = "refund", _("Refund")

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="cash_movements")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    amount_minor = models.BigIntegerField(_("amount"))
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, related_name="cash_movement")
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, null=True, related_name="cash_movement")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("cash movement")
        verbose_name_plural = _("cash movements")

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"


class Sale(models.Model):
    """How a sale came in from a till. Its uid is the till's own, so however often it is sent, there is one (I30)."""

    uid = models.UUIDField(unique=True)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="sale")
    register = models.ForeignKey(Register, on_delete=models.PROTECT, null=True, related_name="sales")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, null=True, related_name="sales")
    receipt_number = models.CharField(_("receipt number"), max_length=60, unique=True)
    envelope_hash = models.CharField(max_length=64)
    envelope = models.JSONField()
    answer = models.JSONField()
    sold_at = models.DateTimeField(_("sold at"), help_text=_("By the till's clock."))
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("till sale")
        verbose_name_plural = _("till sales")

    def __str__(self) -> str:
        return self.receipt_number


class TillReturn(models.Model):
    """How a return came in at a till: where, and in which shift. Every return that a till takes has one."""

    return_record = models.OneToOneField(Return, on_delete=models.PROTECT, related_name="till_return")
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="returns")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="returns")

    class Meta:
        verbose_name = _("return at a till")
        verbose_name_plural = _("returns at tills")

    def __str__(self) -> str:
        return f"{self.return_record_id} {self.register_id}"


class CardAttempt(models.Model):
    """A card payment at a register before its sale exists: started here, finished on the reader, settled by the sale.

    What the reader will say is unknown while it runs; `state` then follows the card network, never the screen.
    """

    class State(models.TextChoices):
        STARTED = "started", _("Started")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        CANCELED = "canceled", _("Canceled")
        REFUNDING = "refunding", _("Being given back")
        REFUNDED = "refunded", _("Given back")

    uid = models.UUIDField(unique=True)
    sale_uid = models.UUIDField(db_index=True)
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="card_attempts")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.STARTED)
    provider_id = models.CharField(max_length=120, blank=True)
    failure_code = models.CharField(max_length=80, blank=True, default="", db_default="")
    failure_text = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, help_text=_("When its state became final here."))
    taken_at = models.DateTimeField(null=True, help_text=_("When a sale was recorded that it pays."))

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state="started"), name="card_attempt_open"),
            models.Index(
                fields=["settled_at"], condition=Q(state="approved", taken_at=None), name="card_attempt_without_sale"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="started", settled_at=None) | (~Q(state="started") & Q(settled_at__isnull=False)),
                name="card_attempt_final_is_settled",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(state="approved"), name="card_attempt_taken_is_approved"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} {self.state}"


class OpenPriceSale(models.Model):
    """A line that was sold at a price somebody said, because its goods have none. Append-only."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    order_line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="+")
    cashier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.CharField(_("approved by"), max_length=150, blank=True)
    note = models.CharField(_("what for"), max_length=150, blank=True)
    sold_at = models.DateTimeField(_("sold at"))

    class Meta:
        verbose_name = _("sale at an open price")
        verbose_name_plural = _("sales at open prices")
        indexes = [models.Index(fields=["cashier", "-sold_at"], name="open_price_by_cashier")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.order_line_id}"


class TerminalBatch(models.Model):
    """What was taken by card in a shift: by the till's records, and by the word of who has the money. For a connected
    reader that is the card network, per type of card; for a card machine of its own the total of its slip, typed in."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="batches", verbose_name=_("shift"))
    tender = models.CharField(_("tender"), max_length=20)
    card_type = models.CharField(_("card"), max_length=40, blank=True, help_text=_("Empty: all of them."))
    currency = models.CharField(_("currency"), max_length=3)
    recorded_minor = models.BigIntegerField(_("by the till"))
    batch_minor = models.BigIntegerField(_("by the batch"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(_("compared at"))

    class Meta:
        verbose_name = _("terminal batch")
        verbose_name_plural = _("terminal batches")
        constraints = [
            models.UniqueConstraint(fields=["shift", "tender", "card_type"], name="terminal_batch_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shift} {self.tender} {self.card_type}".strip()

    @property
    def difference_minor(self) -> int:
        return self.batch_minor - self.recorded_minor
