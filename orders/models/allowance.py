from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from orders.models.order import Order


class Allowance(models.Model):
    """A part of the price that is given back although nothing came back: a scratch, a late parcel, a promise.

    It is a lower price of what the customer keeps. `shares` say of what, [{line or charge (primary key), first_unit,
    units, net, taxes, bases}], so that a later return of these goods gives back what was left of their price and not
    more (see `orders.giving_back`).
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="allowances", verbose_name=_("order"))
    currency = models.CharField(_("currency"), max_length=3)
    total_minor = models.BigIntegerField(_("to give back"))
    rounding_minor = models.BigIntegerField(_("rounding"), default=0, help_text=_("Part of the total."))
    tax_minor = models.BigIntegerField(_("tax"), help_text=_("Part of the total."))
    taxes = models.JSONField(default=list, help_text=_("Per rate: code, name, rate_ppm, base, amount."))
    shares = models.JSONField(default=list)
    reason = models.CharField(_("reason"), max_length=200)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("at"))
    business_date = models.DateField(_("business date"))

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")
        constraints = [models.CheckConstraint(condition=Q(total_minor__gt=0), name="allowance_positive")]
        indexes = [models.Index(fields=["-created_at"], name="allowance_by_time")]

    def __str__(self) -> str:
        return f"{self.total_minor} {self.currency}"

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)
