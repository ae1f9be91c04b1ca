from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.company.models import Location
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from orders.models.allowance import Allowance
from orders.models.cancellation import Cancellation
from orders.models.order import Order, OrderLine
from orders.models.payment import Payment


class Return(models.Model):
    """Goods of an order that came back, at any place, whatever the channel they were bought by.

    Its amounts are what the order's lines keep of each unit (see `commerce.pricing.shares`), never today's prices. What
    is given back for it is in its refunds; a late failure of one leaves the return as it is.
    """

    uid = models.UUIDField(unique=True, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns", verbose_name=_("order"))
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="returns", verbose_name=_("taken back at")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Order.Channel)
    currency = models.CharField(_("currency"), max_length=3)
    goods_minor = models.BigIntegerField(_("goods"), help_text=_("As paid, with their tax."))
    shipping_minor = models.BigIntegerField(
        _("shipping and fees given back"), default=0, help_text=_("As paid, with their tax.")
    )
    rounding_minor = models.BigIntegerField(_("rounding"), default=0, help_text=_("On top, where cash is rounded."))
    tax_minor = models.BigIntegerField(_("tax"), help_text=_("Part of goods and shipping."))
    total_minor = models.BigIntegerField(_("to give back"))
    taxes = models.JSONField(default=list, help_text=_("Per rate: code, name, rate_ppm, base, amount."))
    charges = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text=_("Of shipping and fees: charge, kind, net, taxes."),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("taken back at"))
    business_date = models.DateField(_("business date"))

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        constraints = [
            models.CheckConstraint(condition=Q(goods_minor__gte=0, shipping_minor__gte=0), name="return_not_negative"),
            models.CheckConstraint(
                condition=Q(
                    total_minor=models.F("goods_minor") + models.F("shipping_minor") + models.F("rounding_minor")
                ),
                name="return_total",
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], name="return_by_time")]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


class ReturnLine(models.Model):
    """Units of an order's line that came back together, for one reason, and where they went."""

    class Reason(models.TextChoices):
        UNWANTED = "unwanted", _("Changed their mind")
        WRONG_SIZE = "wrong_size", _("Does not fit")
        NOT_AS_DESCRIBED = "not_as_described", _("Not as described")
        DAMAGED = "damaged", _("Arrived damaged")
        FAULTY = "faulty", _("Faulty")
        WRONG_ITEM = "wrong_item", _("Wrong item sent")
        LATE = "late", _("Came too late")
        OTHER = "other", _("Another reason")

    class Disposition(models.TextChoices):
        RESTOCK = "restock", _("Back on the shelf")
        DAMAGED = "damaged", _("Damaged")
        NONE = "none", _("Nothing came back")

    return_record = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField(_("quantity"), help_text=_("In the smallest amount that is sold."))
    first_unit = models.PositiveIntegerField(help_text=_("The first of the line's units that this gives back."))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    disposition = models.CharField(_("disposition"), max_length=20, choices=Disposition)
    serials = models.JSONField(_("serial numbers"), default=list)
    discount_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField(_("to give back"))
    taxes = models.JSONField(default=list)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("returned line")
        verbose_name_plural = _("returned lines")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="return_line_quantity"),
            models.UniqueConstraint(fields=["order_line", "first_unit"], name="return_line_unit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.order_line_id}"


class RefundQuerySet(models.QuerySet["Refund"]):
    def locked(self) -> Self:
        """Lock the rows, in the one order that `kernel.db` asks for."""
        return self.order_by("pk").select_for_update(of=("self",))

    def unsettled(self) -> Self:
        """Those that have not reached their end."""
        return self.filter(state__in=["pending", "sent"])


class Refund(models.Model):
    """Money of a payment on its way back, by one tender. Written, and counted against the payment, before it is sent.

    `uid` is the idempotency key towards the card network. `pending` was not answered yet, `sent` was taken by the card
    network and may still fail days later, `failed` gave its amount back to the payment. `tender` is the payment's own
    unless the original card could not be refunded (see `orders.refund_plan`).
    """

    class State(models.TextChoices):
        PENDING = "pending", _("On its way")
        SENT = "sent", _("At the card network")
        SUCCEEDED = "succeeded", _("Given back")
        FAILED = "failed", _("Failed")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    return_record = models.ForeignKey(
        Return, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds", verbose_name=_("return")
    )
    allowance = models.ForeignKey(
        Allowance, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds", verbose_name=_("allowance")
    )
    cancellation = models.ForeignKey(
        Cancellation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="refunds",
        verbose_name=_("cancellation"),
    )
    tender = models.CharField(_("given back by"), max_length=20)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PENDING)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    reason = models.CharField(_("reason"), max_length=200)
    provider_id = models.CharField(_("id at the card network"), max_length=120, blank=True)
    failure_code = models.CharField(max_length=80, blank=True)
    failure_text = models.CharField(_("what went wrong"), max_length=500, blank=True)
    details = models.JSONField(default=dict, blank=True, help_text=_("Where it went: the card, the gift card."))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "sent"], settled_at=None)
                | Q(state__in=["succeeded", "failed"], settled_at__isnull=False),
                name="refund_state",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_positive"),
            models.UniqueConstraint(fields=["provider_id"], condition=~Q(provider_id=""), name="refund_provider_once"),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state__in=["pending", "sent"]), name="refund_unsettled")
        ]

    def __str__(self) -> str:
        return f"{self.tender} {self.amount_minor} {self.currency} {self.state}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
