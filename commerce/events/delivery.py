"""Bringing events to their subscribers: at least once, in order, none held up by another's failure.

A subscriber is a dotted path to a function `(event: Event) -> None` in settings.EVENT_SUBSCRIBERS. It must
be idempotent.
"""

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from commerce.events.models import Event, FailedDelivery, Subscription
from commerce.events.outbox import Cursor, after
from commerce.kernel.db import in_transaction, rows

log = logging.getLogger(__name__)
BATCH = 100
MAX_ATTEMPTS = 8


def topics_by_subscriber() -> dict[str, list[str]]:
    """settings.EVENT_SUBSCRIBERS the other way round."""
    topics: dict[str, list[str]] = defaultdict(list)
    for topic, subscribers in settings.EVENT_SUBSCRIBERS.items():
        for subscriber in subscribers:
            topics[subscriber].append(topic)
    return dict(topics)


def deliver(subscriber: str, topics: list[str], *, at: datetime) -> int:
    """Deliver one batch; how many events were taken off the outbox for this subscriber.

    The subscription's row is locked for the batch. A second worker does not wait for it: it has nothing to do.
    """
    Subscription.objects.get_or_create(subscriber=subscriber)
    with transaction.atomic(durable=True):
        place = Subscription.objects.select_for_update(skip_locked=True).filter(subscriber=subscriber).first()
        if place is None:
            return 0
        events = after(Cursor(place.tx, place.event_id), limit=BATCH, topics=topics)
        for event in events:
            _hand_over(subscriber, event, at=at)
            place.tx, place.event_id = event.tx, event.pk
        if events:
            place.save(update_fields=["tx", "event_id"])
        return len(events)


def _hand_over(subscriber: str, event: Event, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            import_string(subscriber)(event)
    except Exception as error:  # a subscriber may fail in any way; its event is kept for a retry and never lost
        log.exception("%s could not take event %s", subscriber, event)
        FailedDelivery.objects.get_or_create(
            subscriber=subscriber, event=event, defaults={"error": repr(error), "retry_at": at + timedelta(seconds=10)}
        )


def retry(*, at: datetime) -> int:
    """Try the failed deliveries that are due again; how many succeeded."""
    succeeded = 0
    with transaction.atomic(durable=True):
        due = FailedDelivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("event")
        for failed in due.filter(gave_up=False, retry_at__lte=at).order_by("retry_at")[:BATCH]:
            try:
                with transaction.atomic():
                    import_string(failed.subscriber)(failed.event)
            except Exception as error:  # noqa: BLE001 - as above
                failed.attempts += 1
                failed.error = repr(error)
                failed.retry_at = at + timedelta(seconds=10 * 2**failed.attempts)
                failed.gave_up = failed.attempts >= MAX_ATTEMPTS
                failed.save(update_fields=["attempts", "error", "retry_at", "gave_up"])
            else:
                failed.delete()
                succeeded += 1
    return succeeded


@in_transaction
def pass_over() -> None:
    """Let no subscriber hear of what this transaction has recorded, nor of anything before it: history that is entered
    later must not send mails today. Open pages and readers of the outbox see it like everything else."""
    rows(
        "INSERT INTO events_subscription AS s (subscriber, tx, event_id)"
        " SELECT subscriber, pg_current_xact_id()::text::bigint, coalesce((SELECT max(id) FROM events_event), 0)"
        " FROM unnest(%s::text[]) AS w(subscriber) ORDER BY 1"
        " ON CONFLICT (subscriber) DO UPDATE SET tx = EXCLUDED.tx, event_id = EXCLUDED.event_id"
        " WHERE (s.tx, s.event_id) < (EXCLUDED.tx, EXCLUDED.event_id)",
        [sorted(topics_by_subscriber())],
    )


@in_transaction
def ask_again(pks: list[int], *, at: datetime) -> int:
    """Make failed deliveries due now, those that were given up on included; how many. The next `retry` takes them."""
    return FailedDelivery.objects.filter(pk__in=pks).update(retry_at=at, gave_up=False, attempts=0)
