"""Places of their own for tests that start database servers or whole copies of the product."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from commerce.runtime.paths import data_directory


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty directory that the database's own user can enter, which those of `tmp_path` are not under root."""
    directory = Path(tempfile.mkdtemp(dir=data_directory(), prefix="place-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)
