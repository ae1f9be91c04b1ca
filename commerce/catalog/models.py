from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid

CONTENT_UNITS = ("g", "kg", "ml", "cl", "l", "cm", "m", "m2", "piece")


class Category(models.Model):
    """A shelf of the shop. A product stands on one; a top-level category shows what its children hold."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=140, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    description = models.TextField(_("description"), blank=True)
    picture = models.CharField(_("picture"), max_length=500, blank=True, help_text=_("Address or media path."))
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        ordering = ("position", "name")
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What a shopper looks at; what is sold is one of its variants."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        ARCHIVED = "archived", _("Archived")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    slug = models.SlugField(_("slug"), max_length=255, unique=True, allow_unicode=True)
    title = models.CharField(_("title"), max_length=255)
    description_html = models.TextField(_("description"), blank=True)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("category")
    )
    product_type = models.CharField(_("type"), max_length=255, blank=True)
    tags = ArrayField(models.CharField(max_length=255), default=list, blank=True, verbose_name=_("tags"))
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    on_web = models.BooleanField(_("sold on the web"), default=True)
    at_till = models.BooleanField(_("sold at the till"), default=True)
    tax_class = models.CharField(_("tax class"), max_length=20, default="standard")
    popularity = models.PositiveIntegerField(
        _("popularity"), default=0, help_text=_("Sorts lists; higher comes first.")
    )
    launched_at = models.DateTimeField(_("launched at"), null=True, blank=True)
    # What search and facets read, written by `search.refresh`: see there.
    tsv = SearchVectorField(null=True, editable=False)
    facets = ArrayField(models.CharField(max_length=120), default=list, editable=False)

    class Meta:
        ordering = ("title",)
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            GinIndex(fields=["tsv"], name="product_tsv"),
            GinIndex(fields=["facets"], name="product_facets"),
            models.Index(
                fields=["-popularity", "id"], name="product_on_web", condition=models.Q(status="active", on_web=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "active", "archived"]), name="product_status"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Collection(models.Model):
    """Products that belong together across shelves: a season, a brand's week. Prices and promotions may name it."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=140, unique=True)
    products = models.ManyToManyField(Product, blank=True, related_name="collections", verbose_name=_("products"))

    class Meta:
        ordering = ("name",)
        verbose_name = _("collection")
        verbose_name_plural = _("collections")

    def __str__(self) -> str:
        return self.name


class Option(models.Model):
    """A choice that a product offers, e.g. Size; its values stand on the variants."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="options")
    name = models.CharField(_("name"), max_length=255)
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        ordering = ("position",)
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [models.UniqueConstraint(fields=["product", "position"], name="option_position_once")]

    def __str__(self) -> str:
        return self.name


class Media(models.Model):
    """A picture: a file of ours (path below MEDIA_URL) or a reference to somebody else's address."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="media")
    path = models.CharField(_("path or address"), max_length=1000)
    alt = models.CharField(_("description for people who cannot see it"), max_length=500, blank=True)
    position = models.PositiveIntegerField(_("position"), default=1)

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.path

    @property
    def is_ours(self) -> bool:
        """Only our own files are shown: a foreign address may be gone, or somebody else's to show."""
        return "://" not in self.path


