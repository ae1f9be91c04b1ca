"""Fills an empty database with the demo: lays the ground, then tells sixty days of trading in the order of time.

The rooms of settings.DEMO do the work (`commerce.kernel.demo` says how); here is only the order of things. Every commit
notes how far it got, so a run that was stopped, in whatever way, goes on where it was.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from operator import itemgetter
from typing import Any, Protocol

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from commerce.events import delivery
from commerce.kernel.db import one_commit, rows
from commerce.kernel.demo import Room
from commerce.sandbox import retailer
from commerce.sandbox.models import Seeding
from commerce.sandbox.retailer import illustrations as illustrations  # the rooms reach it through the package

DAYS = 60
BASKETS = 0.3  # of the retailer's own history: as much as a first start can wait for
CHUNK = 120  # happenings in one commit
_FOREIGN = ("company.Location", "catalog.Product", "orders.Order")
Happening = tuple[datetime, int, int, str, Any]


class SomebodyElses(Exception):
    """The database has a shop of its own."""


class Busy(Exception):
    """Another process is seeding this database."""


class Report(Protocol):
    """Whoever shows the progress."""

    def begin(self, title: str, count: int, done: int = 0) -> None:
        """A part of the work begins; `done` of its `count` things are there already."""

    def advance(self, done: int) -> None:
        """So many more things are done."""


def state() -> Seeding | None:
    """The demo of this database, finished or not. Raises `SomebodyElses` where there is another shop."""
    found = Seeding.objects.first()
    if found is None and any(apps.get_model(label)._default_manager.exists() for label in _FOREIGN):
        raise SomebodyElses()
    return found


def seed(*, scale_percent: int, at: datetime, report: Report) -> Seeding:
    """Make the demo, or what is missing of it. Raises `SomebodyElses`, `Busy`."""
    if not rows("SELECT pg_try_advisory_lock(hashtext('commerce.sandbox.seeding'))")[0][0]:
        raise Busy()
    rows(
        "SET synchronous_commit = off"
    )  # a power cut loses the latest commits as a whole; the next run makes them again
    try:
        run = state() or Seeding.objects.create(pk=1, began_at=at, scale_percent=scale_percent)
        if run.finished_at is None:
            _make(run, _rooms(run.scale_percent / 100 * BASKETS), at=at, report=report)
    finally:
        rows("RESET synchronous_commit")
        rows("SELECT pg_advisory_unlock(hashtext('commerce.sandbox.seeding'))")
    return run


def on_start(*, at: datetime) -> None:
    """Make good what time has spoiled in a demo since it was made."""
    with transaction.atomic():
        for room in _rooms():
            room.on_start(at=at)


def _rooms(scale: float = 1) -> list[Room]:
    return [import_string(f"{path}.Demo")(retailer, scale) for path in settings.DEMO]


def _make(run: Seeding, rooms: list[Room], *, at: datetime, report: Report) -> None:
    first_day = run.began_at.astimezone(UTC).date() - timedelta(days=DAYS)
    opening = datetime.combine(first_day - timedelta(days=1), time(12), UTC)
    for stage in [stage for room in rooms for stage in room.stages(at=opening)]:
        report.begin(stage.title, stage.count)
        stage.run(report.advance)
    with transaction.atomic():
        delivery.pass_over()
    _analyze()
    scale = run.scale_percent / 100 * BASKETS
    story = timeline(retailer.history(first_day, DAYS + 1, scale, 1, run.began_at))
    _tell(run, rooms, story, report)
    rows("RESET synchronous_commit")  # what this commit waits for brings all earlier ones to the disk
    with one_commit():
        for room in rooms:
            room.finish(at=run.began_at)
            room.on_start(at=at)
        delivery.pass_over()
        run.finished_at = at
        run.save(update_fields=["finished_at"])
    _analyze()


def _analyze() -> None:
    """Plan for the rows that are there now. Our own tables only: those that databases share would make two demos of one
    server wait for each other."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    rows(f"ANALYZE {', '.join(map(connection.ops.quote_name, sorted(names)))}")


def timeline(history: Any) -> list[Happening]:
    """The history as (time, rank, number, kind, record), in the order in which it happened."""
    return sorted(_happenings(history), key=itemgetter(0, 1, 2))


def _happenings(history: Any) -> Iterator[Happening]:
    for number, delivered in enumerate(history.deliveries):
        yield delivered.sent_at, 0, number, "delivery_sent", delivered
        if delivered.at:
            yield delivered.at, 0, number, "delivery_came", delivered
    for counted in history.counts:
        yield counted.at, 0, counted.number, "shelves_counted", counted
    for number, mishap in enumerate(history.mishaps):
        yield mishap.at, 0, number, "mishap", mishap
    for number, shift in enumerate(history.shifts):
        yield shift.opened_at, 1, number, "shift_opened", shift
        if shift.closed_at:
            yield shift.closed_at, 5, number, "shift_closed", shift
    for sale in history.sales:
        yield sale.at, 2, sale.number, "till_sale" if sale.channel == "pos" else "web_order", sale
        if sale.channel == "web" and sale.ready_at:
            yield sale.ready_at, 3, sale.number, "order_ready", sale
        if sale.channel == "web" and sale.handed_over_at:
            yield sale.handed_over_at, 4, sale.number, "order_gone", sale


def _tell(run: Seeding, rooms: list[Room], story: list[Happening], report: Report) -> None:
    tellers = {kind: tell for room in rooms for kind, tell in room.happenings().items()}
    report.begin(f"{DAYS} days of trading", len(story), run.told)
    while run.told < len(story):
        chunk = story[run.told : run.told + CHUNK]
        with one_commit():
            for at, _rank, _number, kind, record in chunk:
                tellers[kind](record, at)
            delivery.pass_over()
            run.told += len(chunk)
            run.save(update_fields=["told"])
        report.advance(len(chunk))
