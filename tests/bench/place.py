"""Where benches run: an own PostgreSQL that forces every commit to disk, and a fresh database for each of them.

`Place` belongs to the process that started the benches, `Ground` to the one that runs a single bench.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from commerce.runtime import locks
from commerce.runtime.cluster import Cluster
from commerce.runtime.errors import CannotStart
from commerce.runtime.paths import PROJECT, data_directory, made
from tests.environment import free_port

_TEMPLATE = "bench_template"
_PORTS = ("PORT", "CARD_NETWORK_PORT", "PRINTER_PORT", "PRINTER_PREVIEW_PORT", "BRIDGE_PORT")


class Place:
    """A database server as `make run` starts it, and its databases."""

    def __init__(self) -> None:
        self.directory = made(data_directory() / "bench")
        self._lock = locks.open_lock(self.directory / "bench.lock")
        if not locks.try_exclusive(self._lock):
            raise CannotStart(
                f"Another bench runs in {self.directory}. Wait for it, "
                "or give another directory: COUNTERPART_DATA=/some/directory."
            )
        self.cluster = Cluster(self.directory / "postgres")
        self.cluster.join()

    def postgresql(self) -> str:
        """Version of the server, and whether it forces commits to disk."""
        with self._administer() as server:
            version, fsync = (server.execute(f"SHOW {name}").fetchone()[0] for name in ("server_version", "fsync"))  # type: ignore[index]
        return f"{version}, fsync {fsync}"

    @contextmanager
    def database(self, name: str, *, migrated: bool = True) -> Iterator[dict[str, str]]:
        """The environment of a program that works on a fresh database, which is dropped afterwards."""
        database = f"bench_{name}"
        template = self._template() if migrated else "template1"
        self._create(database, template)
        try:
            yield self._variables(database)
        finally:
            with self._administer() as server:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def _template(self) -> str:
        """A migrated database to copy; migrated further when there are new migrations."""
        with self._administer() as server:
            known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_TEMPLATE]).fetchone()
        if not known:
            self._create(_TEMPLATE, "template1")
        command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
        migrated = subprocess.run(
            command, cwd=PROJECT, env=self._variables(_TEMPLATE), check=False, capture_output=True, text=True
        )
        if migrated.returncode:
            self._drop_template()
            raise CannotStart(f"The tables for benches cannot be made:\n\n{migrated.stderr[-2000:]}")
        return _TEMPLATE

    def _drop_template(self) -> None:
        with self._administer() as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_TEMPLATE)))

    def _create(self, database: str, template: str) -> None:
        with self._administer() as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(database), sql.Identifier(template))
            )

    def _administer(self) -> Any:
        return psycopg.connect(self.cluster.address("postgres"), autocommit=True)

    def _variables(self, database: str) -> dict[str, str]:
        return {
            **os.environ,
            **{name: str(free_port()) for name in _PORTS},
            "DATABASE_URL": self.cluster.address(database),
            "COUNTERPART_DATA": str(self.directory),
            "DJANGO_SETTINGS_MODULE": "commerce.settings",
        }


class Ground:
    """What one bench stands on. The settings of this process are those of the servers that it starts."""

    def __init__(self, name: str, *, quick: bool) -> None:
        self.name = name
        self.quick = quick
        self._servers: list[Any] = []

    def __enter__(self) -> "Ground":
        return self

    def __exit__(self, *args: object) -> None:
        for server in reversed(self._servers):
            server.close() if hasattr(server, "close") else server.stop()

    def size(self, full: int, quick: int) -> int:
        """How much work to do: a bound that is the same on every machine."""
        return quick if self.quick else full

    def say(self, text: str) -> None:
        """Tell whoever waits what happens now; never on standard output, which belongs to the figures."""
        print(f"  {self.name}: {text}", file=sys.stderr, flush=True)

    def site(self, processes: int = 2) -> Any:
        """Web processes as in production: `site.url`, `site.pids`."""
        from commerce.runtime import browser_files, static_files
        from tests.servers import Site

        browser_files.bring_up_to_date()
        static_files.collect()
        site = Site(f"bench-{self.name}", port=int(os.environ["PORT"]))
        self._servers.append(site)
        site.start(processes, path="/readyz")
        return site

    def card_network(self) -> Any:
        """The stand-in for the payment provider, which tells the site what happened, as under `make run`."""
        from tests.servers import Server

        journal = Path(os.environ["COUNTERPART_DATA"]) / "card_network"
        shutil.rmtree(journal, ignore_errors=True)
        variables = {
            "CARD_NETWORK_DATA": str(journal),
            "CARD_NETWORK_WEBHOOK_URL": f"http://127.0.0.1:{os.environ['PORT']}/api/v1/webhooks/card-network",
            "CARD_NETWORK_WEBHOOK_SECRET": "whsec_counterpart",
        }
        url = f"http://127.0.0.1:{os.environ['CARD_NETWORK_PORT']}"
        command = [sys.executable, "-m", "commerce.sandbox.card_network"]
        server = Server("bench-card-network", command, url, variables=variables)
        self._servers.append(server)
        server.start()
        return server

    def postmaster(self) -> int:
        """The process number of the database server."""
        return int(
            (Path(os.environ["COUNTERPART_DATA"]) / "postgres" / "data" / "postmaster.pid").read_text().split()[0]
        )

    def settle(self, pids: list[int], *, within: float = 20) -> None:
        """Wait until these processes have nothing more to do: what they still owe belongs to the work measured."""
        deadline = time.monotonic() + within
        before = _busy(pids)
        while time.monotonic() < deadline:
            time.sleep(0.3)
            after = _busy(pids)
            if after - before < 0.015:
                return
            before = after


def _busy(pids: list[int]) -> float:
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)
