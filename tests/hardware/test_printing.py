"""Printing through real processes and sockets, with a printer that misbehaves in every way."""

import json
import subprocess
import sys
import time

import pytest

from tests.hardware.conftest import Page, RunningBridge, SimulatedPrinter, until
from tests.hardware.documents import document, sale_receipt

REPRINT = "Switch it on, then press Reprint."


def long_document(lines: int = 120, **header):
    return document(*({"type": "text", "text": f"line {number}"} for number in range(lines)), **header)


def test_a_receipt_prints_and_the_printer_confirms_it(till: Page, printer: SimulatedPrinter) -> None:
    started = time.monotonic()
    job = till.job("print", "r1", document=sale_receipt())
    assert time.monotonic() - started < 1.0
    assert (job["state"], job["confirmed"]) == ("done", True)
    (receipt,) = printer.receipts
    assert receipt["complete"]
    assert "Merino Crew Sweater                $118.00" in receipt["lines"]
    assert receipt["events"] == [
        "barcode R4-000217",
        "qr https://shop.example/r/7c1d9be2a4f04c3f",
        "cut partial",
    ]
    assert printer.state["kicks"] == 0


def test_the_same_job_never_prints_twice(till: Page, bridge: RunningBridge, printer: SimulatedPrinter) -> None:
    for _ in range(3):
        assert till.job("print", "once", document=sale_receipt())["state"] == "done"
    answer = till.ask("print", job_id="once", document=sale_receipt(copy=1))
    assert answer["error"]["code"] == "job_conflict"
    bridge.kill()
    bridge.start()
    assert bridge.page().job("print", "once", document=sale_receipt())["state"] == "done"
    assert len(printer.receipts) == 1


def test_the_same_job_from_two_pages_at_once_prints_once(bridge: RunningBridge, printer: SimulatedPrinter) -> None:
    one, two = bridge.page(), bridge.page()
    for page in (one, two):
        page.socket.send(json.dumps({"id": 99, "kind": "print", "job_id": "both", "document": sale_receipt()}))
    for page in (one, two):
        answer = page.wait_for(lambda frame: frame.get("id") == 99)
        assert answer["job"]["state"] == "done"
    assert len(printer.receipts) == 1


def test_printer_off_message_on_reprint(till: Page, printer: SimulatedPrinter) -> None:
    """F31: the sale goes on; the message says what to do; Reprint is the same job."""
    printer.set(power=False)
    started = time.monotonic()
    job = till.job("print", "r1", document=sale_receipt())
    assert time.monotonic() - started < 3
    assert (job["state"], job["code"]) == ("blocked", "printer_off")
    assert job["reason"] == f"The printer is off or not connected. {REPRINT}"
    till.wait_for(lambda event: event.get("event") == "printer" and event["printer"]["state"] == "off")

    printer.set(power=True)
    till.events.clear()
    till.wait_for(lambda event: event.get("event") == "printer" and event["printer"]["state"] == "ready")
    assert printer.receipts == []  # it does not print by itself when nobody expects it
    assert till.job("print", "r1", document=sale_receipt())["state"] == "done"
    assert len(printer.receipts) == 1


@pytest.mark.parametrize(("fault", "code"), [({"paper": "out"}, "paper_out"), ({"cover": "open"}, "cover_open")])
def test_a_printer_in_trouble_blocks_the_job_and_still_opens_the_drawer(till, printer, fault, code) -> None:
    printer.set(**fault)
    job = till.job("print", "r1", document=sale_receipt())
    assert (job["state"], job["code"]) == ("blocked", code)
    assert till.job("kick", "k1", reason="cash_sale")["state"] == "done"
    assert printer.state["drawer"] == "open"
    printer.set(paper="ok", cover="closed")
    assert till.job("print", "r1", document=sale_receipt())["state"] == "done"
    assert len(printer.receipts) == 1


def test_low_paper_prints_and_is_told(till: Page, printer: SimulatedPrinter) -> None:
    printer.set(paper="low")
    assert till.job("print", "r1", document=sale_receipt())["state"] == "done"
    until(lambda: till.ask("status")["status"]["printers"][0]["paper_low"])


def test_a_half_printed_receipt_is_unknown_and_never_printed_again(till: Page, printer: SimulatedPrinter) -> None:
    """F32: the plug is pulled after so many bytes. Only a person can see what is on the paper."""
    printer.set(reset_after=700)
    job = till.job("print", "r1", document=sale_receipt())
    assert (job["state"], job["code"]) == ("unknown", "interrupted")
    assert "print a copy" in job["reason"]
    assert till.job("print", "r1", document=sale_receipt())["state"] == "unknown"
    (half,) = printer.receipts
    assert not half["complete"]
    assert till.job("print", "r1-copy", document=sale_receipt(copy=1))["state"] == "done"
    assert printer.receipts[0]["lines"][0].strip() == "COPY 1"
    assert len(printer.receipts) == 2


