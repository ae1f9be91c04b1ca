from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from orders.models.order import Order


class PaymentQuerySet(models.QuerySet["Payment"]):
    def locked(self) -> Self:
        """Lock the rows, in the one order that `kernel.db` asks for."""
        return self.order_by("pk").select_for_update(of=("self",))


class Payment(models.Model):
    """Money taken by one means, or asked for. For a card: one intent, its id saved before anybody is asked to pay.

    `uid` is the idempotency key towards the card network, so that it survives every crash. Each try to charge it is an
    attempt of its own; `attempt` is the number of the latest. While the card network may know more than we do,
    `check_at` says when it is asked. What was given back, or is on its way back, is part of what was captured, and that
    of what was authorized: a constraint insists (I15).
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for payment")
        PROCESSING = "processing", _("In progress")
        AUTHORIZED = "authorized", _("Authorized")
        CAPTURED = "captured", _("Paid")
        FAILED = "failed", _("Failed")
        CANCELED = "canceled", _("Canceled")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    tender = models.CharField(_("tender"), max_length=20)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PENDING)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    tendered_minor = models.BigIntegerField(_("given"), null=True, blank=True)
    authorized_minor = models.BigIntegerField(_("authorized"), default=0, db_default=0)
    captured_minor = models.BigIntegerField(_("captured"), default=0, db_default=0)
    capture_pending_minor = models.BigIntegerField(_("capture on its way"), default=0, db_default=0)
    refunded_minor = models.BigIntegerField(_("refunded"), default=0)
    refund_pending_minor = models.BigIntegerField(_("refund on its way"), default=0, db_default=0)
    is_manual = models.BooleanField(
        _("captured when goods leave"), default=False, db_default=False, help_text=_("Otherwise at once.")
    )
    capture_before = models.DateTimeField(_("authorization ends"), null=True, blank=True)
    check_at = models.DateTimeField(
        _("asked again at"), null=True, blank=True, help_text=_("When the card network is asked what became of it.")
    )
    provider = models.CharField(max_length=20, blank=True)
    provider_id = models.CharField(_("id at the card network"), max_length=120, blank=True)
    client_secret = models.CharField(max_length=200, blank=True, editable=False)
    attempt = models.PositiveIntegerField(default=0)
    failure_code = models.CharField(max_length=80, blank=True)
    failure_text = models.CharField(_("what went wrong"), max_length=500, blank=True)
    details = models.JSONField(
        default=dict, blank=True, help_text=_("Brand and last digits of the card, and the like.")
    )
    created_at = models.DateTimeField(_("created at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "processing", "authorized", "captured", "failed", "canceled"]),
                name="payment_state",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refund_pending_minor__gte=0)
                & Q(refunded_minor__lte=F("captured_minor") - F("refund_pending_minor")),
                name="payment_refund_bounded",
            ),
            models.CheckConstraint(
                condition=Q(captured_minor__gte=0, capture_pending_minor__gte=0)
                & Q(captured_minor__lte=F("authorized_minor") - F("capture_pending_minor")),
                name="payment_capture_bounded",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="payment_not_negative"),
            models.UniqueConstraint(
                fields=["provider", "provider_id"], condition=~Q(provider_id=""), name="payment_provider_once"
            ),
        ]
        indexes = [
            models.Index(KT("details__fingerprint"), name="payment_card"),
            models.Index(fields=["check_at"], condition=Q(check_at__isnull=False), name="payment_to_check"),
        ]

    def __str__(self) -> str:
        return f"{self.tender} {self.amount_minor} {self.currency} {self.state}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def capturable_minor(self) -> int:
        """What is held and can still be taken: authorized, neither captured nor on its way."""
        if self.state != self.State.AUTHORIZED:
            return 0
        return self.authorized_minor - self.captured_minor - self.capture_pending_minor

    @property
    def refundable_minor(self) -> int:
        """What can still be given back: captured, neither given back nor on its way."""
        return self.captured_minor - self.refunded_minor - self.refund_pending_minor

    @property
    def change_minor(self) -> int:
        """What the customer got back of the cash they gave."""
        return (self.tendered_minor or self.amount_minor) - self.amount_minor


class PaymentAttempt(models.Model):
    """One try to charge a payment, written down before anybody is asked: what was to be charged, by which key.

    `uid` is the idempotency key of the call. `unknown` is a try whose answer never came: the card network is asked what
    became of it, and until it has said so no other try may begin.
    """

    class State(models.TextChoices):
        STARTED = "started", _("Started")
        UNKNOWN = "unknown", _("Unknown")
        NEEDS_ACTION = "needs_action", _("Waiting for the bank's check")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")

    OPEN = (State.STARTED, State.UNKNOWN, State.NEEDS_ACTION)

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.STARTED)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    provider_id = models.CharField(_("charge at the card network"), max_length=120, blank=True)
    payment_method = models.CharField(_("payment method at the card network"), max_length=120, blank=True)
    failure_code = models.CharField(max_length=80, blank=True)
    failure_text = models.CharField(_("what went wrong"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        ordering = ("payment", "number")
        verbose_name = _("payment attempt")
        verbose_name_plural = _("payment attempts")
        constraints = [
            models.UniqueConstraint(fields=["payment", "number"], name="payment_attempt_once"),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(state__in=["started", "unknown", "needs_action"]),
                name="payment_attempt_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["started", "unknown", "needs_action"], settled_at=None)
                | Q(state__in=["succeeded", "failed"], settled_at__isnull=False),
                name="payment_attempt_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.state}"
