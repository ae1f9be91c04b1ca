"""The Chromium that browser tests drive: this machine's, else Playwright's own.

`python -m tests.chromium` installs one where there is none; `make test` does that first.
"""

import os
import shutil
import subprocess
import sys
from functools import cache

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Browsers refuse their sandbox under root, and small containers have next to no shared memory.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]


@cache
def chromium() -> str | None:
    """The path of a Chromium that works here, or None."""
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, _NAMES), _playwright_path()]
    return next((path for path in candidates if path and _works(path)), None)


def install() -> None:
    """Install Chromium from Debian's packages where that is possible, else the one that Playwright brings."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run("apt-get", "-qq", "update")
        for package in _NAMES[:2]:  # the first has no window: it draws the same pages with less work
            _run("apt-get", "-qq", "install", "--yes", "--no-install-recommends", package)
            chromium.cache_clear()
            if chromium():
                return
    with_libraries = ["--with-deps"] if os.geteuid() == 0 else []
    _run(sys.executable, "-m", "playwright", "install", *with_libraries, "chromium")
    chromium.cache_clear()


def _playwright_path() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _works(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _run(*command: str) -> None:
    subprocess.run(command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if not chromium():
        print("  Installing Chromium for the browser tests", flush=True)
        install()
    if not chromium():
        sys.exit(
            "Browser tests need Chromium, and it could not be installed from here.\n"
            "On Debian: sudo apt install chromium. Elsewhere: .venv/bin/playwright install chromium,\n"
            "or name one that is there: CHROMIUM=/path/to/chrome make test"
        )
