from celery import shared_task

from commerce.events import delivery
from commerce.kernel.clock import now


@shared_task
def deliver_events(**kwargs: object) -> int:
    """Bring new events to their subscribers and retry what failed; the beat calls this every other second."""
    delivered = sum(
        delivery.deliver(subscriber, topics, at=now()) for subscriber, topics in delivery.topics_by_subscriber().items()
    )
    return delivered + delivery.retry(at=now())
