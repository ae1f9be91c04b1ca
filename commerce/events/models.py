from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.fields import BigIntegerField


class Event(models.Model):
    """The outbox: what happened, written in the transaction in which it happened.

    `tx` is the transaction's number. Ids can become visible out of order; readers who must see every event read in the
    order (tx, id) and only up to the oldest transaction still running, see `outbox.after`.
    """

    tx = models.BigIntegerField(
        db_default=RawSQL("(pg_current_xact_id()::text::bigint)", [], output_field=BigIntegerField()), editable=False
    )
    topic = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    payload = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["tx", "id"], name="event_position"),
            models.Index(fields=["topic", "tx", "id"], name="event_topic_position"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.topic} {self.key}"


class Subscription(models.Model):
    """How far a subscriber has read. Its row is the lock that keeps two workers from delivering the same event."""

    subscriber = models.CharField(max_length=200, primary_key=True)
    tx = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.subscriber} at {self.tx}-{self.event_id}"


class FailedDelivery(models.Model):
    """An event that a subscriber could not take: retried with back-off, so that it holds up none behind it."""

    subscriber = models.CharField(max_length=200)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="failed_deliveries")
    attempts = models.PositiveIntegerField(default=1)
    error = models.TextField()
    retry_at = models.DateTimeField()
    gave_up = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "event"], name="failed_delivery_once")]
        verbose_name_plural = "failed deliveries"

    def __str__(self) -> str:
        return f"{self.subscriber} {self.event_id} ({self.attempts})"
