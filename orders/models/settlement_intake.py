from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid


class SettlementPull(models.Model):
    """How far we have read what the card network reports. One row per provider; each page moves it with its contents.

    `newest_id` is the latest transaction that was read: what came after it is read next. While `backfill_id` is set,
    the time before we first asked is being read, from new to old. `turn` belongs to whoever reads at present and
    `beat_at` says when they last did; one that was killed is taken over.
    """

    class State(models.TextChoices):
        IDLE = "idle", _("Up to date")
        RUNNING = "running", _("Reading")
        FAILED = "failed", _("Interrupted")

    provider = models.CharField(_("provider"), max_length=20, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.IDLE)
    newest_id = models.CharField(max_length=120, blank=True)
    backfill_id = models.CharField(max_length=120, blank=True)
    payouts_after = models.CharField(max_length=120, blank=True)
    turn = models.UUIDField(null=True, blank=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    transactions = models.PositiveIntegerField(_("transactions"), default=0)
    payouts = models.PositiveIntegerField(_("payouts"), default=0)
    failure_text = models.CharField(_("what went wrong"), max_length=500, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("up to date as of"), null=True, blank=True)

    class Meta:
        verbose_name = _("reading of the card network")
        verbose_name_plural = _("readings of the card network")

    def __str__(self) -> str:
        return f"{self.provider} {self.state}"


class PayoutFile(models.Model):
    """A file of the provider that somebody brought, and what became of it. A refused one has written nothing else.

    `problems` are [line, code, text] in the order of the file, the first few hundred of them.
    """

    class State(models.TextChoices):
        TAKEN = "taken", _("Taken")
        REFUSED = "refused", _("Refused")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    provider = models.CharField(_("provider"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=State)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    added = models.PositiveIntegerField(_("new"), default=0)
    known = models.PositiveIntegerField(_("known already"), default=0)
    unmatched = models.PositiveIntegerField(_("without a match"), default=0)
    problem_count = models.PositiveIntegerField(_("problems"), default=0)
    problems = models.JSONField(default=list, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("brought at"))

    class Meta:
        verbose_name = _("payout file")
        verbose_name_plural = _("payout files")

    def __str__(self) -> str:
        return self.name
