"""The frame of the benches: figures judge themselves, JSON keeps its shape, a wrong name is said clearly."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from commerce.kernel.db import action, rows
from commerce.runtime.paths import PROJECT
from tests.bench import __main__ as bench
from tests.bench import bare, machine
from tests.bench.figures import Figure, as_json, percentile, show
from tests.bench.load import Outcome, refusals
from tests.client import Answer


@pytest.mark.parametrize(
    ("value", "goal", "holds"),
    [
        (59.9, "< 60", True), (60, "< 60", False), (60, "≤ 60", True), (60.1, "≤ 60", False),
        (40, "> 40", False), (40.1, "> 40", True), (40, "≥ 40", True), (39, "≥ 40", False),
        (100, "= 100", True), (99, "= 100", False), (101, "= 100", False), (2_001, "> 2,000", True), (7, "", True),
    ],
)  # fmt: skip
def test_whether_a_figure_holds_follows_from_value_and_goal(value: float, goal: str, holds: bool) -> None:
    assert Figure("b", "f", value, "ms", goal).holds is holds
    assert Figure("b", "f", value, "ms", goal).as_json()["holds"] is holds


def test_holds_cannot_be_set() -> None:
    with pytest.raises(TypeError):
        Figure("b", "f", 1, "ms", holds=True)  # type: ignore[call-arg]
    with pytest.raises((AttributeError, TypeError)):
        Figure("b", "f", 61, "ms", "< 60").holds = True  # type: ignore[misc]


@pytest.mark.parametrize("goal", ["60", "under 60", "!= 60"])
def test_a_goal_that_is_none_is_refused(goal: str) -> None:
    with pytest.raises(ValueError, match="is no goal"):
        assert Figure("b", "f", 1, "ms", goal).holds


def test_json_has_the_shape_of_the_contract() -> None:
    figures = [Figure("sale", "CPU", 12.34567, "ms", "< 20", 470, "Odoo"), Figure("sale", "refused", 0, "sales")]
    rows_of_json = json.loads(as_json(figures))
    keys = ["bench", "figure", "value", "unit", "reference", "ratio", "goal", "holds"]
    assert [list(row) for row in rows_of_json] == [keys, keys]
    assert rows_of_json[0] == {
        "bench": "sale", "figure": "CPU", "value": 12.35, "unit": "ms", "reference": 470, "ratio": 0.02627,
        "goal": "< 20", "holds": True,
    }  # fmt: skip
    assert (rows_of_json[1]["reference"], rows_of_json[1]["ratio"], rows_of_json[1]["goal"]) == (None, None, "")


def test_the_table_shows_what_does_not_hold() -> None:
    out = io.StringIO()
    show(Console(file=out, width=150), [Figure("b", "slow", 90, "ms", "< 60", 30, "bare SQL"), Figure("b", "x", 1, "")])
    slow, free = out.getvalue().splitlines()[1:3]
    assert all(word in slow for word in ("slow", "90", "30 bare SQL", "× 3", "< 60", "NO"))
    assert "NO" not in free


def test_percentiles_and_refusals() -> None:
    assert [percentile([5, 1, 3, 2, 4], share) for share in (0, 0.5, 0.95, 1)] == [1, 3, 5, 5]
    outcome = Outcome([Answer(200, {}), Answer(409, {"code": "insufficient_stock"}), Answer(500, b"")], [1, 2, 3], 1.5)
    assert refusals(outcome.answers, status=200) == {"insufficient_stock": 1, "500": 1}
    assert outcome.per_second == 2


def test_an_unknown_name_is_said_with_those_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["chekout", "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "There is no bench chekout." in said.err
    assert "checkout, sale, storefront" in said.err


def test_every_bench_has_its_module() -> None:
    for name, one in bench.BENCHES.items():
        source = (PROJECT / "tests" / "bench" / f"{one.module}.py").read_text()
        assert "def run(ground: Ground)" in source, name
    assert {"checkout", "storefront", "sale", "import", "live", "till"} <= set(bench.BENCHES)


def test_the_machine_is_described() -> None:
    described = machine.describe("18.4, fsync on")
    assert set(described) >= {"CPU", "cores", "RAM", "Python", "PostgreSQL", "load average at start"}
    assert all(described.values())


def test_cpu_time_of_ended_children_is_counted() -> None:
    burn = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    parent = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}]); input()"],
        stdin=subprocess.PIPE,
    )
    try:
        meter = machine.CpuMeter(lambda: [parent.pid], parent.pid)
        deadline = time.monotonic() + 60
        while meter.read().application < 0.3 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert meter.read().application >= 0.3
        assert meter.read().ms_per(10)[0] >= 30
    finally:
        parent.communicate(b"\n")


@action
def _write(code: str) -> None:
    """Two writes and a read: the second write needs the key that the first was given, and its code inside JSON."""
    insert = (
        "INSERT INTO pricing_pricelist (code, name, currency, only_channels) VALUES (%s, %s, %s, '{}') RETURNING id"
    )
    made = rows(insert, [code, f"List {code}", "USD"])[0][0]
    rows("SELECT name FROM pricing_pricelist WHERE id = %s", [made])
    document = json.dumps({"name": code, "currency": "EUR"})
    rows("UPDATE pricing_pricelist SET name = (%s::jsonb)->>'name' WHERE id = %s", [document, made])


@pytest.mark.django_db(transaction=True)
def test_a_recorded_errand_is_repeated_with_other_goods() -> None:
    recordings = []
    for code in ("AAA-1", "BBB-2"):
        bare.spread_ids()
        with bare.recording() as found:
            _write(code)
        recordings.append(found)
    assert recordings[0].count == 3
    script = bare.Script(*recordings, goods=[("AAA-1", "BBB-2")])
    assert (script.statements, len(script.transactions)) == (2, 1)
    rate = bare.repeat(script, lambda number: [f"CCC-{number}"], 5, at_once=1)
    assert rate > 0
    made = rows("SELECT code, name, currency FROM pricing_pricelist WHERE code LIKE 'CCC-%' ORDER BY code")
    assert made == [(f"CCC-{number}", f"CCC-{number}", "USD") for number in range(6)]


def test_a_figure_survives_the_way_from_its_process(tmp_path: Path) -> None:
    import dataclasses

    figure: Any = Figure("b", "f", 1 / 3, "ms", "< 60", 2, "bare SQL")
    (tmp_path / "answer").write_text(json.dumps([dataclasses.asdict(figure)]))
    assert [Figure(**row) for row in json.loads((tmp_path / "answer").read_text())] == [figure]
