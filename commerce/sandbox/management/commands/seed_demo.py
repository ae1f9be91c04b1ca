"""`manage.py seed_demo`: an invented retailer in an empty database."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce.kernel.clock import now
from commerce.sandbox import seeding
from commerce.sandbox.progress import progress


def _percent(text: str) -> int:
    try:
        scale = float(text)
    except ValueError:
        scale = 0
    if not 0.01 <= scale <= 100:
        raise ArgumentTypeError(f"{text} is not a number from 0.01 to 100")
    return round(100 * scale)


class Command(BaseCommand):
    help = "Fills an empty database with a retailer: its shop, stores, people, products, and 60 days of trading."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=_percent, default=100, help="so many times the trading (default: 1)")
        parser.add_argument("--on-start", action="store_true", help="leave a shop of one's own alone; for `up`")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            known = seeding.state()
            if known and known.finished_at:
                self._announce_known(known, options["scale"])
            else:
                self._seed(options["scale"])
        except seeding.SomebodyElses:
            if not options["on_start"]:
                raise CommandError(
                    "This database has a shop already, which is not the demo. Start with an empty database: name "
                    "another directory with COUNTERPART_DATA, or another database with DATABASE_URL."
                ) from None
            self.stdout.write("not needed: there is a shop already")
            return
        except seeding.Busy:
            raise CommandError("Another process is making the demo in this database. Wait until it is done.") from None
        seeding.on_start(at=now())

    def _announce_known(self, known: seeding.Seeding, percent: int) -> None:
        self.stdout.write("up to date")
        if percent not in (100, known.scale_percent):
            self.stdout.write(
                f"The demo was made at scale {known.scale_percent / 100:g}; another scale needs an empty database."
            )

    def _seed(self, percent: int) -> None:
        try:
            with progress(self.stdout) as report:
                run = seeding.seed(scale_percent=percent, at=now(), report=report)
        except KeyboardInterrupt:
            self.stdout.write("Stopped. The same command goes on from here.")
            raise
        self.stdout.write(f"a retailer with {seeding.DAYS} days of trading at scale {run.scale_percent / 100:g}")
