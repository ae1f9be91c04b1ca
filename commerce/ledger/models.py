from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid


class Account(models.Model):
    """A heading of the books. Its balance is the sum of its postings: debits positive, credits negative."""

    class Kind(models.TextChoices):
        ASSET = "asset", _("Asset")
        LIABILITY = "liability", _("Liability")
        INCOME = "income", _("Income")
        EXPENSE = "expense", _("Expense")
        EQUITY = "equity", _("Equity")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    accountant_code = models.CharField(
        _("the accountant's code"), max_length=40, blank=True, default="", db_default="", help_text=_("For exports.")
    )

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.name


class JournalEntry(models.Model):
    """One thing that happened to money, in one currency; its postings sum to zero (a deferred trigger insists, I20)."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    source_type = models.CharField(_("source"), max_length=40)
    source_uid = models.UUIDField(_("source document"), db_index=True)
    location_code = models.CharField(_("location"), max_length=20, blank=True)
    business_date = models.DateField(_("business date"), db_index=True)
    original_date = models.DateField(
        _("original date"), null=True, blank=True, help_text=_("The day it belongs to, when that was closed already.")
    )
    currency = models.CharField(_("currency"), max_length=3)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints = [
            # Goods of one document may move several times: a delivery in parts, a transfer.
            models.UniqueConstraint(
                fields=["kind", "source_type", "source_uid"],
                condition=~models.Q(kind__startswith="stock_"),
                name="journal_entry_once_per_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_type} {self.source_uid}"


class Posting(models.Model):
    """One line of a journal entry, signed: debit positive, credit negative. Never changed, never deleted."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings", db_index=False)
    amount_minor = models.BigIntegerField(_("amount"))
    sub = models.CharField(
        _("part of the account"),
        max_length=120,
        blank=True,
        db_default="",
        default="",
        help_text=_("Which drawer, tax, provider or card: what the account is made of."),
    )

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        # An account, or a part of one, is summed up from the index alone.
        indexes = [
            models.Index(fields=["account", "sub"], include=["entry", "amount_minor"], name="posting_of_account")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount_minor}"


class PeriodLock(models.Model):
    """The books are closed through a day; the latest row counts. Never changed, never deleted: opening days again is a
    row with an earlier day, and its reason."""

    through = models.DateField(_("closed through"))
    note = models.CharField(_("reason"), max_length=300, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("period lock")
        verbose_name_plural = _("period locks")

    def __str__(self) -> str:
        return str(self.through)


class ExportBatch(models.Model):
    """Entries of a period as they were handed to the accountant: those after entry `after`, up to entry `through`
    (primary keys). Entries never change, and what else the file says is kept here, so that it can be made again to the
    byte (`digest`). What comes late is the next batch of its period."""

    reference = models.CharField(_("batch"), max_length=60, unique=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    number = models.PositiveIntegerField(_("number"))
    after = models.BigIntegerField()
    through = models.BigIntegerField()
    codes = models.JSONField(default=dict, help_text=_("The accountant's codes at that time, by account."))
    entries = models.PositiveIntegerField(_("entries"))
    digest = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("journal export")
        verbose_name_plural = _("journal exports")
        constraints = [
            models.UniqueConstraint(fields=["since", "until", "number"], name="export_batch_once"),
            models.CheckConstraint(condition=models.Q(since__lte=models.F("until")), name="export_batch_period"),
        ]

    def __str__(self) -> str:
        return self.reference
