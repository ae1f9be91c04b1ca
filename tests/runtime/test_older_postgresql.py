"""A server that is older than the one that comes along, as `DATABASE_URL` may name it. The wheel has one more: 16."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commerce.runtime import cluster
from commerce.runtime.cluster import Cluster
from commerce.runtime.paths import PROJECT

INSTALLED = cluster._installed_binaries().with_name("pginstall")


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(cluster, "MAJOR", "16")
    monkeypatch.setattr(cluster, "_installed_binaries", lambda: INSTALLED)
    run, newer = Cluster._run, "--locale-provider=builtin"
    monkeypatch.setattr(Cluster, "_run", lambda self, *words: run(self, *(word for word in words if word != newer)))
    older = Cluster(tmp_path / "postgres", durable=False)
    yield older.url("older")
    older.leave()


@pytest.mark.timeout(240)
def test_it_has_the_tables_trades_for_sixty_days_and_agrees_with_itself(address: str, tmp_path: Path) -> None:
    variables = {**os.environ, "DATABASE_URL": address, "COUNTERPART_DATA": str(tmp_path / "data")}
    for command in (["migrate", "--verbosity", "0"], ["seed_demo", "--scale", "0.01"], ["audit"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=PROJECT, env=variables, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
