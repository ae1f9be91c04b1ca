from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Category, Variant
from commerce.company.models import Location
from commerce.kernel.ids import new_uid


class StockCountQuerySet(models.QuerySet["StockCount"]):
    def locked(self) -> Self:
        """Lock the rows, in the one order that `kernel.db` asks for."""
        return self.order_by("pk").select_for_update(of=("self",))


class StockCount(models.Model):
    """Counting a location's shelves while it goes on selling."""

    class Kind(models.TextChoices):
        FULL = "full", _("Everything")
        CATEGORY = "category", _("A category")
        CYCLE = "cycle", _("Cycle count")

    class State(models.TextChoices):
        OPEN = "open", _("Counting")
        REVIEW = "review", _("To review")
        APPROVED = "approved", _("Approved")
        CANCELED = "canceled", _("Canceled")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="stock_counts", verbose_name=_("location")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    is_blind = models.BooleanField(_("blind"), default=True, help_text=_("Who counts does not see what is expected."))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("started at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = StockCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock count")
        verbose_name_plural = _("stock counts")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="category", category__isnull=False) | Q(kind__in=["full", "cycle"], category=None),
                name="stock_count_scope",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "review"], closed_at=None)
                | Q(state__in=["approved", "canceled"], closed_at__isnull=False),
                name="stock_count_state",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CountLine(models.Model):
    """A variant to count. A recount is the next round; only the scans of the line's round count.

    Filled at approval: what was counted, what the books said at the place in the ledger where it was counted, and so
    the variance; sales in between are not in it.
    """

    count = models.ForeignKey(StockCount, on_delete=models.PROTECT, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", verbose_name=_("variant"))
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    counted = models.IntegerField(_("counted"), null=True, blank=True)
    expected = models.IntegerField(_("expected"), null=True, blank=True)
    variance = models.IntegerField(_("variance"), null=True, blank=True)

    class Meta:
        verbose_name = _("count line")
        verbose_name_plural = _("count lines")
        constraints = [
            models.UniqueConstraint(fields=["count", "variant"], name="count_line_once"),
            models.CheckConstraint(condition=Q(round__gte=1), name="count_line_round"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} in {self.count_id}"


class CountScan(models.Model):
    """Units that somebody counted, stamped with the place in the ledger (the last movement before it, 0 for none).

    Never changed: a mistake is taken back by a scan with a minus. `uid` is the scanner's, so that one sent twice counts
    once.
    """

    uid = models.UUIDField(unique=True, editable=False)
    line = models.ForeignKey(CountLine, on_delete=models.PROTECT, related_name="scans")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    quantity = models.IntegerField(_("quantity"))
    position = models.BigIntegerField(_("position in the ledger"))
    counted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    counted_at = models.DateTimeField(_("counted at"))

    class Meta:
        verbose_name = _("count scan")
        verbose_name_plural = _("count scans")

    def __str__(self) -> str:
        return f"{self.quantity} at {self.position}"
