"""Bundles are served as one file, layers kept."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage

from commerce.runtime.stylesheets import flattened


def stored(**sheets: str) -> dict[str, tuple[Storage, str]]:
    storage = InMemoryStorage()
    paths: dict[str, tuple[Storage, str]] = {}
    for name, text in sheets.items():
        path = name.replace("__", "/") + ".css"
        storage.save(path, ContentFile(text.encode()))
        paths[path] = (storage, path)
    return paths


def test_parts_stand_in_the_place_of_their_imports() -> None:
    paths = stored(css__base="a{}\n", css__components__card="b{}\n")
    text = '@layer base, components;\n@import url("base.css");\n@import url("components/card.css") layer(components);\n'
    assert flattened("css/shop.css", text, paths) == "@layer base, components;\na{}\n\n@layer components {\nb{}\n}\n"


def test_a_missing_part_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"css/shop.css imports gone.css"):
        flattened("css/shop.css", '@import url("gone.css");', {})


def test_a_part_that_would_lose_its_files_is_refused() -> None:
    paths = stored(css__components__card="b{background:url(x.png)}\n")
    with pytest.raises(ImproperlyConfigured, match="url"):
        flattened("css/shop.css", '@import url("components/card.css");', paths)
