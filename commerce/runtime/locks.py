"""Advisory file locks. The kernel drops them with their process, so a killed run leaves nothing stale behind."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commerce.runtime.errors import CannotStart


def open_lock(path: Path) -> int:
    """A descriptor on the lock file at `path`, made if missing, that programs started from here do not inherit."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except PermissionError:
        raise CannotStart(
            f"{path} belongs to another user, so this one cannot start here. Run as the user that made {path.parent}, "
            "or give another directory: COUNTERPART_DATA=/some/directory."
        ) from None
    except OSError as problem:
        raise CannotStart(f"{path} cannot be written: {problem.strerror}.") from None


def try_exclusive(descriptor: int) -> bool:
    """Take the lock alone if nobody else holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def take_shared(descriptor: int) -> None:
    """Take the lock together with any number of others, waiting while somebody holds it alone."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock at `path` alone, waiting for whoever has it."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
