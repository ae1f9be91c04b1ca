"""What reduces a price without anybody's doing: promotions, what they are for, and the codes that some need."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Category, Collection, Variant
from commerce.kernel.ids import new_uid
from commerce.pricing.models.prices import Channel, CustomerGroup


class Promotion(models.Model):
    """An offer and its conditions; a field that names nothing limits nothing. Amounts are minor units by currency.

    Days and hours are those of the place. What fires, in which order and beside what else is told in `engine.py`.
    """

    class Kind(models.TextChoices):
        PERCENT = "percent", _("Percentage off")
        AMOUNT = "amount", _("Amount off")
        FIXED_PRICE = "fixed_price", _("Fixed price")
        BUY_GET = "buy_get", _("Buy X, get Y")
        BUNDLE = "bundle", _("Bundle price")
        TIERS = "tiers", _("Quantity tiers")
        GIFT = "gift", _("Gift with purchase")
        FREE_SHIPPING = "free_shipping", _("Free shipping")

    class Scope(models.TextChoices):
        LINE = "line", _("Each item")
        ORDER = "order", _("The whole order")
        SHIPPING = "shipping", _("Shipping")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120, help_text=_("For the back office."))
    label = models.CharField(_("printed as"), max_length=80, help_text=_("What shoppers and receipts read."))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    scope = models.CharField(_("taken off"), max_length=10, choices=Scope, default=Scope.LINE)
    percent_ppm = models.PositiveIntegerField(_("percentage"), default=0, help_text=_("In parts per million."))
    amounts = models.JSONField(_("amounts"), default=dict, blank=True)
    buy_quantity = models.PositiveIntegerField(_("buy"), default=0)
    get_quantity = models.PositiveIntegerField(_("get"), default=0)
    tier_kind = models.CharField(_("tiers give"), max_length=20, choices=Kind, blank=True)
    tiers = models.JSONField(_("tiers"), default=list, blank=True)
    min_spend = models.JSONField(_("spend at least"), default=dict, blank=True)
    min_quantity = models.PositiveIntegerField(_("buy at least"), default=0)
    max_times = models.PositiveIntegerField(_("at most so often in one order"), null=True, blank=True)
    max_discount = models.JSONField(_("give at most"), default=dict, blank=True)
    only_markets = models.ManyToManyField("pricing.Market", blank=True, related_name="+", verbose_name=_("markets"))
    only_locations = models.ManyToManyField("company.Location", blank=True, related_name="+", verbose_name=_("stores"))
    only_groups = models.ManyToManyField(
        CustomerGroup, blank=True, related_name="promotions", verbose_name=_("customer groups")
    )
    only_channels = ArrayField(
        models.CharField(max_length=10, choices=Channel), default=list, blank=True, verbose_name=_("channels")
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        verbose_name=_("weekdays"),
        help_text=_("Monday is 0."),
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    daily_from = models.TimeField(_("daily from"), null=True, blank=True)
    daily_until = models.TimeField(_("daily until"), null=True, blank=True)
    needs_coupon = models.BooleanField(_("needs a coupon"), default=False)
    priority = models.PositiveSmallIntegerField(_("priority"), default=100, help_text=_("The lower comes first."))
    is_exclusive = models.BooleanField(
        _("exclusive"), default=False, help_text=_("Items that it reduces get no other promotion.")
    )
    best_of = models.CharField(
        _("best of"),
        max_length=40,
        blank=True,
        help_text=_("Of promotions with the same word here only the one that saves most is given."),
    )
    is_active = models.BooleanField(_("active"), default=False)
    started_at = models.DateTimeField(
        _("started at"), null=True, blank=True, help_text=_("When it was first let run; until then it is a draft.")
    )
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("priority", "code")
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        constraints = [
            models.CheckConstraint(condition=Q(percent_ppm__lte=1_000_000), name="promotion_at_most_all"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="promotion_period",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PromotionItem(models.Model):
    """What a promotion is for, what it leaves out, what has to be bought for it, or what a part of a bundle is."""

    class Role(models.TextChoices):
        SELECT = "select", _("Reduced")
        EXCLUDE = "exclude", _("Left out")
        QUALIFY = "qualify", _("To be bought")
        PART = "part", _("Part of the bundle")

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="items")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.SELECT)
    part = models.PositiveSmallIntegerField(_("part"), default=0, help_text=_("Rows of one part are alternatives."))
    quantity = models.PositiveIntegerField(_("pieces"), default=1)
    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("variant")
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    collection = models.ForeignKey(
        Collection, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("collection")
    )

    class Meta:
        ordering = ("role", "part", "id")
        verbose_name = _("item of a promotion")
        verbose_name_plural = _("items of a promotion")
        constraints = [
            models.CheckConstraint(
                condition=Q(variant__isnull=False, category=None, collection=None)
                | Q(variant=None, category__isnull=False, collection=None)
                | Q(variant=None, category=None, collection__isnull=False),
                name="promotion_item_is_one_thing",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="promotion_item_quantity"),
        ]

    def __str__(self) -> str:
        return str(self.variant or self.category or self.collection)


class Coupon(models.Model):
    """A code that unlocks a promotion. `used` is taken in the order's own transaction, by one guarded UPDATE."""

    promotion = models.ForeignKey(
        Promotion, on_delete=models.PROTECT, related_name="coupons", verbose_name=_("promotion")
    )
    code = models.CharField(_("code"), max_length=40)
    code_key = models.CharField(max_length=40, unique=True, editable=False)
    batch = models.CharField(_("batch"), max_length=80, blank=True)
    max_uses = models.PositiveIntegerField(_("uses at most"), null=True, blank=True)
    max_uses_per_customer = models.PositiveIntegerField(_("uses per customer"), null=True, blank=True)
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        constraints = [
            models.CheckConstraint(condition=Q(max_uses=None) | Q(used__lte=F("max_uses")), name="coupon_not_overused"),
        ]

    def __str__(self) -> str:
        return self.code


