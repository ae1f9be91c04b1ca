from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A list of the back office as a person wants it again: its search, filters and order."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    list = models.CharField(_("list"), max_length=80, help_text=_("The model's label, e.g. orders.order."))
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("query"), max_length=1000)

    class Meta:
        ordering = ("name",)
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [models.UniqueConstraint(fields=["person", "list", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name
