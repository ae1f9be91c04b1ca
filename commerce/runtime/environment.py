"""Makes `.venv` and installs a lock file into it: the first step of `make run` and `make test`.

Runs on the machine's own Python before anything is installed, so it uses the standard library alone.
`python environment.py` installs what running needs, `python environment.py --dev` what development needs too.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ENVIRONMENT = PROJECT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"


def main() -> None:
    """Bring `.venv` up to date with the lock file that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="install what development and tests need, too")
    development = parser.parse_args().dev
    _demand_python()
    with (PROJECT / "requirements.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` may begin together
        if not is_current(development=development):
            _bring_up_to_date(development=development)


def is_current(*, development: bool) -> bool:
    """Whether `.venv` was completed from the lock files as they are now."""
    kinds = ["development"] if development else ["development", "running"]
    return PYTHON.exists() and any(
        _stamp(kind).exists() and _stamp(kind).read_text() == fingerprint(kind) for kind in kinds
    )


def fingerprint(kind: str) -> str:
    """What the environment was made from: the Python it runs and the lock files it holds."""
    digest = hashlib.sha256(os.path.realpath(PYTHON).encode())
    for path in (PROJECT / "requirements.lock", PROJECT / "requirements-dev.lock")[: 2 if kind == "development" else 1]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _bring_up_to_date(*, development: bool) -> None:
    if not _works([str(PYTHON), "-m", "pip", "--version"]):
        _say("Making .venv")
        _make_environment()
    kind, lock = ("development", "requirements-dev.lock") if development else ("running", "requirements.lock")
    _say(f"Installing {lock} (the first time takes a minute or two)")
    began = time.monotonic()
    install = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps", "-qq", "--requirement", lock]
    finished = subprocess.run([*install, "--disable-pip-version-check"], cwd=PROJECT, check=False)
    if finished.returncode:
        sys.exit(
            f"\nThe packages of {lock} could not be installed; pip says why above.\n"
            "Is the package index reachable and the disk not full? Running the same command again goes on from here."
        )
    _stamp(kind).write_text(fingerprint(kind))
    _say(f"Installed in {time.monotonic() - began:.0f} s")


def _demand_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - the message is for people on an older Python
        sys.exit(
            f"Counterpart needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.\n"
            "Install a newer one, or name it: make run PYTHON=/path/to/python3.11"
        )


def _make_environment() -> None:
    if ENVIRONMENT.exists():
        shutil.rmtree(ENVIRONMENT)
    command = [sys.executable, "-m", "venv", str(ENVIRONMENT)]
    if _works(command):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _say(f"This Python has no venv module; installing the Debian package {package}")
        _apt_get("update")
        _apt_get("install", "--yes", "--no-install-recommends", package)
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        sys.exit(
            f"{sys.executable} could not make a virtual environment:\n\n{finished.stdout}{finished.stderr}\n"
            f"On Debian or Ubuntu: sudo apt install {package}\nElsewhere install Python with venv and ensurepip."
        )


def _apt_get(*arguments: str) -> None:
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "--quiet", "--quiet", *arguments], env=variables, stdout=subprocess.DEVNULL, check=False)


def _works(command: "list[str]") -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _stamp(kind: str) -> Path:
    return ENVIRONMENT / f".installed-for-{kind}"


def _say(text: str) -> None:
    print(f"  {text}", flush=True)


if __name__ == "__main__":
    main()
