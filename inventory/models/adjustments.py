from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid
from inventory.models.stock import StockLevel


class StockAdjustment(models.Model):
    """Why a level was changed by hand: the document that its movement names by `uid`. Never changed, never deleted.

    `reason` is a code of `adjustments.REASONS`.
    """

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="adjustments")
    reason = models.CharField(_("reason"), max_length=20)
    note = models.CharField(_("note"), max_length=300, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("stock adjustment")
        verbose_name_plural = _("stock adjustments")
        indexes = [models.Index(fields=["created_at"], name="stock_adjustment_at")]

    def __str__(self) -> str:
        return f"{self.level_id} {self.reason}"
