from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant


class OpenPriceLimit(models.Model):
    """Between which amounts the price of a variant with an open price may be said, in minor units of one currency."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="open_price_limits")
    currency = models.CharField(_("currency"), max_length=3)
    least_minor = models.BigIntegerField(_("at least"), default=0)
    most_minor = models.BigIntegerField(_("at most"), null=True, blank=True)

    class Meta:
        ordering = ("currency",)
        verbose_name = _("limit of an open price")
        verbose_name_plural = _("limits of an open price")
        constraints = [
            models.UniqueConstraint(fields=["variant", "currency"], name="open_price_limit_once"),
            models.CheckConstraint(
                condition=Q(least_minor__gte=0) & (Q(most_minor=None) | Q(most_minor__gte=F("least_minor"))),
                name="open_price_limit_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency}: {self.least_minor} - {self.most_minor}"