def test_a_reset_of_a_printer_that_never_answers_is_unknown_too(start_bridge, printer: SimulatedPrinter) -> None:
    printer.set(answers=False)
    bridge = start_bridge(BRIDGE_PRINTER=f"network://127.0.0.1:{printer.port}")
    page = bridge.page()
    job = page.job("print", "good", document=sale_receipt())
    assert (job["state"], job["confirmed"]) == ("done", False)
    printer.set(reset_after=700)
    assert page.job("print", "cut-off", document=sale_receipt())["state"] == "unknown"


def test_paper_that_runs_out_in_the_middle_is_unknown_with_its_reason(till: Page, printer: SimulatedPrinter) -> None:
    printer.set(bytes_per_second=250)
    answer = till.job("print", "r1", document=long_document())
    assert answer["state"] == "printing"  # within 3 s, though it goes on
    printer.set(paper="out")
    event = till.wait_for(lambda e: e.get("event") == "job" and e["job"]["state"] == "unknown")
    assert event["job"]["code"] == "paper_ran_out"


def test_a_slow_printer_tells_its_end_by_an_event(till: Page, printer: SimulatedPrinter) -> None:
    printer.set(bytes_per_second=200)
    started = time.monotonic()
    assert till.job("print", "r1", document=long_document())["state"] == "printing"
    assert time.monotonic() - started < 3.2
    event = till.wait_for(lambda e: e.get("event") == "job" and e["job"]["state"] == "done", 20)
    assert event["job"]["confirmed"]
    assert len(printer.receipts) == 1


def test_killed_in_the_middle_comes_back_as_unknown(
    till: Page, bridge: RunningBridge, printer: SimulatedPrinter
) -> None:
    """F36: kill -9 while the bytes go out. The bridge does not print it again, whatever the till asks."""
    printer.set(bytes_per_second=200)
    assert till.job("print", "r1", document=long_document())["state"] == "printing"
    bridge.kill()
    bridge.start()
    till = bridge.page()
    job = till.ask("job", job_id="r1")["job"]
    assert (job["state"], job["code"]) == ("unknown", "killed")
    printer.set(bytes_per_second=0)
    assert till.job("print", "r1", document=long_document())["state"] == "unknown"
    time.sleep(1.5)
    assert len(printer.receipts) == 1
    assert till.job("print", "r2", document=long_document(copy=1))["state"] == "done"


def test_jobs_behind_a_killed_one_were_not_printed_and_may_be(till: Page, bridge, printer) -> None:
    printer.set(bytes_per_second=300)
    till.socket.send(json.dumps({"id": "a", "kind": "print", "job_id": "first", "document": long_document()}))
    till.socket.send(json.dumps({"id": "b", "kind": "print", "job_id": "second", "document": sale_receipt()}))
    assert till.wait_for(lambda frame: frame.get("id") == "b")["job"]["state"] == "queued"
    bridge.kill()
    bridge.start()
    printer.set(bytes_per_second=0)
    till = bridge.page()
    job = till.ask("job", job_id="second")["job"]
    assert (job["state"], job["code"]) == ("blocked", "restarted")
    assert till.job("print", "second", document=sale_receipt())["state"] == "done"


def test_the_bridge_lives_through_a_printer_that_comes_and_goes(till: Page, printer: SimulatedPrinter) -> None:
    for round_number in range(3):
        printer.set(power=False)
        assert till.job("print", f"r{round_number}", document=sale_receipt())["state"] == "blocked"
        printer.set(power=True)
        assert till.job("print", f"r{round_number}", document=sale_receipt())["state"] == "done"
    assert len(printer.receipts) == 3


def test_control_bytes_in_names_reach_no_printer(till: Page, printer: SimulatedPrinter) -> None:
    """T04: a product called like a drawer kick."""
    name = "Mug \x1bp\x00\x19\xfa\x10\x14\x01\x00\x05\x1dV\x00\x1b@ blue\x9b\u0085"
    hostile = document({"type": "line_item", "name": name, "amount": "$1\x1b.00"}, {"type": "text", "text": name})
    assert till.job("print", "r1", document=hostile)["state"] == "done"
    (receipt,) = printer.receipts
    raw = printer.bytes_of(receipt["number"])
    assert b"\x1bp" not in raw
    assert b"\x10\x14" not in raw
    assert raw.count(b"\x1b@") == 1
    assert raw.count(b"\x1dV") == 1
    assert receipt["events"] == ["cut partial"]
    assert printer.state["kicks"] == 0


def test_every_kick_is_in_the_log_once(till: Page, bridge: RunningBridge, printer: SimulatedPrinter) -> None:
    """I39: what the server's cash rows are compared with."""
    assert till.job("kick", "k1", reason="cash_sale")["state"] == "done"
    assert till.job("kick", "k1", reason="cash_sale")["state"] == "done"  # replayed: not again
    assert till.job("kick", "k2", reason="no_sale")["state"] == "done"
    assert till.ask("kick", job_id="k1", reason="no_sale")["error"]["code"] == "job_conflict"
    assert printer.state["kicks"] == 2
    bridge.kill()
    bridge.start()
    kicks = bridge.page().ask("kick.list")["kicks"]
    assert [(kick["number"], kick["job_id"], kick["reason"], kick["state"]) for kick in kicks] == [
        (1, "k1", "cash_sale", "done"),
        (2, "k2", "no_sale", "done"),
    ]
    assert bridge.page().ask("kick.list", after=1)["kicks"] == kicks[1:]