class CouponUse(models.Model):
    """A coupon given with an order (`source_uid`); a canceled order gives it back."""

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="uses")
    source_uid = models.UUIDField(_("order"))
    customer_key = models.CharField(_("customer"), max_length=254, blank=True)
    used_at = models.DateTimeField(_("used at"))
    released_at = models.DateTimeField(_("given back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("use of a coupon")
        verbose_name_plural = _("uses of coupons")
        constraints = [
            models.UniqueConstraint(
                fields=["coupon", "source_uid"], condition=Q(released_at=None), name="coupon_use_once"
            ),
        ]
        indexes = [models.Index(fields=["source_uid"], name="coupon_use_source")]

    def __str__(self) -> str:
        return f"{self.coupon_id} in {self.source_uid}"


class Fee(models.Model):
    """What is charged beside the price of goods, per unit: a deposit on bottles, an eco fee."""

    class Kind(models.TextChoices):
        FEE = "fee", _("Fee")
        DEPOSIT = "deposit", _("Deposit")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label = models.CharField(_("printed as"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.FEE)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount per unit"))
    tax_class = models.CharField(_("tax class"), max_length=20, blank=True, help_text=_("Empty: not taxed."))
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Empty: everywhere."))
    region = models.CharField(_("state"), max_length=10, blank=True)
    variants = models.ManyToManyField(Variant, blank=True, related_name="fees", verbose_name=_("variants"))
    categories = models.ManyToManyField(Category, blank=True, related_name="+", verbose_name=_("categories"))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gte=0), name="fee_not_negative")]

    def __str__(self) -> str:
        return self.label


class RuleChange(models.Model):
    """One row that changes with every rule of prices: by it servers know whether what they keep of the rules is old.

    `changed_by` is the number of the transaction of the last change, which no other transaction ever has.
    """

    version = models.BigIntegerField(default=1)
    changed_by = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("version of the rules")
        verbose_name_plural = _("versions of the rules")

    def __str__(self) -> str:
        return str(self.version)
