from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
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


class TaxCertificate(models.Model):
    """A customer's proof of not paying tax, somewhere or everywhere, on certain days. Days are those of the place."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="certificates", verbose_name=_("customer")
    )
    number = models.CharField(_("number"), max_length=80)
    jurisdictions = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        verbose_name=_("counts in"),
        help_text=_("US, US-CA or US-CA-ALAMEDA, with commas. Empty: everywhere."),
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("last day"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ("-valid_from", "number")
        verbose_name = _("tax certificate")
        verbose_name_plural = _("tax certificates")
        constraints = [
            models.UniqueConstraint(fields=["customer", "number", "valid_from"], name="tax_certificate_once"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="tax_certificate_period"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="tax_certificate_numbered"),
        ]

    def __str__(self) -> str:
        return self.number
