from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.catalog.units import text_of


class KitComponent(models.Model):
    """A kit is sold as one thing and taken from the stock of its components; it has no stock of its own."""

    kit = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="components", verbose_name=_("kit"))
    component = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="part_of_kits", verbose_name=_("component")
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=1)

    class Meta:
        verbose_name = _("kit component")
        verbose_name_plural = _("kit components")
        constraints = [
            models.UniqueConstraint(fields=["kit", "component"], name="kit_component_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="kit_component_quantity"),
            models.CheckConstraint(condition=~Q(kit=F("component")), name="kit_not_of_itself"),
        ]

    def __str__(self) -> str:
        return f"{text_of(self.quantity, self.component)} × {self.component.sku} in {self.kit.sku}"
