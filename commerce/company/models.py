from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.utils.translation import gettext_lazy as _

from commerce.company.permissions import ROLES
from commerce.kernel.ids import new_uid


class Shop(models.Model):
    """The company as its customers see it; one row. Read through `shop.current`, which remembers it for a while."""

    name = models.CharField(_("name"), max_length=80)
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    about = models.TextField(_("about"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    returns_policy = models.CharField(_("returns policy"), max_length=200, blank=True, help_text=_("One line."))
    wordmark = models.CharField(_("wordmark"), max_length=255, blank=True, help_text=_("Media path of an SVG file."))
    home_banner = models.CharField(
        _("picture of the home page"),
        max_length=255,
        blank=True,
        help_text=_("Media path; wide, calm on its left side."),
    )
    home_banner_tall = models.CharField(
        _("picture of the home page on phones"), max_length=255, blank=True, help_text=_("Media path; calm at its top.")
    )
    receipt_logo = models.TextField(_("logo on receipts"), blank=True, help_text=_("A PNG file in base64."))

    class Meta:
        verbose_name = verbose_name_plural = _("shop")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="shop_one_row")]

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    """A place that holds stock: a store, a warehouse, or the virtual one of goods on their way (never active)."""

    class Kind(models.TextChoices):
        STORE = "store", _("Store")
        WAREHOUSE = "warehouse", _("Warehouse")
        TRANSIT = "transit", _("In transit")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=20, unique=True, help_text=_("Short and lasting, e.g. PDX-1."))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    line1 = models.CharField(_("address"), max_length=120)
    line2 = models.CharField(_("address, second line"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=80)
    state = models.CharField(_("state"), max_length=10, blank=True, help_text=_("The code, e.g. OR; empty if none."))
    postal_code = models.CharField(_("postal code"), max_length=20)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code of two letters."))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6)
    time_zone = models.CharField(_("time zone"), max_length=60, help_text=_("IANA name, e.g. America/Los_Angeles."))
    opening_hours = models.JSONField(
        _("opening hours"), default=dict, blank=True, help_text=_('{"mon": ["10:00", "19:00"], …}')
    )
    holidays = models.JSONField(
        _("holidays and special hours"),
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        help_text=_('{"2026-12-25": null, "2026-12-24": ["10:00", "14:00"]}: closed, or other hours than usual.'),
    )
    offers_pickup = models.BooleanField(_("offers pickup"), default=False)
    offers_curbside = models.BooleanField(_("offers curbside pickup"), default=False, db_default=False)
    ships = models.BooleanField(_("ships web orders"), default=True)
    accepts_returns = models.BooleanField(_("accepts returns"), default=True, db_default=True)
    feeds_web = models.BooleanField(
        _("feeds the web"), default=True, db_default=True, help_text=_("The web may promise what is on its shelves.")
    )
    safety_stock = models.PositiveIntegerField(
        _("safety stock"), default=0, db_default=0, help_text=_("Kept back from the web, of each SKU without its own.")
    )
    ships_per_day = models.PositiveIntegerField(
        _("parcels a day"), null=True, blank=True, help_text=_("The most that it can ship on one day; empty: no limit.")
    )
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Ships first when lower."))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("position", "code")
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="location_on_earth"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class StaffManager(UserManager["User"]):
    use_in_migrations = False

    def with_places(self) -> models.QuerySet["User"]:
        """With the locations that each person is bound to, so that `permissions.may` need not ask."""
        return self.annotate(bound_to=ArrayAgg("locations", filter=models.Q(locations__isnull=False), default=[]))


class User(AbstractUser):
    """A person who works here. Shoppers are `customers.Customer`."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    role = models.CharField(_("role"), max_length=20, choices=[(role, label) for role, label in ROLES], blank=True)
    locations = models.ManyToManyField(
        Location, related_name="staff", blank=True, verbose_name=_("locations"), help_text=_("None means everywhere.")
    )
    pin_hash = models.CharField(max_length=255, blank=True, editable=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")


class PinAttempts(models.Model):
    """Wrong PINs of one person at one device; ten of them need a full login (T08)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="pin_attempts")
    device = models.ForeignKey("Device", on_delete=models.CASCADE, related_name="pin_attempts")
    failures = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "device"], name="pin_attempts_once")]

    def __str__(self) -> str:
        return f"{self.user} at {self.device}: {self.failures}"


class Device(models.Model):
    """A browser that was paired with a location. Its token is kept as a hash; the pairing code works once."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="devices", verbose_name=_("location"))
    pairing_code = models.CharField(_("pairing code"), max_length=12, blank=True)
    pairing_expires_at = models.DateTimeField(_("pairing code valid until"), null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    paired_at = models.DateTimeField(_("paired at"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [
            models.UniqueConstraint(
                fields=["pairing_code"], condition=~models.Q(pairing_code=""), name="device_pairing_code_once"
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~models.Q(token_hash=""), name="device_token_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A key for another program. Only its hash is kept."""

    name = models.CharField(_("name"), max_length=120)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created at"), editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name
