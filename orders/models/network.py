from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NetworkEvent(models.Model):
    """Word from the card network, signed by it, as it came; each is kept once, however often it is sent.

    It is answered at once and worked later (see `orders.network_events`): `received` waits for its turn, `done` was
    worked, `left_alone` means nothing to us, `refused` is not for us (`reason` says why), `parked` could not be worked.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Waiting")
        DONE = "done", _("Done")
        LEFT_ALONE = "left_alone", _("Means nothing to us")
        REFUSED = "refused", _("Refused")
        PARKED = "parked", _("Parked")

    event_id = models.CharField(_("id at the card network"), max_length=120, unique=True)
    type = models.CharField(_("type"), max_length=120)
    object_id = models.CharField(_("about"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State)
    reason = models.CharField(_("why"), max_length=500, blank=True)
    payload = models.JSONField(_("what it says"))
    deliveries = models.PositiveIntegerField(_("times it came"), default=1, db_default=1)
    attempts = models.PositiveIntegerField(_("tries"), default=0, db_default=0)
    received_at = models.DateTimeField(_("received at"))
    try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("event of the card network")
        verbose_name_plural = _("events of the card network")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received", try_at__isnull=False, settled_at=None)
                | Q(state__in=["done", "left_alone", "refused", "parked"], try_at=None, settled_at__isnull=False),
                name="network_event_state",
            ),
        ]
        indexes = [
            models.Index(fields=["try_at"], condition=Q(state="received"), name="network_event_to_work"),
            models.Index(fields=["object_id"], name="network_event_about"),
            models.Index(
                fields=["settled_at"], condition=Q(state__in=["done", "left_alone"]), name="network_event_over"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"


class RefusedWord(models.Model):
    """What came to the card network's address without its signature. Anybody can send that, so it is only counted: a
    row a day for each reason."""

    class Reason(models.TextChoices):
        SIGNATURE = "signature", _("Not signed by the card network")
        STALE = "stale", _("Signed too long ago")
        SIZE = "size", _("Too large")
        SHAPE = "shape", _("Not an event")

    day = models.DateField(_("day"))
    reason = models.CharField(_("why"), max_length=20, choices=Reason)
    count = models.PositiveIntegerField(_("times"), default=1)
    last_at = models.DateTimeField(_("last"))
    last_from = models.CharField(_("last from"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("refused word")
        verbose_name_plural = _("refused words")
        constraints = [models.UniqueConstraint(fields=["day", "reason"], name="refused_word_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"
