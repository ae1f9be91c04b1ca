import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from commerce.runtime.errors import CannotStart
from commerce.runtime.instance import Claim, demand_free_ports, end_strays
from commerce.runtime.programs import MARK
from tests.environment import free_port


def test_second_copy_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    first = Claim(tmp_path)
    first.take(8123)
    with pytest.raises(CannotStart, match=rf"already running here, as process {os.getpid()}: http://127.0.0.1:8123/"):
        Claim(tmp_path).take(8200)
    first.release()
    Claim(tmp_path).take(8200)


def test_start_waits_for_a_copy_that_is_stopping(tmp_path: Path) -> None:
    first = Claim(tmp_path)
    first.take(8123)
    first.announce_stop()
    threading.Timer(3, first.release).start()
    began = time.monotonic()
    Claim(tmp_path).take(8123)
    assert 2.5 < time.monotonic() - began < 10


def test_claim_of_a_killed_copy_is_void(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from commerce.runtime.instance import Claim\n"
        f"Claim(Path({str(tmp_path)!r})).take(8123); print('taken', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout
        assert killed.stdout.readline() == "taken\n"
        killed.kill()
    Claim(tmp_path).take(8123)


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[psutil.Popen]:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, lambda *_: None); print(1, flush=True); time.sleep(60)"
    )
    with psutil.Popen(
        [sys.executable, "-c", stubborn], env={**os.environ, MARK: str(tmp_path)}, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        yield process
        with suppress(psutil.NoSuchProcess):
            process.kill()


def test_ends_what_a_killed_run_left(tmp_path: Path, sleeper: psutil.Popen) -> None:
    assert end_strays(tmp_path / "of another copy") == 0
    assert sleeper.is_running()
    assert end_strays(tmp_path) == 1
    assert not psutil.pid_exists(sleeper.pid)


def test_busy_port_names_the_program_and_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        message = (
            rf"Port {port}, which the web server needs, is taken by process {os.getpid()}: .*(\n.*)*make run PORT="
        )
        with pytest.raises(CannotStart, match=message):
            demand_free_ports([("the bridge", free_port()), ("the web server", port)], "127.0.0.1")


def test_free_ports_stay_free() -> None:
    port = free_port()
    demand_free_ports([("the web server", port)], "127.0.0.1")
    socket.create_server(("127.0.0.1", port)).close()
