"""One request for a page's whole style sheet.

The bundles in `static/css/` list their parts as `@import url("…") layer(…);`, which browsers load as they are while one
develops. Where static files are collected, each part is put in the place of its import, so that a first visit waits for
one file and not for forty.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'^@import url\("(?P<path>[^"]+)"\)(?: layer\((?P<layer>[\w-]+)\))?;$', re.MULTILINE)
_URL = re.compile(r"""\burl\(\s*(?!["']?data:)""")


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed static files, with the imports of style sheets resolved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[tuple[str, str | None], str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """As inherited, but worked out once: a page asks for dozens, the same until files are collected again."""
        if settings.DEBUG or name is None or force:
            return super().url(name, force)
        known = self._addresses.get((name, self.base_url))
        if known is None:
            known = self._addresses[name, self.base_url] = super().url(name)
        return known

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        bundles = InMemoryStorage()
        for name in [name for name in paths if name.startswith("css/") and name.endswith(".css")]:
            storage, path = paths[name]
            with storage.open(path) as sheet:
                text = sheet.read().decode()
            if _IMPORT.search(text):
                bundles.save(name, ContentFile(flattened(name, text, paths).encode()))
                paths[name] = (bundles, name)
        yield from super().post_process(paths, dry_run, **options)
        self._addresses.clear()


def flattened(name: str, text: str, paths: dict[str, tuple[Storage, str]]) -> str:
    """The style sheet `name` with each part in the place of its import, inside the layer that the import names.

    `paths` holds every static file by name. A part in another directory must not load files: their addresses would
    lead elsewhere from here.
    """

    def part(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), found["path"]))
        if target not in paths:
            raise ImproperlyConfigured(f"{name} imports {found['path']}, which does not exist.")
        storage, path = paths[target]
        with storage.open(path) as sheet:
            content = sheet.read().decode()
        if posixpath.dirname(target) != posixpath.dirname(name) and _URL.search(content):
            raise ImproperlyConfigured(f"{target} loads a file by url(); only sheets beside {name} may do so.")
        return f"@layer {found['layer']} {{\n{content}}}" if found["layer"] else content

    return _IMPORT.sub(part, text)
