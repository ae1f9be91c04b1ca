"""PostgreSQL refuses to run as root, so under root it gets a user of its own, and files which that user can reach.

Permissions above our own directories are never widened: where the checkout is closed to other users (a home directory
of mode 700), binaries and data go to `/var/lib/counterpart` instead.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

from commerce.runtime.errors import CannotStart

NAME = "pgserver"
SHARED = Path("/var/lib/counterpart")


def server_user() -> pwd.struct_passwd | None:
    """The account the server runs as; None when that is simply the current user."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return _made_user()


def _made_user() -> pwd.struct_passwd:
    for command in (
        ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", NAME],
        ["adduser", "-S", "-D", "-H", "-s", "/bin/false", NAME],  # busybox
    ):
        if shutil.which(command[0]):
            subprocess.run(command, check=False, capture_output=True)
            break
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        raise CannotStart(
            f"PostgreSQL does not run as root, and the user '{NAME}' to run it as could not be made. "
            f"Make it (useradd --system {NAME}), run as an ordinary user, or name a server of your own in DATABASE_URL."
        ) from None


class RunAs(TypedDict, total=False):
    """The arguments of `subprocess` that name the account to run as."""

    user: int
    group: int
    extra_groups: list[int]


def run_as(user: pwd.struct_passwd | None) -> RunAs:
    """The arguments of `subprocess` that run a program as `user`."""
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def reachable(path: Path, user: pwd.struct_passwd | None) -> bool:
    """Whether `user` may enter or run `path`: asked of the system itself, so that access lists count too."""
    if user is None:
        return os.access(path, os.X_OK)
    return subprocess.run(["/usr/bin/env", "test", "-x", str(path)], cwd="/", **run_as(user)).returncode == 0


def reachable_binaries(installed: Path, user: pwd.struct_passwd | None, version: str) -> Path:
    """The server's programs at a place `user` can run them from: where they are installed, or a copy of it.

    `installed` is `SITE/PACKAGE/DIRECTORY`; the libraries beside it in `SITE/PACKAGE.libs` are found by that layout.
    """
    if reachable(installed / "bin" / "postgres", user):
        return installed
    site, package = installed.parents[1], installed.parent.name
    copy = SHARED / f"postgresql-{version}"
    if not copy.exists():
        _make_shared()
        partial = Path(tempfile.mkdtemp(dir=SHARED, prefix="copying-"))
        for part in (installed, site / f"{package}.libs"):
            if part.exists():
                shutil.copytree(part, partial / part.relative_to(site))
        for path in (partial, *partial.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
        with suppress(OSError):  # another start finished the same copy first
            partial.rename(copy)
        shutil.rmtree(partial, ignore_errors=True)
    return copy / installed.relative_to(site)


def own_directory(directory: Path, user: pwd.struct_passwd | None) -> None:
    """Make `directory` for the server alone; a link into `/var/lib/counterpart` where `user` cannot reach it."""
    if user is None:
        directory.mkdir(mode=0o700)
        return
    if reachable(directory.parent, user):
        directory.mkdir(mode=0o700)
        os.chown(directory, user.pw_uid, user.pw_gid)
        return
    _make_shared()
    elsewhere = Path(tempfile.mkdtemp(dir=SHARED, prefix="data-"))
    os.chown(elsewhere, user.pw_uid, user.pw_gid)
    directory.symlink_to(elsewhere)


def _make_shared() -> None:
    try:
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        SHARED.chmod(0o755)
    except OSError as problem:
        raise CannotStart(
            f"PostgreSQL runs as '{NAME}', who cannot enter this directory, and {SHARED} cannot be made either "
            f"({problem.strerror}). Give a directory that others may enter: COUNTERPART_DATA=/some/directory."
        ) from None
