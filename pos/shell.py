"""The files that the till's page consists of, for the service worker that keeps them: it opens with no server."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from commerce.pricing import engine
from pos import receipt

SOURCES = {"engine": engine, "receipt": receipt}
# Files that a style sheet or the page names get a name with their hash; modules import each other by their plain names.
_NAMED_BY_HASH = (
    "css/till.css",
    "favicon.svg",
    "img/till-icon.svg",
    "img/till-icon-maskable.svg",
    "vendor/icons.svg",
    "vendor/inter-latin.woff2",
    "vendor/inter-latin-ext.woff2",
    "vendor/htmx.min.js",
    "js/ui/theme.js",
    "js/ui/dialog.js",
    "js/ui/toast.js",
    "js/ui/quantity.js",
    "js/ui/keypad.js",
    "js/ui/till_frame.js",
    "js/till/main.js",
)
_PLAIN = ("js/ui/latest.js", "js/ui/live.js", "vendor/micropython.mjs", "vendor/micropython.wasm")
WORKER = "js/till/service_worker.js"


def source_of(name: str) -> str:
    """The text of a Python file that the till runs, as the server runs it."""
    return Path(str(SOURCES[name].__file__)).read_text()


def shell() -> dict[str, Any]:
    """`version` (changes with any byte of any file, and the language), `page`, and `files`: addresses to keep."""
    modules = sorted(name for name in _modules() if name != WORKER)
    prefix = settings.STATIC_URL if settings.STATIC_URL.startswith("/") else f"/{settings.STATIC_URL}"
    named = [static(name) for name in _NAMED_BY_HASH]
    plain = [prefix + name for name in (*modules, *_PLAIN)]
    own = [reverse(f"pos:{name}") for name in ("words", "manifest", *SOURCES)]
    return {
        "version": _version((*_NAMED_BY_HASH, *modules, *_PLAIN, WORKER)),
        "page": reverse("pos:till"),
        "files": sorted({*named, *plain, *own}),
    }


def worker_source() -> str:
    """The service worker's own code."""
    return _path(WORKER).read_text()


def _modules() -> Iterator[str]:
    folder = _path("js/till/main.js").parent
    for path in folder.rglob("*.js"):
        yield f"js/till/{path.relative_to(folder).as_posix()}"


def _version(names: tuple[str, ...]) -> str:
    digest = hashlib.sha256(f"{get_language()} {settings.BRIDGE_URL}".encode())
    paths = [_path(name) for name in names] + [Path(str(module.__file__)) for module in SOURCES.values()]
    folders = ("templates/pos", "templates/layouts", "templates/components", "static/css")
    for folder in folders:  # the page and the style sheets that the bundle is made of
        paths += [path for path in sorted((settings.BASE_DIR / folder).rglob("*")) if path.is_file()]
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _path(name: str) -> Path:
    found = finders.find(name)
    if found is None:
        raise FileNotFoundError(f"{name} is missing among the static files: run `make run` once to set up.")
    return Path(str(found))
