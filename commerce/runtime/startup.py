"""What `manage.py up` does, step by step."""

import asyncio
import os
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from django.urls import reverse
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from commerce.runtime import browser_files, preparation, static_files
from commerce.runtime.child import die_with_parent
from commerce.runtime.database import embedded_cluster
from commerce.runtime.errors import CannotStart
from commerce.runtime.instance import Claim, demand_free_ports, end_strays
from commerce.runtime.paths import data_directory, demand_space, made
from commerce.runtime.ports import environment as port_variables
from commerce.runtime.programs import environment, programs
from commerce.runtime.steps import Steps
from commerce.runtime.supervisor import Supervisor

_ANSWER_SECONDS = 90


def bring_up(*, demo: bool) -> None:
    """Check, prepare, start and stay until told to stop. `demo`: fill an empty database with the demo retailer."""
    _follow_make()
    steps = Steps(Console())
    steps.console.print("\n[bold]Counterpart[/] is starting.\n")
    data = data_directory()
    host, port = os.environ.get("BIND", "127.0.0.1"), int(port_variables()["PORT"])
    claim = Claim(data)
    claim.take(port)
    with steps.step("Checks") as step:
        left = end_strays(data)
        demand_space(data, megabytes=200)
        demand_free_ports(_needed_ports(), host)
        step.note = f"ended {left} processes of a killed run" if left else "ports, disk and data directory"
    _prepare(steps, demo=demo)
    steps.check()
    supervisor = Supervisor(
        programs(made(data / "run"), card_network=_card_network() if _uses_stand_in() else None),
        variables=environment(data),
        listen=(host, port),
        logs=made(data / "logs"),
        state=_private(data / "run"),
        report=lambda text: steps.console.print(f"  [yellow]![/] {escape(text)}", highlight=False, soft_wrap=True),
    )
    supervisor.on_stop(claim.announce_stop)
    supervisor.on_stop(lambda: steps.console.print("\nStopping …"))
    if not os.environ.get("DATABASE_URL"):
        supervisor.every(2, _DatabaseKeeper(supervisor).look)
    supervisor.loop.add_callback(_announce_when_up, supervisor, steps, f"http://127.0.0.1:{port}")
    supervisor.run()
    end_strays(data)  # waits for whatever had to be killed, so that the database has one user left: this process
    claim.release()
    steps.console.print("Stopped. Your data is kept in " + str(data), highlight=False)


def _follow_make() -> None:
    """Under `make run` a killed make ends this process too, so that the next one finds the place free."""
    if os.environ.pop("EXIT_WITH_PARENT", ""):
        die_with_parent()


def _private(directory: Path) -> Path:
    """The directory for control sockets, closed to others; another one where its path is too long for a socket."""
    if len(os.fsencode(directory / "control")) > 100:
        return Path(tempfile.mkdtemp(prefix="counterpart-"))
    directory.chmod(0o700)
    return directory


def _prepare(steps: Steps, *, demo: bool) -> None:
    with steps.step("Database") as step:
        preparation.reach_database(step)
        if not os.environ.get("DATABASE_URL") and not embedded_cluster().data.is_relative_to(data_directory()):
            step.note += f", data in {embedded_cluster().data}"
    with steps.step("Tables") as step:
        preparation.migrate(step)
    with steps.step("Browser files") as step:
        step.note = "installed" if browser_files.bring_up_to_date() else "up to date"
    with steps.step("Static files") as step:
        step.note = "collected" if static_files.collect() else "up to date"
    with steps.step("Demo data") as step:
        if demo:
            preparation.seed(step)
        else:
            step.note = "not wanted"
    connections.close_all()


def _needed_ports() -> list[tuple[str, int]]:
    names = {
        "PORT": "the web server",
        "CARD_NETWORK_PORT": "the payment stand-in",
        "PRINTER_PORT": "the simulated receipt printer",
        "PRINTER_PREVIEW_PORT": "the printer's preview page",
        "BRIDGE_PORT": "the hardware bridge",
    }
    if not _uses_stand_in():
        del names["CARD_NETWORK_PORT"]
    return [(name, int(port_variables()[variable])) for variable, name in names.items()]


def _uses_stand_in() -> bool:
    return urlsplit(settings.STRIPE_API_BASE).hostname in ("127.0.0.1", "localhost")


def _card_network() -> dict[str, str]:
    """The stand-in reports what happened to the same address and with the same secret as the real provider would, and
    has the readers of the demo's registers, at which somebody soon presents a card, and knows the demo's payments."""
    return {
        "CARD_NETWORK_WEBHOOK_URL": f"http://127.0.0.1:{port_variables()['PORT']}{reverse('card-network-webhook')}",
        "CARD_NETWORK_WEBHOOK_SECRET": settings.STRIPE_WEBHOOK_SECRET.partition(",")[0],
        "CARD_NETWORK_SECRET_KEY": settings.STRIPE_SECRET_KEY,
        "CARD_NETWORK_PUBLISHABLE_KEY": settings.STRIPE_PUBLISHABLE_KEY,
        "CARD_NETWORK_READERS": ";".join(f"{reader.id}={reader.label}" for reader in preparation.demo_readers()),
        "CARD_NETWORK_HISTORY": str(preparation.demo_history(made(data_directory() / "run") / "card_history.jsonl")),
        "CARD_NETWORK_READER_AUTO_PRESENT": "4",
    }


async def _announce_when_up(supervisor: Supervisor, steps: Steps, address: str) -> None:
    loop = asyncio.get_running_loop()
    for _ in range(_ANSWER_SECONDS * 10):
        if supervisor.stopping:
            return
        if await loop.run_in_executor(None, _answers, f"{address}/healthz"):
            await loop.run_in_executor(None, _announce, steps, address)
            return
        await asyncio.sleep(0.1)
    supervisor.report(f"The web server does not answer. Its log: {supervisor.logs / 'web.log'}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _announce(steps: Steps, address: str) -> None:
    places = Table(box=None, show_header=False, padding=(0, 2))
    for name, path in (("Shop", "/"), ("Till", "/till/"), ("Back office", "/admin/"), ("API", "/api/v1/schema/")):
        places.add_row(name, f"[link={address}{path}]{address}{path}[/]")
    preview = port_variables()["PRINTER_PREVIEW_PORT"]
    places.add_row("Receipts", f"http://127.0.0.1:{preview}/")
    steps.console.print(f"\n[bold green]Counterpart is up[/] after {steps.seconds():.1f} s.\n", highlight=False)
    steps.console.print(places)
    logins = preparation.demo_logins()
    connections.close_all()
    if logins:
        people = Table(title="Demo log-ins", title_justify="left", box=None, header_style="dim", padding=(0, 2))
        for heading in ("Name", "Role"):
            people.add_column(heading)
        for heading in ("Where", "User", "Password or PIN"):  # to be copied: never cut, never broken
            width = max(len(row[len(people.columns)]) for row in logins)
            people.add_column(heading, no_wrap=True, min_width=width)
        for row in logins:
            people.add_row(*row)
        steps.console.print()
        steps.console.print(people, highlight=False)
    steps.console.print("\nCtrl-C stops everything.\n")


class _DatabaseKeeper:
    """Starts the embedded server again when it died: it is nobody's child, so circus does not see it."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._cluster = embedded_cluster()

    async def look(self) -> None:
        """Look whether the server is there."""
        if self._supervisor.stopping or self._cluster.is_running():
            return
        self._supervisor.report("The database server ended; starting it again.")
        try:
            await asyncio.get_running_loop().run_in_executor(None, self._cluster.join)
        except CannotStart as problem:
            self._supervisor.report(str(problem))
