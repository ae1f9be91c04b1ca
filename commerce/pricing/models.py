from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant


class PriceList(models.Model):
    """Prices of variants in one currency."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, help_text=_("ISO 4217 code, e.g. USD."))

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"


class Price(models.Model):
    """What one unit of a variant costs on a list, in minor units."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="prices")
    amount_minor = models.BigIntegerField(_("price"))
    compare_at_minor = models.BigIntegerField(_("compare-at price"), null=True, blank=True)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["price_list", "variant"], name="price_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gte=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.amount_minor} {self.price_list_id}"


class Market(models.Model):
    """Countries that see the same prices: a currency, a price list, and whether prices include tax."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"))
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="markets")
    prices_include_tax = models.BooleanField(_("prices include tax"))
    shipping_minor = models.BigIntegerField(_("shipping fee"), default=0)
    free_shipping_from_minor = models.BigIntegerField(_("free shipping from"), null=True, blank=True)
    cash_step_minor = models.PositiveIntegerField(
        _("smallest coin"), default=1, help_text=_("Cash totals are rounded to this, in minor units.")
    )
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        verbose_name = _("market")
        verbose_name_plural = _("markets")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="market_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def currency(self) -> str:
        return self.price_list.currency


class TaxRate(models.Model):
    """A tax on a class of goods in a place, from a day on; the newest that has begun is the one in force."""

    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("state"), max_length=10, blank=True)
    tax_class = models.CharField(_("tax class"), max_length=20, default="standard")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name on documents"), max_length=80)
    rate_ppm = models.PositiveIntegerField(_("rate in parts per million"), help_text=_("200000 is 20 %."))
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "region", "tax_class", "code", "valid_from"], name="tax_rate_once"
            ),
            models.CheckConstraint(condition=models.Q(rate_ppm__lte=1_000_000), name="tax_rate_at_most_all"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.rate_ppm / 10_000:g} %"