def test_a_kick_that_failed_does_not_fire_later(till: Page, printer: SimulatedPrinter) -> None:
    printer.set(power=False)
    job = till.job("kick", "k1", reason="cash_sale")
    assert (job["state"], job["code"]) == ("failed", "kick_failed")
    printer.set(power=True)
    assert till.job("kick", "k1", reason="cash_sale")["state"] == "failed"
    time.sleep(1)
    assert printer.state["kicks"] == 0


def test_a_kick_waits_too_long_behind_a_print_and_gives_up(till: Page, printer: SimulatedPrinter) -> None:
    printer.set(bytes_per_second=100)
    assert till.job("print", "r1", document=long_document())["state"] == "printing"
    till.ask("kick", job_id="late", reason="no_sale")
    event = till.wait_for(lambda e: e.get("event") == "job" and e["job"]["job_id"] == "late" and "code" in e["job"], 25)
    assert event["job"]["code"] == "kick_failed"
    assert printer.state["kicks"] == 0


def test_a_drawer_is_not_opened_all_day(till: Page, printer: SimulatedPrinter) -> None:
    states = [till.job("kick", f"k{number}", reason="no_sale") for number in range(13)]
    assert [job["state"] for job in states] == ["done"] * 12 + ["failed"]
    assert states[-1]["code"] == "kick_too_many"
    assert printer.state["kicks"] == 12


@pytest.mark.parametrize("sensor", ["high", "low"])
def test_the_drawer_is_seen_however_it_is_wired(till: Page, printer: SimulatedPrinter, sensor: str) -> None:
    """F33: the first kick shows which level means open."""
    printer.set(drawer_sensor=sensor, drawer_closes_after=0)
    assert till.job("kick", "k1", reason="cash_sale")["state"] == "done"
    until(lambda: till.ask("status")["status"]["drawer"] == "open")
    printer.set(drawer="closed")
    until(lambda: till.ask("status")["status"]["drawer"] == "closed")


def test_a_drawer_without_sensor_is_unknown_not_closed(till: Page, printer: SimulatedPrinter) -> None:
    printer.set(drawer_sensor="none")
    assert till.job("kick", "k1", reason="cash_sale")["state"] == "done"
    assert till.ask("status")["status"]["drawer"] == "unknown"


def test_a_second_bridge_with_the_same_folder_says_why_it_stops(bridge: RunningBridge) -> None:
    environ = {"BRIDGE_DATA": str(bridge.folder), "BRIDGE_PORT": "1", "PATH": "/usr/bin:/bin"}
    second = subprocess.run([sys.executable, "-m", "hardware"], env=environ, capture_output=True, text=True, timeout=30)
    assert second.returncode == 1
    assert "Another bridge is already running" in second.stderr
    assert "Traceback" not in second.stderr


def test_narrow_paper_and_a_printer_in_a_file(start_bridge, tmp_path) -> None:
    target = tmp_path / "lp0"
    target.write_bytes(b"")
    bridge = start_bridge(BRIDGE_PRINTER=f"file://{target}?columns=32&dots=384&cuts=no")
    page = bridge.page()
    assert page.ask("status")["status"]["printers"][0]["columns"] == 32
    job = page.job("print", "r1", document=sale_receipt())
    assert (job["state"], job["confirmed"]) == ("done", False)

    from hardware.printers.render import render

    rendered = render(target.read_bytes(), 384)
    assert "Merino Crew Sweater      $118.00" in rendered.lines
    assert "cut partial" not in rendered.events
    assert page.ask("print", job_id="r2", document=sale_receipt(), columns=42)["error"]["code"] == "bad_request"
    target.unlink()
    (tmp_path / "lp0").mkdir()
    assert page.job("print", "r3", document=sale_receipt())["code"] == "printer_off"


def test_two_printers_from_a_file(printer: SimulatedPrinter, start_bridge, tmp_path) -> None:
    folder = tmp_path / "bridge-0"
    folder.mkdir()
    config = folder / "bridge.toml"
    target = tmp_path / "kitchen"
    target.write_bytes(b"")
    config.write_text(
        f'[[printers]]\nname = "receipt"\nurl = "network://127.0.0.1:{printer.port}"\n'
        f'[[printers]]\nname = "packing"\nurl = "file://{target}"\ncolumns = 32\ndots = 384\n'
    )
    config.chmod(0o644)
    page = start_bridge().page()
    assert [entry["name"] for entry in page.ask("status")["status"]["printers"]] == ["receipt", "packing"]
    assert page.job("print", "a", document=sale_receipt(), printer="packing")["printer"] == "packing"
    assert target.read_bytes()
    assert printer.receipts == []
    assert page.ask("print", job_id="b", document=sale_receipt(), printer="attic")["error"]["code"] == "printer_none"
    assert page.job("print.test", "c")["state"] == "done"
    assert "4006381333931" in " ".join(printer.receipts[0]["events"])
