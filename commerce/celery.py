"""The task queue. Outbox rows are the truth; the broker only wakes workers, so losing it loses nothing."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from kombu.transport import TRANSPORT_ALIASES
from psycopg.conninfo import conninfo_to_dict, make_conninfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commerce.settings")

app = Celery("counterpart")


def _words(dsn: str) -> dict[str, str]:
    return {name: str(value) for name, value in conninfo_to_dict(dsn).items()}


# What the beat asks for, and how long an unheard tick is worth anything, in seconds.
_BEATS: dict[str, dict[str, Any]] = {
    "deliver-events": {
        "task": "commerce.events.tasks.deliver_events",
        "schedule": 2.0,
        "options": {"expires": 2.0},
    },
    "settle-payments": {
        "task": "orders.tasks.settle_open_payments",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    "settle-refunds": {
        "task": "orders.tasks.settle_open_refunds",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    "find-failed-refunds": {
        "task": "orders.tasks.find_failed_refunds",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "work-network-events": {
        "task": "orders.tasks.work_network_events",
        "schedule": 2.0,
        "options": {"expires": 2.0},
    },
    "send-captures": {
        "task": "orders.tasks.send_captures",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "settle-card-attempts": {
        "task": "pos.tasks.settle_card_attempts",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "pull-settlements": {
        "task": "orders.tasks.pull_settlements",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    "check-batches": {"task": "pos.tasks.check_card_batches", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "settle-disputes": {
        "task": "orders.tasks.settle_disputes",
        "schedule": 120.0,
        "options": {"expires": 120.0},
    },
    "forget-removed-cards": {
        "task": "orders.tasks.forget_removed_cards",
        "schedule": 600.0,
        "options": {"expires": 600.0},
    },
    "work-on-imports": {
        "task": "commerce.sync.tasks.work_on_imports",
        "schedule": 2.0,
        "options": {"expires": 2.0},
    },
    "expire-holds": {"task": "inventory.tasks.expire_holds", "schedule": 60.0, "options": {"expires": 60.0}},
    "send-gift-cards": {
        "task": "storefront.tasks.send_gift_cards",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "tidy-wallets": {
        "task": "customers.tasks.tidy_wallets",
        "schedule": 600.0,
        "options": {"expires": 600.0},
    },
    "check-stock": {
        "task": "inventory.tasks.check_stock",
        "schedule": 600.0,
        "options": {"expires": 600.0},
    },
    "check-all-stock": {
        "task": "inventory.tasks.check_all_stock",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 3600.0},
    },
    "settle-listings": {
        "task": "commerce.pricing.tasks.settle_listings",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "forget-network-events": {
        "task": "orders.tasks.forget_network_events",
        "schedule": crontab(hour=4, minute=10),
        "options": {"expires": 3600.0},
    },
    "refresh-lexicon": {
        "task": "commerce.catalog.tasks.refresh_lexicon",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
}


def _configure() -> None:
    from django.conf import settings

    app.conf.broker_url = settings.CELERY_BROKER_URL
    if settings.CELERY_BROKER_URL.startswith("pgmq"):
        TRANSPORT_ALIASES["pgmq"] = "commerce.events.queue:Transport"
        # The install SQL runs in a migration of `events`, so that the queue needs no extension of the server.
        app.conf.broker_transport_options = {
            "conn_string": make_conninfo("", **_words(settings.DATABASE_DSN)),  # pgmq misreads sockets in URLs
            "init_extension": False,
            "visibility_timeout": 3600,
            "wait_time_seconds": 2,
            "poll_interval_ms": 50,
            "polling_interval": 0.05,
        }
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        task_ignore_result=True,
        timezone="UTC",
        beat_schedule=_BEATS,
    )


_configure()
app.autodiscover_tasks()
