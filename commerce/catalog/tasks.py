from celery import shared_task

from commerce.catalog import lexicon
from commerce.catalog.actions.rebuild_lexicon import rebuild_lexicon
from commerce.events.models import Event


def learn_words(event: Event) -> None:
    """Subscriber of `catalog.changed`: the new words of the products that changed can be meant by misspelled ones."""
    lexicon.learn(event.payload["products"])


@shared_task
def refresh_lexicon(**kwargs: object) -> int:
    """All words anew, and those gone that no product has any more; the beat calls this every hour."""
    return rebuild_lexicon()