class Variant(models.Model):
    """What is sold, counted and scanned. `sku_key` is the SKU as it is compared: see `skus.normalize_sku`.

    Quantities are whole numbers of the smallest amount that is sold: pieces, or with a `unit_scale` of 100 hundredths
    of a meter. Prices are of one `unit`.
    """

    class Unit(models.TextChoices):
        EACH = "each", _("piece")
        METER = "m", _("meter")
        SQUARE_METER = "m2", _("square meter")
        KILOGRAM = "kg", _("kilogram")
        GRAM = "g", _("gram")
        LITER = "l", _("liter")
        YARD = "yd", _("yard")
        FOOT = "ft", _("foot")
        POUND = "lb", _("pound")
        OUNCE = "oz", _("ounce")

    class Scale(models.IntegerChoices):
        WHOLE = 1, _("whole units")
        TENTHS = 10, _("tenths")
        HUNDREDTHS = 100, _("hundredths")
        THOUSANDTHS = 1000, _("thousandths")

    class Content(models.TextChoices):
        GRAM = "g", _("g")
        KILOGRAM = "kg", _("kg")
        MILLILITER = "ml", _("ml")
        CENTILITER = "cl", _("cl")
        LITER = "l", _("L")
        CENTIMETER = "cm", _("cm")
        METER = "m", _("m")
        SQUARE_METER = "m2", _("m²")
        PIECE = "piece", _("pieces")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants", verbose_name=_("product"))
    sku = models.CharField(_("SKU"), max_length=120)
    sku_key = models.CharField(max_length=120, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=500, blank=True, help_text=_("The values of its options."))
    option_values = ArrayField(models.CharField(max_length=255), default=list, blank=True, verbose_name=_("options"))
    swatch = models.CharField(_("color swatch"), max_length=7, blank=True, help_text=_("e.g. #2f4f4f"))
    unit = models.CharField(_("unit"), max_length=4, choices=Unit, default=Unit.EACH, db_default=Unit.EACH)
    unit_scale = models.PositiveSmallIntegerField(
        _("sold in"), choices=Scale, default=Scale.WHOLE, db_default=Scale.WHOLE
    )
    tracks_serials = models.BooleanField(
        _("has serial numbers"), default=False, db_default=False, help_text=_("Each piece has a number of its own.")
    )
    # What one piece holds, without its packaging: 250 g of coffee. Makes the price per kilogram or the like.
    content_amount = models.DecimalField(
        _("holds"),
        max_digits=10,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("What is in one piece, without its packaging: 250 g, 0.75 L, 6 pieces."),
    )
    content_unit = models.CharField(
        _("of"), max_length=5, choices=Content, blank=True, default="", db_default="", help_text=_("The unit of that.")
    )
    # No fixed price: whoever sells it at a till is asked for one. The web never sells it.
    is_open_price = models.BooleanField(
        _("open price"),
        default=False,
        db_default=False,
        help_text=_("The till asks for the price each time: repairs, gift wrap. Not sold on the web."),
    )
    is_open_to_all = models.BooleanField(
        _("anybody may say the price"), default=False, db_default=False, help_text=_("Else leads and managers only.")
    )
    needs_note = models.BooleanField(
        _("asks what it is for"), default=False, db_default=False, help_text=_("The till wants words beside the price.")
    )
    # Its money goes onto a card and is owed, not earned: no tax, no discount, and a till only.
    is_gift_card = models.BooleanField(
        _("gift card"),
        default=False,
        db_default=False,
        help_text=_("Sold at an open price that a card then holds: without tax, never reduced."),
    )
    weight_grams = models.PositiveIntegerField(_("weight in grams"), default=0)
    picture = models.ForeignKey(Media, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(_("position"), default=1)
    is_active = models.BooleanField(_("active"), default=True)
    # Raised by a database sequence whenever something that a till keeps changes: tills ask for what came since.
    change_seq = models.BigIntegerField(default=0, editable=False, db_index=True)

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit_scale__in=[1, 10, 100, 1000]) & ~models.Q(unit="each", unit_scale__gt=1),
                name="variant_unit_scale",
            ),
            models.CheckConstraint(
                condition=models.Q(tracks_serials=False) | models.Q(unit="each"), name="variant_serials_of_pieces"
            ),
            models.CheckConstraint(
                condition=models.Q(is_gift_card=False) | models.Q(is_open_price=True), name="variant_gift_card_open"
            ),
            models.CheckConstraint(
                condition=models.Q(content_amount__isnull=True, content_unit="")
                | models.Q(
                    content_amount__isnull=False, content_amount__gt=0, content_unit__in=CONTENT_UNITS, unit="each"
                ),
                name="variant_content",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"

    @property
    def name(self) -> str:
        """Product and options in one line, as documents keep it."""
        return f"{self.product.title} – {self.title}" if self.title else self.product.title


class Barcode(models.Model):
    """A code that scans as this variant, or as a pack of it: `units` smallest amounts, 12 pieces or the 1,000
    hundredths of a coil of 10 m. `key` is the code as it is compared: see `barcodes.normalize_barcode`."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="barcodes")
    code = models.CharField(_("barcode"), max_length=64)
    key = models.CharField(max_length=70, unique=True, editable=False)
    units = models.PositiveIntegerField(
        _("units"), default=1, db_default=1, help_text=_("What one scan of it means: 12 for a case of twelve.")
    )

    class Meta:
        verbose_name = _("barcode")
        verbose_name_plural = _("barcodes")
        constraints = [models.CheckConstraint(condition=models.Q(units__gt=0), name="barcode_units")]

    def __str__(self) -> str:
        return self.code


class Listing(models.Model):
    """What a list shows and sorts by of a product's prices in a market, over its active variants, for some time; there
    are rows for the times to come, so that prices change when they are due and not when somebody has written them.

    `market` is a number that the prices above keep: the catalog itself knows no price. Written by `listings.put`.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="listings")
    market = models.BigIntegerField()
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    from_minor = models.BigIntegerField()
    to_minor = models.BigIntegerField()
    compare_at_minor = models.BigIntegerField(null=True)
    # What each of the cheapest variants holds, in thousandths; 0 where they differ or hold nothing.
    held = models.BigIntegerField(default=0, db_default=0)
    held_unit = models.CharField(max_length=5, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["market", "product", "starts_at"], name="listing_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=models.Q(ends_at__isnull=False), name="listing_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.market}: {self.from_minor}"


class Lexicon(models.Model):
    """A word of the catalog with its trigrams: finds what a misspelled search meant."""

    word = models.CharField(max_length=100, primary_key=True)
    documents = models.PositiveIntegerField()
    trigrams = ArrayField(models.CharField(max_length=3))

    class Meta:
        indexes = [GinIndex(fields=["trigrams"], name="lexicon_trigrams")]

    def __str__(self) -> str:
        return self.word
