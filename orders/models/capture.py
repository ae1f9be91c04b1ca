from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid
from orders.models.fulfillment import Fulfillment
from orders.models.payment import Payment


class Capture(models.Model):
    """A part of an authorized payment that is taken, because goods have left. Written, and counted against the
    authorization, before the card network is asked to take it.

    `uid` is the idempotency key towards the card network. `is_final`: nothing more will be taken, so that what is left
    of the authorization is released with it.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("To be taken")
        SUCCEEDED = "succeeded", _("Taken")
        FAILED = "failed", _("Failed")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="captures")
    fulfillment = models.ForeignKey(
        Fulfillment, on_delete=models.PROTECT, null=True, blank=True, related_name="captures"
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PENDING)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    is_final = models.BooleanField(_("the last"))
    failure_code = models.CharField(max_length=80, blank=True)
    failure_text = models.CharField(_("what went wrong"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"))
    send_at = models.DateTimeField(_("sent again at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("capture")
        verbose_name_plural = _("captures")
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="capture_positive"),
            models.CheckConstraint(
                condition=Q(state="pending", settled_at=None, send_at__isnull=False)
                | Q(state__in=["succeeded", "failed"], settled_at__isnull=False, send_at=None),
                name="capture_state",
            ),
            models.UniqueConstraint(
                fields=["fulfillment"], condition=~Q(state="failed"), name="capture_once_per_fulfillment"
            ),
        ]
        indexes = [models.Index(fields=["send_at"], condition=Q(state="pending"), name="capture_to_send")]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} {self.state}"
