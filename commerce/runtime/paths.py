"""Where a running copy keeps what is its own."""

import os
import shutil
from pathlib import Path

from commerce.runtime.errors import CannotStart

PROJECT = Path(__file__).resolve().parents[2]


def data_directory() -> Path:
    """`COUNTERPART_DATA`, by default `.data` in the checkout; made if missing."""
    directory = Path(os.environ.get("COUNTERPART_DATA") or PROJECT / ".data").expanduser().resolve()
    made(directory)
    return directory


def made(directory: Path) -> Path:
    """The directory, made if missing; says what to do where that is not possible."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise CannotStart(
            f"The directory {directory} cannot be made: {problem.strerror}. "
            "Give one that this user may write: COUNTERPART_DATA=/some/directory."
        ) from None
    return directory


def demand_space(directory: Path, megabytes: int) -> None:
    """Refuse to go on when the disk behind `directory` has less than `megabytes` left."""
    free = shutil.disk_usage(directory).free // 1_000_000
    if free < megabytes:
        raise CannotStart(
            f"The disk that holds {directory} is full: {free} MB left, {megabytes} MB are needed. "
            "Free some space, or give a directory on another disk: COUNTERPART_DATA=/some/directory."
        )
