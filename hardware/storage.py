"""Files that survive a power cut, and the lock that keeps a second bridge away."""

import os
from pathlib import Path
from typing import IO

if os.name == "nt":
    import msvcrt
else:
    import fcntl


class AlreadyRunning(Exception):
    """Another bridge uses this folder."""


def private_folder(path: Path) -> Path:
    """The folder, made if need be, for its owner only."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file so that after a power cut either the old or the new content is there, never half of it."""
    waiting = path.with_name(f".{path.name}.new")
    descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(waiting, path)
    sync_folder(path.parent)


def append_durably(path: Path, line: bytes) -> None:
    """Add one line to a file and wait until it is on the disk. A line torn by a power cut stays a line of its own."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        torn = size > 0 and file.read(1) != b"\n"
        file.write((b"\n" if torn else b"") + line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make new and renamed names in a folder durable; Windows does so by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def take_lock(folder: Path) -> IO[bytes]:
    """Hold the folder until the file given back is closed or the process ends. Raises `AlreadyRunning`."""
    file = open(folder / "bridge.lock", "a+b")  # noqa: SIM115 - held for the life of the process
    try:
        if os.name == "nt":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise AlreadyRunning(f"Another bridge is already running with {folder}.") from error
    return file
