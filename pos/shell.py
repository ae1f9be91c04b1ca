"""The files that the till's page consists of, for the service worker that keeps them: it opens with no server."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from commerce.pricing import engine
from pos import receipt

_PYTHON = {"engine": engine, "receipt": receipt}
SOURCES = (*_PYTHON, "worker")
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
_SERVICE_WORKER = "js/till/service_worker.js"
_ENGINE_WORKER = "js/till/engine_worker.js"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is served with the hash of its content in its address."""

    text: str
    content_type: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def source_of(name: str) -> Source:
    """`engine` or `receipt`, as the server runs them, or `worker`, the till's thread that runs both."""
    if name in _PYTHON:
        return Source(_python(name).read_text(), "text/x-python; charset=utf-8")
    return Source(_path(_ENGINE_WORKER).read_text(), "text/javascript; charset=utf-8")


def source_addresses() -> dict[str, str]:
    """The address of each of `SOURCES` as it is now."""
    return {name: reverse(f"pos:{name}", args=[source_of(name).digest]) for name in SOURCES}


def _python(name: str) -> Path:
    return Path(str(_PYTHON[name].__file__))


def shell() -> dict[str, Any]:
    """`version` (changes with any byte of any file, and the language), `page`, and `files`: addresses to keep."""
    modules = sorted(name for name in _modules() if name not in (_SERVICE_WORKER, _ENGINE_WORKER))
    prefix = settings.STATIC_URL if settings.STATIC_URL.startswith("/") else f"/{settings.STATIC_URL}"
    named = [static(name) for name in _NAMED_BY_HASH]
    plain = [prefix + name for name in (*modules, *_PLAIN)]
    own = [reverse("pos:words"), reverse("pos:manifest"), *source_addresses().values()]
    return {
        "version": _version((*_NAMED_BY_HASH, *modules, *_PLAIN, _SERVICE_WORKER, _ENGINE_WORKER)),
        "page": reverse("pos:till"),
        "files": sorted({*named, *plain, *own}),
    }


def service_worker_source() -> str:
    """The service worker's own code."""
    return _path(_SERVICE_WORKER).read_text()


def _modules() -> Iterator[str]:
    folder = _path("js/till/main.js").parent
    for path in folder.rglob("*.js"):
        yield f"js/till/{path.relative_to(folder).as_posix()}"


def _version(names: tuple[str, ...]) -> str:
    digest = hashlib.sha256(f"{get_language()} {settings.BRIDGE_URL}".encode())
    paths = [_path(name) for name in names] + [_python(name) for name in _PYTHON]
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
