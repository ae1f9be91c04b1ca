from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid


class ImportRun(models.Model):
    """One file taken: by whom, how far it got, what became of its rows. A dry run leaves no trace.

    An uploaded file (`path`, in the private storage) is checked first, and imported when somebody says so; `turn` is
    the token of the worker that is at it, `beat_at` its last sign of life: see `uploads`. `file_sha256` is empty until
    the import began.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Ready to import")
        REFUSED = "refused", _("Refused")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        INTERRUPTED = "interrupted", _("Interrupted")
        FAILED = "failed", _("Failed")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    path = models.CharField(max_length=500, blank=True, editable=False)
    format = models.CharField(_("format"), max_length=40)
    layout = models.CharField(_("layout"), max_length=40, blank=True)
    options = models.JSONField(_("options"), default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("started by")
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.RUNNING)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    outcomes = models.JSONField(_("outcomes"), default=dict, help_text=_("Rows by what became of them."))
    tally = models.JSONField(_("things"), default=dict, help_text=_("Products, variants, … by what became of them."))
    columns = models.JSONField(_("columns"), default=dict)
    faults = models.JSONField(_("faults"), default=list)  # why a file was refused: {line, text}
    stop_asked = models.BooleanField(default=False, editable=False)
    turn = models.UUIDField(null=True, editable=False)
    beat_at = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        ordering = ("-started_at", "-id")
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["checking", "checked", "refused", "running", "finished", "interrupted", "failed"]
                ),
                name="import_run_state",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"


class ImportRow(models.Model):
    """A problem of a row: what was wrong with it, and what was done instead."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField(_("line"))
    code = models.CharField(_("kind"), max_length=40)
    text = models.TextField(_("problem"))
    refused = models.BooleanField(_("refused"), default=False)

    class Meta:
        ordering = ("line", "id")
        verbose_name = _("import problem")
        verbose_name_plural = _("import problems")
        indexes = [models.Index(fields=["run", "code"], name="import_row_code")]

    def __str__(self) -> str:
        return f"{self.line}: {self.text}"


class Remembered(models.Model):
    """What the last file said of a thing, where a repetition must not count as news."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="remembered_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
