from django.db import models
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid
from commerce.pricing.models import CustomerGroup


class Customer(models.Model):
    """A shopper, the same person in every channel. `email_key` is the address as it is compared."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254)
    email_key = models.CharField(max_length=254, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=160, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    groups = models.ManyToManyField(CustomerGroup, blank=True, related_name="customers", verbose_name=_("groups"))
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")

    def __str__(self) -> str:
        return self.name or self.email
