"""The six-digit code: how a page earns its token, and how others do not."""

import json
import re
import stat
import subprocess
import sys

import pytest

from hardware import pairing
from hardware.pairing import Pairing, PairingRefused
from tests.hardware.conftest import ORIGIN, RunningBridge, SimulatedPrinter, post


def test_the_code_is_on_paper_and_on_the_console_and_good_for_one_token(
    printer: SimulatedPrinter, start_bridge
) -> None:
    bridge: RunningBridge = start_bridge(BRIDGE_PAIRING="code", BRIDGE_PRINTER=f"network://127.0.0.1:{printer.port}")
    assert post(f"{bridge.url}/pairing/token", {})[0] == 401
    status, answer = post(f"{bridge.url}/pairing", {"print": True})
    assert (status, answer) == (200, {"mode": "code", "printed": True})
    on_paper = next(line for line in printer.receipts[0]["lines"] if re.fullmatch(r" *\d{3} \d{3}", line)).strip()
    assert f"Pairing code: {on_paper}" in bridge.log.read_text()

    wrong = f"{(int(on_paper.replace(' ', '')) + 1) % 10**6:06d}"
    status, refusal = post(f"{bridge.url}/pairing/token", {"code": wrong})
    assert (status, refusal["error"]["code"]) == (401, "wrong_code")
    status, paired = post(f"{bridge.url}/pairing/token", {"code": on_paper})
    assert status == 200
    assert len(paired["token"]) >= 43  # 256 bits
    assert post(f"{bridge.url}/pairing/token", {"code": on_paper})[0] == 401  # used up

    bridge.token = paired["token"]
    bridge.kill()
    bridge.start()
    assert bridge.page().ask("status")["ok"]  # paired for good
    kept = (bridge.folder / "pairings.json").read_text()
    assert paired["token"] not in kept
    assert stat.S_IMODE((bridge.folder / "pairings.json").stat().st_mode) == 0o600
    assert next(iter(json.loads(kept).values()))["origin"] == ORIGIN


def test_a_code_cannot_be_guessed(tmp_path, monkeypatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(pairing.time, "monotonic", lambda: clock[0])
    codes = Pairing(tmp_path, "code")
    code = codes.new_code()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(pairing.TRIES):
        with pytest.raises(PairingRefused, match="not the code"):
            codes.token_for(ORIGIN, wrong)
    with pytest.raises(PairingRefused, match="Too many"):
        codes.token_for(ORIGIN, code)
    with pytest.raises(PairingRefused, match="Too many"):
        codes.new_code()
    clock[0] += pairing.PAUSE_SECONDS + 1
    fresh = codes.new_code()
    assert codes.accepts(codes.token_for(ORIGIN, fresh), ORIGIN)


def test_a_code_grows_old(tmp_path, monkeypatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(pairing.time, "monotonic", lambda: clock[0])
    codes = Pairing(tmp_path, "code")
    code = codes.new_code()
    clock[0] += pairing.CODE_SECONDS + 1
    with pytest.raises(PairingRefused) as refused:
        codes.token_for(ORIGIN, code)
    assert refused.value.code == "code_needed"


def test_auto_pairing_is_for_pages_of_this_computer_only(tmp_path) -> None:
    auto = Pairing(tmp_path, "auto")
    assert auto.accepts(auto.token_for("http://localhost:8000", ""), "http://localhost:8000")
    with pytest.raises(PairingRefused):
        auto.token_for("https://till.shop.example", "")


def test_old_tokens_of_a_page_are_forgotten_in_the_end(tmp_path) -> None:
    auto = Pairing(tmp_path, "auto")
    first, *others = [auto.token_for(ORIGIN, "") for _ in range(pairing.KEPT_PER_ORIGIN + 1)]
    assert not auto.accepts(first, ORIGIN)
    assert all(auto.accepts(token, ORIGIN) for token in others)


def test_unpairing_forgets_every_page(start_bridge) -> None:
    bridge = start_bridge()
    token = post(f"{bridge.url}/pairing/token", {})[1]["token"]
    bridge.stop()
    environ = {"BRIDGE_DATA": str(bridge.folder), "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-m", "hardware", "--unpair"], env=environ, check=True, capture_output=True)
    assert not Pairing(bridge.folder, "auto").accepts(token, ORIGIN)
