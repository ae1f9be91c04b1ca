from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from orders.models.order import Order


class Cancellation(models.Model):
    """All of an order that had not left will not leave: what it had cost, which the customer owes no more.

    Lines and totals of the order stay as they were sold; this is what is taken off. `refund_minor` of it was taken
    already and goes back, the rest was never taken. `lines` are [{line (primary key), first_unit, quantity, net, taxes,
    bases}], always the last units of their line, `charges` [{charge, kind, net, taxes, bases}].
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="cancellation", verbose_name=_("order"))
    currency = models.CharField(_("currency"), max_length=3)
    total_minor = models.BigIntegerField(_("taken off"))
    refund_minor = models.BigIntegerField(_("to give back"), help_text=_("Part of what is taken off."))
    rounding_minor = models.BigIntegerField(_("rounding"), default=0, help_text=_("Part of what is taken off."))
    tax_minor = models.BigIntegerField(_("tax"), help_text=_("Part of what is taken off."))
    taxes = models.JSONField(default=list, help_text=_("Per rate: code, name, rate_ppm, base, amount."))
    lines = models.JSONField(default=list)
    charges = models.JSONField(default=list)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("at"))
    business_date = models.DateField(_("business date"))

    class Meta:
        verbose_name = _("cancellation")
        verbose_name_plural = _("cancellations")
        constraints = [
            models.CheckConstraint(
                condition=Q(total_minor__gte=0, refund_minor__gte=0, refund_minor__lte=F("total_minor")),
                name="cancellation_bounded",
            )
        ]
        indexes = [models.Index(fields=["-created_at"], name="cancellation_by_time")]

    def __str__(self) -> str:
        return f"{self.total_minor} {self.currency}"

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def refund(self) -> Money:
        return Money(self.refund_minor, self.currency)
