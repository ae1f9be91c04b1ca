from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from commerce.pricing.models import Market
from customers.models import Customer, GiftCard
from orders.models.cart import Cart


class OrderQuerySet(models.QuerySet["Order"]):
    def locked(self) -> Self:
        """Lock the rows, in the one order that `kernel.db` asks for."""
        return self.order_by("pk").select_for_update(of=("self",))

    def placed(self) -> Self:
        """Without the drafts, which are checkouts that nobody has paid."""
        return self.exclude(state=Order.State.DRAFT)


class Order(models.Model):
    """One record for a sale, whatever the channel. A draft is a checkout in progress: priced, held, not yet paid.

    `payment_status` and `fulfillment_status` are derived by `totals.refresh` and assigned nowhere else.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        CANCELED = "canceled", _("Canceled")

    class Channel(models.TextChoices):
        WEB = "web", _("Web")
        POS = "pos", _("Store")
        PHONE = "phone", _("Phone")

    class PaymentStatus(models.TextChoices):
        UNPAID = "unpaid", _("Unpaid")
        AUTHORIZED = "authorized", _("Authorized")
        PARTLY_PAID = "partly_paid", _("Partly paid")
        PAID = "paid", _("Paid")
        PARTLY_REFUNDED = "partly_refunded", _("Partly refunded")
        REFUNDED = "refunded", _("Refunded")

    class FulfillmentStatus(models.TextChoices):
        UNFULFILLED = "unfulfilled", _("Not fulfilled")
        PARTLY_FULFILLED = "partly_fulfilled", _("Partly fulfilled")
        FULFILLED = "fulfilled", _("Fulfilled")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True, null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    payment_status = models.CharField(
        _("payment"), max_length=20, choices=PaymentStatus, default=PaymentStatus.UNPAID, editable=False
    )
    fulfillment_status = models.CharField(
        _("fulfillment"),
        max_length=20,
        choices=FulfillmentStatus,
        default=FulfillmentStatus.UNFULFILLED,
        editable=False,
    )
    cart = models.ForeignKey(Cart, on_delete=models.PROTECT, null=True, blank=True, related_name="orders")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="orders", verbose_name=_("market"))
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("store")
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("customer")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    shipping_address = models.JSONField(_("shipping address"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    prices_include_tax = models.BooleanField()
    subtotal_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    shipping_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0, db_default=0, help_text=_("Fees and deposits."))
    tax_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()
    rounding_minor = models.BigIntegerField(default=0, help_text=_("Cash rounding, on top of the total."))
    canceled_minor = models.BigIntegerField(
        default=0, db_default=0, help_text=_("What was taken off because it was canceled before it left.")
    )
    taxes = models.JSONField(default=list, help_text=_("Per rate: code, name, rate_ppm, base_minor, amount_minor."))
    discounts = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text=_("Of the whole order; shares are on lines."),
    )
    coupons = models.JSONField(_("coupons"), default=list, db_default=models.Value([], models.JSONField()))
    rules_version = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    exchange_rate = models.DecimalField(
        _("exchange rate"),
        max_digits=18,
        decimal_places=8,
        null=True,
        blank=True,
        help_text=_("What one unit of the order's currency was worth in the shop's own; empty for its own."),
    )
    tax_certificate = models.CharField(
        _("exempt by certificate"), max_length=200, blank=True, default="", db_default=""
    )
    tax_provider = models.CharField(_("tax provider"), max_length=40, blank=True, default="", db_default="")
    tax_fallback = models.BooleanField(
        _("taxed by the table, as the tax provider did not answer"), default=False, db_default=False
    )
    cart_hash = models.CharField(max_length=64, blank=True, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("held until"), null=True, blank=True)
    placed_at = models.DateTimeField(_("placed at"), null=True, blank=True)
    business_date = models.DateField(_("business date"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["draft", "open", "closed", "canceled"]), name="order_state"),
            models.CheckConstraint(condition=Q(total_minor__gte=0), name="order_total_not_negative"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "canceled"])
                | Q(number__isnull=False, placed_at__isnull=False, business_date__isnull=False),
                name="order_placed_has_number",
            ),
        ]
        indexes = [
            models.Index(fields=["-placed_at"], name="order_placed_at"),
            models.Index(fields=["expires_at"], condition=Q(state="draft"), name="order_draft_expiry"),
            models.Index(Upper("email"), name="order_by_email"),  # as `iexact` asks
        ]

    def __str__(self) -> str:
        return self.number or str(_("Checkout"))

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def due_minor(self) -> int:
        """What the order costs: its total, with cash rounding, less what was canceled."""
        return self.total_minor + self.rounding_minor - self.canceled_minor


class OrderLine(models.Model):
    """A line as it was sold: name, SKU, price, discount and tax are copies and stay what they were."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="order_lines")
    sku = models.CharField(_("SKU"), max_length=120)
    name = models.CharField(_("name"), max_length=800)
    quantity = models.PositiveIntegerField(_("quantity"), help_text=_("In the smallest amount that is sold."))
    unit = models.CharField(_("unit"), max_length=4, choices=Variant.Unit, default="each", db_default="each")
    unit_scale = models.PositiveSmallIntegerField(default=1, db_default=1, help_text=_("Smallest amounts in one unit."))
    unit_minor = models.BigIntegerField(_("unit price"))
    gross_minor = models.BigIntegerField(help_text=_("Unit price times quantity, in units."))
    discount_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField(_("total"), help_text=_("What this line adds to the order's total."))
    taxes = models.JSONField(default=list)
    discounts = models.JSONField(default=list)
    serials = models.JSONField(_("serial numbers"), default=list, db_default=models.Value([], models.JSONField()))
    gift_card = models.ForeignKey(
        GiftCard, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("gift card")
    )
    fulfilled = models.PositiveIntegerField(_("fulfilled"), default=0)
    canceled = models.PositiveIntegerField(_("canceled"), default=0)
    returned = models.PositiveIntegerField(_("returned"), default=0)

    class Meta:
        ordering = ("position",)
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_line_quantity"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("fulfilled") + F("canceled")), name="order_line_not_overfulfilled"
            ),
            models.CheckConstraint(condition=Q(fulfilled__gte=F("returned")), name="order_line_not_overreturned"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"


class Adjustment(models.Model):
    """What an order's total holds beside its lines: shipping, fees, deposits. Discounts are on the lines, by share."""

    class Kind(models.TextChoices):
        SHIPPING = "shipping", _("Shipping")
        FEE = "fee", _("Fee")
        DEPOSIT = "deposit", _("Deposit")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="adjustments")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    label = models.CharField(_("label"), max_length=120)
    quantity = models.PositiveIntegerField(_("pieces"), default=1, db_default=1)
    unit_minor = models.BigIntegerField(_("for each"), default=0, db_default=0)
    amount_minor = models.BigIntegerField(_("amount"))
    tax_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()
    taxes = models.JSONField(default=list)
    discounts = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"


class TimelineEntry(models.Model):
    """What happened to an order, in the order in which it happened. The words are in `timeline.py`."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="timeline")
    kind = models.CharField(_("kind"), max_length=40)
    data = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ("id",)
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline")

    def __str__(self) -> str:
        return self.kind
