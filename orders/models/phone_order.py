from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.company.models import Location
from commerce.kernel.ids import new_uid
from orders.models.cart import Cart


class PhoneOrder(models.Model):
    """A cart that staff puts together for a customer, who pays for it by a link. Nothing is held before that.

    `quoted_minor` is the total that was sent with the link, which is good until `expires_at`.
    """

    class Method(models.TextChoices):
        SHIP = "ship", _("Delivery")
        PICKUP = "pickup", _("Pickup in a store")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    cart = models.OneToOneField(Cart, on_delete=models.CASCADE, related_name="phone_order")
    email = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    method = models.CharField(_("way"), max_length=10, choices=Method, default=Method.SHIP)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("store")
    )
    address = models.JSONField(_("address"), default=dict, blank=True)
    quoted_minor = models.BigIntegerField(_("total that was sent"), null=True, blank=True)
    sent_at = models.DateTimeField(_("link sent at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("link good until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("phone order")
        verbose_name_plural = _("phone orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(quoted_minor__isnull=False, expires_at__isnull=False),
                name="phone_order_sent_with_its_total",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or str(self.uid)
