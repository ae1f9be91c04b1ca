import sys
from pathlib import Path

import pytest

from commerce.runtime import environment


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).write_text(name)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    monkeypatch.setattr(environment, "PROJECT", tmp_path)
    monkeypatch.setattr(environment, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", python)
    return tmp_path


def stamp(kind: str) -> None:
    environment._stamp(kind).write_text(environment.fingerprint(kind))


def test_nothing_is_current_before_it_was_completed(project: Path) -> None:
    assert not environment.is_current(development=False)
    assert not environment.is_current(development=True)


def test_what_development_needs_is_enough_to_run(project: Path) -> None:
    stamp("running")
    assert environment.is_current(development=False)
    assert not environment.is_current(development=True)
    environment._stamp("running").unlink()
    stamp("development")
    assert environment.is_current(development=False)
    assert environment.is_current(development=True)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_changed_lock_file_is_installed_again(project: Path, lock: str) -> None:
    stamp("development")
    (project / lock).write_text("changed")
    assert not environment.is_current(development=True)


def test_environment_without_its_python_is_not_current(project: Path) -> None:
    stamp("running")
    environment.PYTHON.unlink()
    assert not environment.is_current(development=False)


def test_old_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match=r"Counterpart needs Python 3.11 or newer(.*\n)*.*make run PYTHON="):
        environment._demand_python()
