"""What things cost: customer groups, price lists, prices with their periods and their history."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.pricing.errors import in_words
from commerce.pricing.timeline import Days

ALWAYS = DateRange(None, None, "[)")


class Channel(models.TextChoices):
    """Where a sale is made, as prices and promotions tell it apart."""

    WEB = "web", _("Web")
    POS = "pos", _("Store")
    PHONE = "phone", _("Phone")


class CustomerGroup(models.Model):
    """Shoppers who may see other prices and promotions: staff, trade, members."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ("name",)
        verbose_name = _("customer group")
        verbose_name_plural = _("customer groups")

    def __str__(self) -> str:
        return self.name


class PriceList(models.Model):
    """Prices of variants in one currency, and where they count.

    A market's base list counts in that market. Any other list counts wherever it is not limited: a field that names
    nothing limits nothing. Days are those of the place, so a list begins at each store's own midnight. Which of several
    lists wins is told at the top of `engine.py`.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, help_text=_("ISO 4217 code, e.g. USD."))
    is_active = models.BooleanField(_("active"), default=True, db_default=True)
    rank = models.SmallIntegerField(
        _("rank"), default=0, db_default=0, help_text=_("Of several lists that fit, the one with the higher rank wins.")
    )
    only_markets = models.ManyToManyField(
        "pricing.Market", blank=True, related_name="own_lists", verbose_name=_("markets")
    )
    only_locations = models.ManyToManyField("company.Location", blank=True, related_name="+", verbose_name=_("stores"))
    only_groups = models.ManyToManyField(
        CustomerGroup, blank=True, related_name="price_lists", verbose_name=_("customer groups")
    )
    only_channels = ArrayField(
        models.CharField(max_length=10, choices=Channel), default=list, blank=True, verbose_name=_("channels")
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    derived_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="derived", verbose_name=_("derived from")
    )
    factor_ppm = models.PositiveIntegerField(
        default=1_000_000, db_default=1_000_000, help_text=_("Times the other list's price, in parts per million.")
    )
    step_minor = models.BigIntegerField(
        default=0, db_default=0, help_text=_("Derived prices end alike in steps of this.")
    )
    ending_minor = models.BigIntegerField(default=0, db_default=0, help_text=_("How they end: 99 in steps of 100."))

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="price_list_period",
            ),
            models.CheckConstraint(
                condition=Q(factor_ppm__range=(1, 100_000_000), step_minor__gte=0, ending_minor__gte=0)
                & (Q(step_minor=0, ending_minor=0) | Q(ending_minor__lt=F("step_minor"))),
                name="price_list_derivation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"


class KnownPrices(models.Manager["Price"]):
    """The prices that count now, and those that are planned; without what was changed since."""

    def get_queryset(self) -> "models.QuerySet[Price]":
        return super().get_queryset().filter(withdrawn_at=None)


class Price(models.Model):
    """What one unit of a variant costs on a list, in minor units, from a quantity on, on certain days.

    Days are those of the place. A row is never changed: another price withdraws it and is recorded as a new row, so
    that rows known at an instant are the prices of that instant. Only `prices` writes.
    """

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="prices")
    from_quantity = models.PositiveIntegerField(
        _("from quantity"), default=1, db_default=1, help_text=_("In the smallest amounts that are sold.")
    )
    amount_minor = models.BigIntegerField(_("price"))
    compare_at_minor = models.BigIntegerField(_("compare-at price"), null=True, blank=True)
    during = DateRangeField(_("days"), default=ALWAYS, db_default=Value("(,)", DateRangeField()))
    # A limited price interrupts the standing one, which comes back after it; the rows of that lie around it.
    is_limited = models.BooleanField(_("for some days only"), default=False, db_default=False)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now())
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = KnownPrices()
    history: "models.Manager[Price]" = models.Manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            # The embedded PostgreSQL has no btree_gist; a range of one number overlaps itself and nothing else.
            ExclusionConstraint(
                name="price_once",
                expressions=[
                    (Func("variant_id", "variant_id", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func("price_list_id", "price_list_id", Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func("from_quantity", "from_quantity", Value("[]"), function="int4range"),
                        RangeOperators.OVERLAPS,
                    ),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="price_not_negative"),
            models.CheckConstraint(condition=Q(from_quantity__gte=1), name="price_from_quantity"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("recorded_at")), name="price_withdrawn_later"
            ),
            models.CheckConstraint(condition=Q(during__isempty=False), name="price_has_days"),
        ]
        indexes = [
            models.Index(fields=["price_list", "variant"], condition=Q(withdrawn_at=None), name="price_known"),
        ]

    def __str__(self) -> str:
        during: Any = self.during
        days = Days(*during) if isinstance(during, tuple) else Days(during.lower, during.upper)
        return f"{self.variant.sku} {in_words(days)}"
