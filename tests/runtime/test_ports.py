import pytest

from commerce.runtime import ports
from commerce.runtime.errors import CannotStart

NAMES = ("PORT", "CARD_NETWORK_PORT", "PRINTER_PORT", "PRINTER_PREVIEW_PORT", "BRIDGE_PORT")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_all_follow_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ports.environment() == dict(zip(NAMES, ("8000", "8001", "8002", "8003", "8004"), strict=True))
    monkeypatch.setenv("PORT", "9100")
    assert [ports.web(), ports.card_network(), ports.printer(), ports.printer_preview(), ports.bridge()] == [
        *range(9100, 9105)
    ]


def test_each_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9100")
    monkeypatch.setenv("BRIDGE_PORT", "9317")
    assert (ports.bridge(), ports.printer()) == (9317, 9102)


@pytest.mark.parametrize("given", ["http", "", "0", "-1", "70000", "80.5"])
def test_says_what_is_no_port(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PORT", given)
    with pytest.raises(CannotStart, match=f"PORT={given} is not a port"):
        ports.card_network()
