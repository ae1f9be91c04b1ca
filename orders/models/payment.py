from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from orders.models.order import Order


class PaymentQuerySet(models.QuerySet["Payment"]):
    def locked(self) -> Self:
        """Lock the rows, in the one order that `kernel.db` asks for."""
        return self.order_by("pk").select_for_update(of=("self",))

    def unsettled(self) -> Self:
        """Those of which the card network may know more than we do."""
        return self.filter(state__in=["pending", "processing"])


class Payment(models.Model):
    """Money taken, or the attempt to. For a card: one intent, its id saved before anybody is asked to pay.

    `uid` is the idempotency key towards the card network, so that it survives every crash; `attempt` counts the
    tries with another card on the same intent.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for payment")
        PROCESSING = "processing", _("In progress")
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
    refunded_minor = models.BigIntegerField(_("refunded"), default=0)
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
                condition=Q(state__in=["pending", "processing", "captured", "failed", "canceled"]), name="payment_state"
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")), name="payment_refund_bounded"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="payment_not_negative"),
            models.UniqueConstraint(
                fields=["provider", "provider_id"], condition=~Q(provider_id=""), name="payment_provider_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(state__in=["pending", "processing"]), name="payment_unsettled"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tender} {self.amount_minor} {self.currency} {self.state}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def change_minor(self) -> int:
        """What the customer got back of the cash they gave."""
        return (self.tendered_minor or self.amount_minor) - self.amount_minor
