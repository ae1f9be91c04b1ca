"""Markets, their currencies, and the taxes of places."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Product
from commerce.pricing.models.prices import PriceList


class Market(models.Model):
    """Countries that see the same prices: a currency, a base price list, and how prices and taxes are rounded."""

    class TaxRounding(models.TextChoices):
        DOCUMENT = "document", _("Once per rate over the whole order")
        LINE = "line", _("On every line")

    class CardCapture(models.TextChoices):
        AUTOMATIC = "automatic", _("At once")
        LEAVING = "leaving", _("When goods leave")

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"))
    price_list = models.ForeignKey(
        PriceList, on_delete=models.PROTECT, related_name="markets", verbose_name=_("base price list")
    )
    prices_include_tax = models.BooleanField(_("prices include tax"))
    tax_rounding = models.CharField(
        _("tax is rounded"), max_length=10, choices=TaxRounding, default=TaxRounding.DOCUMENT, db_default="document"
    )
    tax_provider = models.CharField(
        _("taxes on the web come from"), max_length=40, blank=True, default="", db_default=""
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        default="UTC",
        db_default="UTC",
        help_text=_("By which prices and promotions of the web begin and end. IANA name, e.g. Europe/Amsterdam."),
    )
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True, verbose_name=_("languages"))
    tenders = ArrayField(
        models.CharField(max_length=30),
        default=list,
        blank=True,
        verbose_name=_("means of payment"),
        help_text=_("Empty: all."),
    )
    card_capture = models.CharField(
        _("cards on the web are charged"),
        max_length=10,
        choices=CardCapture,
        default=CardCapture.AUTOMATIC,
        db_default="automatic",
        help_text=_(
            "When goods leave: the order only holds the money, and each parcel or pickup takes its share. What is held"
            " ends by itself, mostly after seven days."
        ),
    )
    fulfillment_types = ArrayField(
        models.CharField(max_length=30),
        default=list,
        blank=True,
        verbose_name=_("ways to hand over"),
        help_text=_("Empty: all."),
    )
    excluded_products = models.ManyToManyField(
        Product, blank=True, related_name="excluded_from", verbose_name=_("products not sold here")
    )
    shipping_minor = models.BigIntegerField(_("shipping fee"), default=0)
    free_shipping_from_minor = models.BigIntegerField(_("free shipping from"), null=True, blank=True)
    cash_step_minor = models.PositiveIntegerField(
        _("smallest coin"), default=1, help_text=_("Cash totals are rounded to this, in minor units.")
    )
    margin_floor_ppm = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text=_("Selling with a smaller margin than this needs a manager; 0 is the cost itself."),
    )
    gift_card_amounts = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        db_default=[],
        verbose_name=_("amounts of gift cards on the web"),
        help_text=_("Offered beside an amount of one's own."),
    )
    gift_cards_most_minor = models.BigIntegerField(
        _("gift cards in one order, at most"), default=100_000, db_default=100_000
    )
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        verbose_name = _("market")
        verbose_name_plural = _("markets")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="market_one_default"
            ),
            models.CheckConstraint(condition=Q(margin_floor_ppm__lt=1_000_000), name="market_margin_floor"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def currency(self) -> str:
        return self.price_list.currency


class ExchangeRate(models.Model):
    """What one unit of a currency is worth in the shop's own, from a day on; an order keeps the rate of its day."""

    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="exchange_rate_once"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.rate.normalize():f}"


class TaxRate(models.Model):
    """A tax on a class of goods in a place, from a day on until its last one; the newest that has begun is in force.

    The place is a country, a state of it, or, with `locality`, a county, a city or a district there ("ALAMEDA",
    "ALAMEDA/OAKLAND"): what `TaxArea` finds for a postal code.
    """

    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("state"), max_length=10, blank=True)
    locality = models.CharField(_("county, city or district"), max_length=80, blank=True, default="", db_default="")
    tax_class = models.CharField(_("tax class"), max_length=20, default="standard")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name on documents"), max_length=80)
    rate_ppm = models.PositiveIntegerField(_("rate in parts per million"), help_text=_("200000 is 20 %."))
    is_compound = models.BooleanField(
        _("compound"), default=False, db_default=False, help_text=_("Taken on the price and all taxes before it.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "region", "locality", "tax_class", "code", "valid_from"], name="tax_rate_once"
            ),
            models.CheckConstraint(condition=Q(rate_ppm__lte=1_000_000), name="tax_rate_at_most_all"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="tax_rate_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.rate_ppm / 10_000:g} %"


class TaxArea(models.Model):
    """Which localities a postal code lies in; of several prefixes that fit a code, the longest counts."""

    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("state"), max_length=10, blank=True)
    postal_prefix = models.CharField(_("postal code, or how it begins"), max_length=20)
    localities = ArrayField(models.CharField(max_length=80), verbose_name=_("counties, cities and districts"))

    class Meta:
        verbose_name = _("tax area")
        verbose_name_plural = _("tax areas")
        constraints = [
            models.UniqueConstraint(fields=["country", "region", "postal_prefix"], name="tax_area_once"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.postal_prefix}"
