"""`manage.py up` as a person meets it: started, hurt in every way, stopped, started again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from commerce.runtime.paths import PROJECT
from commerce.runtime.programs import MARK

UP_SECONDS = 60


class Copy:
    """One copy of the product in a directory of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = _free_row_of_ports()
        self._process: subprocess.Popen[bytes] | None = None
        own = {name for name in os.environ if name.endswith("_PORT")} | {"DATABASE_URL", "PORT"}
        kept = {name: value for name, value in os.environ.items() if name not in own}
        self.variables = {**kept, "COUNTERPART_DATA": str(data), "PORT": str(self.port), "COLUMNS": "200"}

    def start(self, **variables: str) -> None:
        """Start and wait until it says that it is up."""
        self._process = self._popen(**variables)
        wait_for(lambda: "Counterpart is up" in self.output() or self.ended(), UP_SECONDS)
        assert not self.ended(), self.output()

    def refused(self) -> str:
        """Start where that must fail; what it said."""
        process = self._popen()
        assert process.wait(timeout=UP_SECONDS) == 1
        return self.output()

    def interrupt(self) -> int:
        """Ctrl-C; the exit status."""
        assert self._process
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=15)

    def kill(self) -> None:
        """kill -9 of the supervisor, where one runs."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def ended(self) -> bool:
        """Whether the supervisor has ended."""
        return self._process is not None and self._process.poll() is not None

    def output(self) -> str:
        """What it printed since the last start."""
        return (self.data / "output").read_text()

    def answers(self) -> bool:
        """Whether the site is there, database included."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def processes(self, named: str = "") -> list[psutil.Process]:
        """Every process of this copy whose command line holds `named`, the supervisor excepted."""
        return [process for process in psutil.process_iter() if self._owns(process) and named in _command(process)]

    def database_server(self) -> int:
        """The process number of the database server."""
        return int((self.data / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])

    def has_database_server(self) -> bool:
        """Whether one says that it runs."""
        return (self.data / "postgres" / "data" / "postmaster.pid").exists()

    def _owns(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get(MARK) == str(self.data) and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def _popen(self, **variables: str) -> subprocess.Popen[bytes]:
        with (self.data / "output").open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "manage.py", "up", "--no-demo"],
                cwd=PROJECT,
                env={**self.variables, **variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def _free_row_of_ports() -> int:
    for port in range(20000 + os.getpid() % 2000 * 5, 32000, 5):
        sockets = [socket.socket() for _ in range(5)]
        try:
            for offset, each in enumerate(sockets):
                each.bind(("127.0.0.1", port + offset))
            return port
        except OSError:
            continue
        finally:
            for each in sockets:
                each.close()
    raise AssertionError("no five free ports in a row")


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"it did not happen within {seconds:.0f} seconds")
        time.sleep(0.1)


@pytest.fixture
def copy(place: Path) -> Iterator[Copy]:
    copy = Copy(place)
    yield copy
    copy.kill()
    for process in copy.processes():
        process.kill()
    if copy.has_database_server():
        os.kill(copy.database_server(), signal.SIGQUIT)
        wait_for(lambda: not copy.has_database_server())


@pytest.mark.timeout(240)
def test_stays_up_whatever_is_killed_and_leaves_nothing_behind(copy: Copy) -> None:
    copy.start()
    assert copy.answers()
    output = copy.output()
    for path in ("/", "/till/", "/admin/", "/api/v1/schema/"):
        assert f"http://127.0.0.1:{copy.port}{path}" in output
    names = ("commerce.runtime.web", "celery --app commerce worker", "celery --app commerce beat", "-m hardware")
    stand_ins = ("commerce.sandbox.receipt_printer", "commerce.sandbox.card_network")
    for name in (*names, *stand_ins):
        assert copy.processes(name), f"{name} does not run:\n{copy.output()}"

    web = copy.processes("commerce.runtime.web")
    assert len(web) == 2
    web[0].kill()
    assert all(copy.answers() for _ in range(20))  # the socket is held by the supervisor: no call is lost
    wait_for(lambda: len(copy.processes("commerce.runtime.web")) == 2)

    worker = {process.pid for process in copy.processes("celery --app commerce worker")}
    for process in copy.processes("celery --app commerce worker"):
        process.kill()
    wait_for(lambda: {process.pid for process in copy.processes("celery --app commerce worker")} - worker)

    server = copy.database_server()
    os.kill(server, signal.SIGKILL)
    wait_for(lambda: copy.has_database_server() and copy.database_server() != server and copy.answers())

    second = Copy(copy.data)
    process = second._popen()
    assert process.wait(timeout=UP_SECONDS) == 1
    assert f"already running here, as process {copy._process.pid}" in second.output()  # type: ignore[union-attr]

    server = copy.database_server()
    began = time.monotonic()
    assert copy.interrupt() == 0
    assert time.monotonic() - began < 12
    assert copy.processes() == []
    wait_for(lambda: not psutil.pid_exists(server) or psutil.Process(server).status() == psutil.STATUS_ZOMBIE)


@pytest.mark.timeout(240)
def test_starts_again_after_a_kill(copy: Copy) -> None:
    copy.start()
    copy.kill()
    began = time.monotonic()
    copy.start()
    assert time.monotonic() - began < 20
    assert copy.answers()
    assert len(copy.processes("commerce.runtime.web")) == 2

    children = copy.processes()
    copy.kill()
    wait_for(lambda: not copy.processes())  # the kernel told them; no next start is needed for that
    assert children


@pytest.mark.timeout(120)
def test_ends_with_a_killed_make(copy: Copy) -> None:
    script = f"{sys.executable} manage.py up --no-demo > {copy.data}/output 2>&1; true"
    variables = {**copy.variables, "EXIT_WITH_PARENT": "1"}
    with subprocess.Popen(["/bin/sh", "-c", script], cwd=PROJECT, env=variables, start_new_session=True) as make:
        wait_for(lambda: (copy.data / "output").exists() and "Counterpart is up" in copy.output(), UP_SECONDS)
        supervisor = json.loads((copy.data / "running.json").read_text())["pid"]
        make.kill()
    wait_for(lambda: not copy.processes())
    wait_for(lambda: not psutil.pid_exists(supervisor) or psutil.Process(supervisor).status() == psutil.STATUS_ZOMBIE)


def test_says_who_has_the_port(copy: Copy) -> None:
    with socket.create_server(("127.0.0.1", copy.port)):
        said = copy.refused()
    assert f"Port {copy.port}, which the web server needs, is taken by process {os.getpid()}" in said
    assert "make run PORT=8100" in said
    assert "Traceback" not in said


def test_says_when_the_directory_cannot_be_made(copy: Copy) -> None:
    (copy.data / "file").write_text("")
    copy.variables["COUNTERPART_DATA"] = str(copy.data / "file" / "inside")
    said = copy.refused()
    assert "cannot be made: Not a directory" in said
    assert "Traceback" not in said
