import re
from datetime import date

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid
from customers.models.customer import Customer


class NetworkCustomer(models.Model):
    """Under which id the card network knows a customer. Made when a card is kept for the first time."""

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="network")
    provider = models.CharField(max_length=20)
    provider_id = models.CharField(_("id at the card network"), max_length=120)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="network_customer_once"),
            models.CheckConstraint(condition=~Q(provider_id=""), name="network_customer_known"),
        ]

    def __str__(self) -> str:
        return self.provider_id


class SavedCard(models.Model):
    """A card that the card network keeps for a customer, with what they agreed to. Its number is nowhere in here.

    `provider_id` is the payment method by which the network knows it; `fingerprint` is the same for the same card.
    One that was removed is never charged again; `detached_at` says when the network has forgotten it, too.
    """

    class Source(models.TextChoices):
        CHECKOUT = "checkout", _("In the checkout")
        PAGE = "page", _("On the page of saved cards")

    class Why(models.TextChoices):
        CUSTOMER = "customer", _("By the customer")
        STAFF = "staff", _("By us, as the customer asked")
        REPLACED = "replaced", _("The same card was saved again")
        NETWORK = "network", _("At the card network")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cards")
    provider = models.CharField(max_length=20)
    provider_id = models.CharField(_("payment method at the card network"), max_length=120)
    brand = models.CharField(_("brand"), max_length=40)
    last4 = models.CharField(_("ends with"), max_length=4, validators=[RegexValidator(r"^\d{4}$")])
    exp_month = models.PositiveSmallIntegerField(_("expires in month"))
    exp_year = models.PositiveSmallIntegerField(_("expires in year"))
    fingerprint = models.CharField(max_length=80, blank=True)
    consent_at = models.DateTimeField(_("agreed at"))
    consent_words = models.CharField(_("agreed to"), max_length=300)
    source = models.CharField(_("saved"), max_length=20, choices=Source)
    created_at = models.DateTimeField(_("saved at"))
    updated_at = models.DateTimeField(_("as the card network knew it at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_why = models.CharField(_("why it was removed"), max_length=20, choices=Why, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    detached_at = models.DateTimeField(_("forgotten by the card network at"), null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("saved card")
        verbose_name_plural = _("saved cards")
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="saved_card_once"),
            models.UniqueConstraint(
                fields=["customer", "fingerprint"],
                condition=Q(removed_at=None) & ~Q(fingerprint=""),
                name="saved_card_one_of_a_kind",
            ),
            models.CheckConstraint(condition=Q(last4__regex=r"^\d{4}$"), name="saved_card_ends_with"),
            models.CheckConstraint(condition=Q(exp_month__range=(1, 12)), name="saved_card_month"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_why="") | (Q(removed_at__isnull=False) & ~Q(removed_why="")),
                name="saved_card_removed_why",
            ),
            models.CheckConstraint(
                condition=Q(detached_at=None) | Q(removed_at__isnull=False), name="saved_card_detached_is_removed"
            ),
            models.CheckConstraint(condition=~Q(consent_words=""), name="saved_card_agreed"),
        ]
        indexes = [
            models.Index(
                fields=["removed_at"],
                condition=Q(removed_at__isnull=False, detached_at=None),
                name="saved_card_to_detach",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand_name} ··{self.last4}"

    @property
    def brand_name(self) -> str:
        """As it is printed on the card, near enough."""
        return re.sub(r"[_-]+", " ", self.brand).title()

    @property
    def expiry(self) -> str:
        return f"{self.exp_month:02d}/{self.exp_year % 100:02d}"

    def is_expired(self, on: date) -> bool:
        """A card is good until the last day of its month."""
        return (on.year, on.month) > (self.exp_year, self.exp_month)
