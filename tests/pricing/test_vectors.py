"""The engine gives what was worked out by hand, and a vector that is wrong, or an engine that is, is found out."""

import copy
from types import ModuleType
from typing import Any

import pytest

from commerce.pricing import engine
from commerce.runtime.paths import PROJECT
from tests.pricing import golden

VECTORS = golden.vectors()
SOURCE = (PROJECT / "commerce" / "pricing" / "engine.py").read_text()
MUTATIONS = {
    "halves go down": (
        "(abs(numerator) + denominator // 2) // denominator",
        "(abs(numerator) + (denominator - 1) // 2) // denominator",
    ),
    "the smallest rest gets the odd cent": ("(-(total * weights[i] % whole),", "((total * weights[i] % whole),"),
    "the first second does not count": ('row["starts"] > at else', 'row["starts"] >= at[:10] else'),
    "the last second goes on": ('row["ends"] <= at else', 'row["ends"] < at[:10] else'),
    "the higher priority number first": ("ranked.append([priority,", "ranked.append([-priority,"),
    "exclusive is forgotten": ('item["locked_by"] = name', 'item["locked_by"] = ""'),
    "everything becomes standard": ('NEVER_STANDARD = ("zero", "exempt")', "NEVER_STANDARD = ()"),
    "the dearest is free": (
        '_by_rank(lines, gets, "cheapness")',
        '_by_rank(lines, gets, "dearness")',
    ),
}


def changed(before: str, after: str) -> ModuleType:
    """The engine with one thing in it changed."""
    assert SOURCE.count(before) == 1
    made = ModuleType("changed_engine")
    exec(SOURCE.replace(before, after), made.__dict__)
    return made


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_engine_gives_what_was_worked_out_by_hand(vector: dict[str, Any]) -> None:
    assert golden.differences(vector) == []


def test_every_vector_is_whole() -> None:
    files = sorted(path.stem for path in golden.FOLDER.glob("*.json"))
    assert files == sorted(vector["name"] for vector in VECTORS)
    assert len(files) >= 70
    for vector in VECTORS:
        assert vector["why"]
        assert vector["arithmetic"]
        assert {"subtotal", "total"} <= set(vector["expect"]) or "error" in vector["expect"], vector["name"]


def test_every_kind_of_promotion_fires_in_some_vector() -> None:
    fired = {
        row["kind"]
        for vector in VECTORS
        for row in vector.get("rules", {}).get("promotions", [])
        if row["id"] in vector["expect"].get("fired", {})
    }
    assert fired == {"percent", "amount", "fixed_price", "buy_get", "bundle", "tiers", "gift", "free_shipping"}


def test_a_wrong_expectation_is_found_out() -> None:
    for vector in VECTORS:
        for name, value in vector["expect"].items():
            if type(value) is int:
                wrong = copy.deepcopy(vector)
                wrong["expect"][name] = value + 1
                assert golden.differences(wrong), (vector["name"], name)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_an_engine_that_decides_otherwise_is_found_out(mutation: str) -> None:
    other = changed(*MUTATIONS[mutation])
    found = [vector["name"] for vector in VECTORS if golden.differences(vector, other.price_json)]
    assert found
    assert not any(golden.differences(vector, engine.price_json) for vector in VECTORS if vector["name"] in found)
