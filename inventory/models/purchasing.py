from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.ids import new_uid


class Supplier(models.Model):
    """Whom goods are bought from."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    lead_days = models.PositiveSmallIntegerField(_("lead time in days"), default=7)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")

    def __str__(self) -> str:
        return self.name


class SupplierItem(models.Model):
    """What a supplier calls a variant, and what it costs there."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="items", verbose_name=_("supplier"))
    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="supplier_items", verbose_name=_("variant")
    )
    supplier_sku = models.CharField(_("supplier's SKU"), max_length=80, blank=True)
    cost_minor = models.BigIntegerField(_("cost"), help_text=_("Of one unit, in the supplier's currency."))
    pack = models.PositiveIntegerField(_("pack"), default=1, help_text=_("Ordered in multiples of this."))
    is_preferred = models.BooleanField(_("preferred"), default=True)

    class Meta:
        verbose_name = _("supplier's item")
        verbose_name_plural = _("suppliers' items")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "variant"], name="supplier_item_once"),
            models.UniqueConstraint(
                fields=["variant"], condition=Q(is_preferred=True), name="supplier_item_one_preferred"
            ),
            models.CheckConstraint(condition=Q(cost_minor__gte=0) & Q(pack__gt=0), name="supplier_item_amounts"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_sku or self.variant_id}"


class PurchaseOrderQuerySet(models.QuerySet["PurchaseOrder"]):
    def locked(self) -> Self:
        """Lock the rows, in the one order that `kernel.db` asks for."""
        return self.order_by("pk").select_for_update(of=("self",))


class PurchaseOrder(models.Model):
    """Goods ordered from a supplier for one location. Received in parts; the rest stays due or is closed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ORDERED = "ordered", _("Ordered")
        RECEIVED = "received", _("Received")
        CANCELED = "canceled", _("Canceled")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders", verbose_name=_("supplier"))
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="purchase_orders", verbose_name=_("deliver to")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    currency = models.CharField(_("currency"), max_length=3)
    rate_ppm = models.BigIntegerField(
        _("exchange rate"),
        default=1_000_000,
        help_text=_("Company currency for one unit of the order's currency, in millionths."),
    )
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("created at"))
    ordered_at = models.DateTimeField(_("ordered at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = PurchaseOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "ordered"], closed_at=None)
                | Q(state__in=["received", "canceled"], closed_at__isnull=False),
                name="purchase_order_state",
            ),
            models.CheckConstraint(condition=Q(rate_ppm__gt=0), name="purchase_order_rate"),
        ]
        indexes = [
            models.Index(fields=["location"], condition=Q(state="ordered"), name="purchase_order_open"),
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(models.Model):
    """Units of a variant at a cost. More than was ordered may come; what does not come is closed short."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", verbose_name=_("variant"))
    supplier_sku = models.CharField(_("supplier's SKU"), max_length=80, blank=True)
    cost_minor = models.BigIntegerField(_("cost"), help_text=_("Of one unit, in the order's currency."))
    ordered = models.PositiveIntegerField(_("ordered"))
    received = models.PositiveIntegerField(_("received"), default=0)

    class Meta:
        verbose_name = _("purchase order line")
        verbose_name_plural = _("purchase order lines")
        constraints = [
            models.UniqueConstraint(fields=["order", "variant"], name="purchase_order_line_once"),
            models.CheckConstraint(
                condition=Q(ordered__gt=0) & Q(cost_minor__gte=0), name="purchase_order_line_amounts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordered} of {self.variant_id}"


class Receipt(models.Model):
    """One delivery of a purchase order: what somebody received at one time."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="receipts")
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("received at"))
    quantities = models.JSONField(_("quantities"), help_text=_("Units received by SKU."))

    class Meta:
        verbose_name = _("goods receipt")
        verbose_name_plural = _("goods receipts")

    def __str__(self) -> str:
        return f"{self.order_id} {self.received_at:%Y-%m-%d}"
