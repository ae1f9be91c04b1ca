import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from commerce.runtime import browser_files
from commerce.runtime.errors import CannotStart
from commerce.runtime.paths import PROJECT

SVG = "{http://www.w3.org/2000/svg}"
STORE = '<!-- license -->\n<svg\n  stroke-width="2"\n>\n  <path d="M1 1" />\n</svg>\n'


def test_draws_a_symbol_for_each_name(tmp_path: Path) -> None:
    for name in ("store", "x"):
        (tmp_path / f"{name}.svg").write_text(STORE)
    names = browser_files.icon_names("# comment\nx\nstore  # the shop\n\nx\n")
    assert names == ["store", "x"]
    symbols = ElementTree.fromstring(browser_files.sprite(tmp_path, names)).findall(f"{SVG}symbol")
    assert [symbol.get("id") for symbol in symbols] == ["store", "x"]
    assert symbols[0].get("viewBox") == "0 0 24 24"
    assert (symbols[0].get("stroke"), symbols[0].get("stroke-width")) == ("currentColor", "1.5")
    assert [child.tag for child in symbols[0]] == [f"{SVG}path"]


def test_proposes_names_for_an_unknown_icon(tmp_path: Path) -> None:
    (tmp_path / "shopping-cart.svg").write_text(STORE)
    with pytest.raises(CannotStart, match=r"'shoping-cart', which Lucide does not have\. Similar: shopping-cart"):
        browser_files.sprite(tmp_path, ["shoping-cart"])


def test_does_nothing_twice() -> None:
    browser_files.bring_up_to_date()
    vendor = PROJECT / "static" / "vendor"
    assert not browser_files.bring_up_to_date()
    (vendor / "htmx.min.js").unlink()
    assert browser_files.bring_up_to_date()
    assert (vendor / "htmx.min.js").stat().st_size > 10_000
    listed = browser_files.icon_names((PROJECT / "static" / "icons.txt").read_text())
    drawn = ElementTree.parse(vendor / "icons.svg").getroot()
    assert [symbol.get("id") for symbol in drawn] == listed


def test_locks_pin_everything_and_name_no_host() -> None:
    packages = json.loads((PROJECT / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        assert "resolved" not in package
        assert not name or package["integrity"].startswith("sha512-")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (PROJECT / lock).read_text()
        assert "://" not in text
        pinned = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert len(pinned) > 50
        assert all("==" in line and line.endswith("\\") for line in pinned)
