from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from commerce.runtime import static_files


@pytest.fixture
def sheet(tmp_path: Path) -> Iterator[Path]:
    """One static file of a project that has no other."""
    source = tmp_path / "source"
    source.mkdir()
    sheet = source / "page.css"
    sheet.write_text("a { color: red }\n")
    storages = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with override_settings(
        STATICFILES_DIRS=[source], STATIC_ROOT=tmp_path / "root", STATICFILES_FINDERS=finders, STORAGES=storages
    ):
        yield sheet


def served(sheet: Path) -> set[str]:
    return {path.read_text() for path in (sheet.parents[1] / "root").glob("page.*.css")}


def test_collects_what_changed_and_only_then(sheet: Path) -> None:
    assert static_files.collect()
    assert served(sheet) == {"a { color: red }\n"}
    assert not static_files.collect()
    sheet.write_text("a { color: teal }\n")
    assert static_files.collect()
    assert served(sheet) == {"a { color: teal }\n"}


def test_forgets_what_was_deleted(sheet: Path) -> None:
    (sheet.parent / "old.css").write_text("")
    static_files.collect()
    (sheet.parent / "old.css").unlink()
    assert static_files.collect()
    assert not list((sheet.parents[1] / "root").glob("old*"))


def test_begins_again_after_it_was_killed(sheet: Path) -> None:
    static_files.collect()
    (sheet.parents[1] / "root.stamp").unlink()  # it is written last
    assert static_files.collect()
