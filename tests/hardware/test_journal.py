"""The second copy of the sales: on the disk before the answer, there after a kill, each sale once."""

import json
import stat
import uuid

import pytest

from hardware.journal import Journal, JournalConflict
from tests.hardware.conftest import RunningBridge

SALES = [str(uuid.UUID(int=number)) for number in range(1, 21)]


def test_twenty_sales_survive_a_kill_and_a_cleared_browser(start_bridge) -> None:
    """F30: the browser's storage is gone; the bridge has every sale it confirmed."""
    bridge: RunningBridge = start_bridge()
    page = bridge.page()
    for number, uid in enumerate(SALES):
        answer = page.ask("journal.append", sale_uid=uid, envelope={"total": number, "note": "€ \x1b 今"})
        assert answer["stored"] is True
    assert page.ask("journal.append", sale_uid=SALES[0], envelope={"note": "€ \x1b 今", "total": 0})["stored"] is False
    bridge.kill()
    bridge.start()
    page = bridge.page()
    entries = page.ask("journal.list")["entries"]
    assert [entry["sale_uid"] for entry in entries] == SALES
    assert entries[7]["envelope"] == {"total": 7, "note": "€ \x1b 今"}
    assert page.ask("status")["status"]["journal"] == {"count": 20, "oldest": entries[0]["at"]}

    assert page.ask("journal.ack", sale_uids=[*SALES[:18], "nonsense", "../x"])["count"] == 18
    assert page.ask("journal.ack", sale_uids=SALES[:18])["count"] == 0
    assert [entry["sale_uid"] for entry in page.ask("journal.list")["entries"]] == SALES[18:]
    assert len(page.ask("journal.list", acked=True)["entries"]) == 20
    again = page.ask("journal.append", sale_uid=SALES[0], envelope={"total": 0, "note": "€ \x1b 今"})
    assert again["stored"] is False  # acknowledged is not new
    assert page.ask("status")["status"]["journal"]["count"] == 2


def test_the_first_content_of_a_sale_stays(tmp_path) -> None:
    journal = Journal(tmp_path)
    journal.append(SALES[0], {"total": 1})
    with pytest.raises(JournalConflict):
        journal.append(SALES[0], {"total": 2})
    assert journal.entries()[0]["envelope"] == {"total": 1}


def test_a_sale_is_on_the_disk_before_it_is_confirmed(tmp_path, monkeypatch) -> None:
    import hardware.storage as storage

    order: list[str] = []
    sync, replace = storage.os.fsync, storage.os.replace
    monkeypatch.setattr(storage.os, "fsync", lambda descriptor: (order.append("fsync"), sync(descriptor)))
    monkeypatch.setattr(storage.os, "replace", lambda *names: (order.append("rename"), replace(*names)))
    Journal(tmp_path).append(SALES[0], {"total": 1})
    assert order == ["fsync", "rename", "fsync"]  # the content, its name, the folder that holds the name


def test_files_can_be_read_by_people_and_by_nobody_else(tmp_path) -> None:
    Journal(tmp_path / "journal").append(SALES[0], {"total": 1})
    (path,) = (tmp_path / "journal").glob("*.json")
    assert path.name == f"{SALES[0]}.json"
    assert json.loads(path.read_text())["envelope"] == {"total": 1}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_write_cut_off_half_way_leaves_no_half_sale(tmp_path) -> None:
    journal = Journal(tmp_path)
    (tmp_path / f".{SALES[0]}.json.new").write_bytes(b'{"sale_uid": "0000')
    assert journal.entries() == []
    assert journal.append(SALES[0], {"total": 1}) is True
    assert len(journal.entries()) == 1
