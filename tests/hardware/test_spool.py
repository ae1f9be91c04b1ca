"""The spool after a power cut: every opening of the drawer stands in the log, once, wherever it was interrupted."""

from pathlib import Path

import pytest

from hardware.spool import Spool


def kicked(folder: Path, *states: str) -> Spool:
    """A spool whose only kick went through these states."""
    spool = Spool(folder)
    spool.add("k1", "kick", "counter", "cash_sale")
    for state in states:
        spool.move("k1", state)
    return spool


def logged(spool: Spool) -> list[tuple[int, str, str, str]]:
    return [(each["number"], each["job_id"], each["reason"], each["state"]) for each in spool.kicks()]


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ((), []),  # it never began
        (("printing",), [(1, "k1", "cash_sale", "unknown")]),
        (("printing", "done"), [(1, "k1", "cash_sale", "done")]),  # open, and then the power went
        (("printing", "failed"), []),
    ],
)
def test_a_kick_that_was_interrupted(tmp_path: Path, states: tuple[str, ...], told: list[object]) -> None:
    kicked(tmp_path, *states)
    assert logged(Spool(tmp_path)) == told
    assert logged(Spool(tmp_path)) == told


def test_a_line_torn_by_the_power_cut_is_written_again(tmp_path: Path) -> None:
    spool = kicked(tmp_path, "printing", "done")
    spool.log_kick(spool.job("k1"))
    spool.kick_log.write_bytes(spool.kick_log.read_bytes()[:20])
    assert logged(Spool(tmp_path)) == [(2, "k1", "cash_sale", "done")]
    assert len(logged(Spool(tmp_path))) == 1
