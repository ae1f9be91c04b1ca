from celery import shared_task

from commerce.kernel.clock import now
from commerce.sync.actions.work_on_import import work_on_import


@shared_task
def work_on_imports(**kwargs: object) -> int:
    """Check and import what people uploaded, one file after the other; the beat calls this every other second."""
    done = 0
    while work_on_import(clock=now):
        done += 1
    return done
