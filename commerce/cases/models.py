from django.db import models
from django.utils.translation import gettext_lazy as _

from commerce.company.models import Location, User
from commerce.kernel.ids import new_uid


class Case(models.Model):
    """Something that needs a person: what broke, whose it is, by when. One open case per kind and subject."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        RESOLVED = "resolved", _("Resolved")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("subject"), max_length=200, help_text=_("What it is about, e.g. an order's number."))
    text = models.TextField(_("what happened"))
    context = models.JSONField(_("details"), default=dict, blank=True)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("location")
    )
    owner_role = models.CharField(_("owner"), max_length=20)
    due_at = models.DateTimeField(_("due at"))
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(_("created at"))
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(status="open"), name="case_one_open_per_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"
