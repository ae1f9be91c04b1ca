from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from commerce.catalog import units
from commerce.catalog.models import Variant
from commerce.company.models import ApiToken
from commerce.kernel.ids import new_uid
from commerce.pricing.models import Channel, Market
from customers.models import Customer

MAX_QUANTITY = 9999  # of one line, in units; a unit has up to `units.FINEST` smallest amounts


class Cart(models.Model):
    """What a shopper means to buy. Nothing is promised by it: units are held when checkout begins."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ORDERED = "ordered", _("Ordered")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="carts")
    client = models.ForeignKey(
        ApiToken,
        on_delete=models.PROTECT,
        null=True,
        related_name="carts",
        help_text=_("The program that opened it; it alone may see it."),
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)
    coupons = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, db_default=[], verbose_name=_("coupons")
    )
    gift_cards = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        db_default=[],
        verbose_name=_("gift cards"),
        help_text=_("Those that are to pay for it, in the order in which they were entered."),
    )
    gift_card_lines = models.JSONField(
        _("gift cards that are bought"),
        default=list,
        blank=True,
        db_default=models.Value([], models.JSONField()),
        help_text=_("What they hold and who gets them, as `orders.bought_gift_cards` reads it."),
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel, default=Channel.WEB, db_default=Channel.WEB
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carts",
        verbose_name=_("customer"),
        help_text=_("Whom we know: their groups and tax certificates count. A shopper's own cart knows nobody."),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("put together by"),
    )
    discounts = models.JSONField(
        _("discounts by hand"),
        default=list,
        blank=True,
        db_default=models.Value([], models.JSONField()),
        help_text=_("Of the whole order, as the price engine takes them."),
    )
    created_at = models.DateTimeField(_("created at"))
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")

    def __str__(self) -> str:
        return str(self.uid)


class CartLine(models.Model):
    """A variant in a cart. `seen_unit_minor` is the price that the shopper was last shown, to announce a change."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    seen_unit_minor = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant"], name="cart_line_once"),
            models.CheckConstraint(
                condition=models.Q(quantity__range=(1, MAX_QUANTITY * units.FINEST)), name="cart_line_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"
