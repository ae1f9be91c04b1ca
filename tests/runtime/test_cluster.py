import os
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from commerce.runtime import server_user
from commerce.runtime.cluster import Cluster, _installed_binaries
from commerce.runtime.errors import CannotStart
from commerce.runtime.paths import PROJECT

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def cluster(place: Path) -> Iterator[Cluster]:
    cluster = Cluster(place / "postgres", durable=False)
    yield cluster
    cluster.leave()


def ask(address: str, statement: str) -> object:
    with psycopg.connect(address, autocommit=True) as connection:
        result = connection.execute(statement)
        return result.fetchall() if result.description else None


class User:
    """Another process that uses the cluster until it is told to go."""

    def __init__(self, cluster: Cluster, then: str = "sys.stdin.read()") -> None:
        code = (
            "import os, sys; from pathlib import Path; from commerce.runtime.cluster import Cluster\n"
            f"print(Cluster(Path({str(cluster.directory)!r}), durable=False).url('shop'), flush=True)\n{then}"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def address(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        status = Path(f"/proc/{pid}/status")
        if not status.exists() or "State:\tZ" in status.read_text():
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} still runs")


def test_makes_starts_and_answers_at_once_when_it_runs(cluster: Cluster) -> None:
    address = cluster.url("shop")
    assert ask(address, "SELECT current_database()") == [("shop",)]
    began = time.perf_counter()
    assert cluster.url("shop") == address
    assert time.perf_counter() - began < 0.05


def test_is_fit_for_a_shop(cluster: Cluster) -> None:
    address = cluster.url("shop")
    wanted = {"max_connections": "200", "jit": "off", "listen_addresses": "", "TimeZone": "UTC", "fsync": "off"}
    for name, value in wanted.items():
        assert ask(address, f"SHOW {name}") == [(value,)], name
    assert ask(address, "SELECT datcollate, datlocale FROM pg_database WHERE datname = 'shop'") == [
        ("C.UTF-8", "C.UTF-8")
    ]


def test_differs_from_the_durable_one_in_safety_alone(place: Path) -> None:
    quick, durable = Cluster(place, durable=False), Cluster(place)
    assert set(quick._settings()) - set(durable._settings()) == {"fsync=off"}
    assert set(durable._settings()) <= set(quick._settings())


def test_last_user_to_leave_stops_it(cluster: Cluster) -> None:
    first, second = User(cluster), User(cluster)
    assert first.address() == second.address()
    pid = postmaster(cluster)
    first.leave()
    assert cluster.is_running()
    second.leave()
    assert not cluster.is_running()
    wait_until_gone(pid)


def test_killed_users_count_no_more(cluster: Cluster) -> None:
    killed, last = User(cluster), User(cluster)
    killed.address()
    last.address()
    killed.kill()
    assert cluster.is_running()
    last.leave()
    assert not cluster.is_running()


def test_forked_child_is_a_user_of_its_own(cluster: Cluster) -> None:
    user = User(cluster, then="child = os.fork()\nif child == 0:\n    sys.stdin.read()\n    os._exit(0)\nos._exit(0)")
    user.address()
    user.process.wait(timeout=30)
    cluster.join()
    cluster.leave()
    assert cluster.is_running()
    user.leave()
    cluster.join()
    cluster.leave()
    assert not cluster.is_running()


def test_many_that_start_at_once_share_one_server(cluster: Cluster) -> None:
    users = [User(cluster) for _ in range(4)]
    assert len({user.address() for user in users}) == 1
    assert ask(cluster.url("shop"), "SELECT 1") == [(1,)]
    for user in users:
        user.leave()


def test_recovers_what_was_committed_before_a_kill(cluster: Cluster) -> None:
    address = cluster.url("shop")
    ask(address, "CREATE TABLE sale AS SELECT 7 AS total")
    os.kill(postmaster(cluster), signal.SIGKILL)
    wait_until_gone(postmaster(cluster))
    assert not cluster.is_running()
    assert ask(cluster.url("shop"), "SELECT total FROM sale") == [(7,)]


def test_is_not_fooled_by_a_reused_process_number(cluster: Cluster) -> None:
    cluster.url("shop")
    lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    cluster.leave()
    lines[0] = str(os.getppid())  # a process that lives and is no database server
    (cluster.data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    (cluster.data / ".s.PGSQL.5432.lock").write_text("\n".join(lines[:6]) + "\n")
    assert not cluster.is_running()
    assert ask(cluster.url("shop"), "SELECT 1") == [(1,)]


def test_begins_a_killed_creation_again(cluster: Cluster) -> None:
    (cluster.directory / "data.new" / "base").mkdir(parents=True)
    (cluster.directory / "data.new" / "PG_VERSION").write_text("18\n")
    assert ask(cluster.url("shop"), "SELECT 1") == [(1,)]
    assert not (cluster.directory / "data.new").exists()


@pytest.mark.parametrize("name", ["with a space", "päth", "x" * 90])
def test_takes_any_directory(place: Path, name: str) -> None:
    cluster = Cluster(place / name / "postgres", durable=False)
    assert ask(cluster.url("shop"), "SELECT 1") == [(1,)]
    cluster.leave()


def test_opens_no_closed_directory(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_user, "SHARED", place / "shared")
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "postgres", durable=False)
    assert ask(cluster.url("shop"), "SELECT 1") == [(1,)]
    assert (cluster.directory / "data").is_symlink() == AS_ROOT
    assert closed.stat().st_mode & 0o777 == 0o700
    cluster.leave()


def test_runs_programs_that_its_user_cannot_reach(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_user, "SHARED", place / "shared")
    closed = place / "closed"
    original = _installed_binaries()
    libraries = f"{original.parent.name}.libs"
    shutil.copytree(original, closed / original.parent.name / original.name)
    shutil.copytree(original.parents[1] / libraries, closed / libraries)
    closed.chmod(0o700)
    user = server_user.server_user()
    found = server_user.reachable_binaries(closed / original.parent.name / original.name, user, "1.0")
    assert found.is_relative_to(place / "shared" if AS_ROOT else closed)
    said = subprocess.run(
        [found / "bin" / "postgres", "--version"], capture_output=True, text=True, cwd="/", **server_user.run_as(user)
    )
    assert said.stdout.startswith("postgres (PostgreSQL) 18."), said.stderr


def test_refuses_data_of_another_release(cluster: Cluster) -> None:
    cluster.join()
    cluster.leave()
    (cluster.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotStart, match=r"PostgreSQL 17 database; this release runs PostgreSQL 18"):
        cluster.join()


def test_says_when_the_disk_is_full(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")(10**9, 10**9 - 5 * 10**6, 5 * 10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(CannotStart, match=r"is full: 5 MB left, 300 MB are needed"):
        cluster.join()


def test_passes_on_what_the_server_said(cluster: Cluster) -> None:
    cluster.join()
    cluster.leave()
    with (cluster.data / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = 1\n")
    with pytest.raises(CannotStart, match=r"PostgreSQL did not start in .*(\n.*)*no_such_setting"):
        cluster.join()
