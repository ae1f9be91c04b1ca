"""An empty database becomes ready for use: every table, trigger and starting row."""

import subprocess
import sys
import time
from collections.abc import Iterator

from commerce.runtime.paths import PROJECT
from tests.bench import machine
from tests.bench.figures import Figure
from tests.bench.place import Ground


def run(ground: Ground) -> Iterator[Figure]:
    """Runs on a database in which nothing was made yet."""
    ground.say("making the tables")
    began = time.monotonic()
    subprocess.run([sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"], cwd=PROJECT, check=True)
    seconds = time.monotonic() - began
    yield Figure(
        ground.name, "empty database to ready", seconds, "s", goal="< 20", reference=134, beside="django-oscar"
    )
    began = time.monotonic()
    site = ground.site(2)
    yield Figure(ground.name, "two web processes answer after", time.monotonic() - began, "s")
    yield Figure(
        ground.name, "memory per web process, idle", machine.megabytes(site.pids), "MB", goal="< 120", reference=94,
        beside="django-oscar",
    )  # fmt: skip
