"""What holds for every basket under every set of rules, and that an engine which breaks it would be found out."""

import itertools
import random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commerce.pricing import engine
from commerce.pricing.shares import unit_shares
from tests.pricing import baskets, promises
from tests.pricing.test_vectors import changed

quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
dice_of_many = st.randoms(use_true_random=False)
CHECKS = [
    (
        promises.order_discounts_are_shared_out_completely,
        ("for rank in range(spare):", "for rank in ():"),
    ),
    (promises.nothing_falls_below_zero, ("max(0, min(wanted, left))", "wanted")),
    (
        promises.the_order_of_lines_and_rules_does_not_matter,
        ("in sorted(ranked):\n        offer,", "in ranked:\n        offer,"),
    ),
    (promises.pricing_twice_gives_the_same_bytes, ('"id": taken["id"],', '"id": str(id(taken)),')),
    (promises.the_decided_cart_comes_to_the_same, ('if one["scope"] == "line"]', "]")),
    (promises.flags_leave_out_and_change_nothing, ("else sorted(concerned)", "else sorted(concerned)[1:]")),
    (
        promises.what_does_not_fire_changes_nothing,
        ("        if why:\n            run", "        if not why:\n            run"),
    ),
    (promises.an_exclusive_promotion_is_alone_on_its_items, ('item["locked_by"] = name', 'item["locked_by"] = ""')),
    (
        promises.of_best_of_only_one_fires,
        ('        if promotion["best_of"]:\n            _run_best', "        if False:\n            _run_best"),
    ),
    (promises.limits_are_kept, ('items[place]["pieces"] -= offer', 'items[place]["pieces"] -= 0 * offer')),
    (promises.bad_input_is_refused_by_name, ("if value is not None and type(value) is not list:", "if value == []:")),
]


@pytest.mark.parametrize("check", [check for check, _ in CHECKS], ids=lambda check: check.__name__)
@quick
@given(dice=dice_of_many)
def test_every_basket(check: Any, dice: random.Random) -> None:
    check(engine, baskets.asked(dice), dice)


@pytest.mark.parametrize(("check", "change"), CHECKS, ids=[check.__name__ for check, _ in CHECKS])
def test_a_changed_engine_breaks_the_promise(check: Any, change: tuple[str, str]) -> None:
    other = changed(*change)
    assert any(_fails(check, other, random.Random(seed)) for seed in range(400))


def _fails(check: Any, other: ModuleType, dice: random.Random) -> bool:
    try:
        check(other, baskets.asked(dice), dice)
    except Exception:  # noqa: BLE001 -- however it shows
        return True
    return False


@quick
@given(dice=dice_of_many)
def test_units_that_come_back_one_by_one_give_back_what_was_paid(dice: random.Random) -> None:
    for line in engine.price(**baskets.asked(dice))["lines"]:
        units = unit_shares(line)
        assert len(units) == line["quantity"]
        dice.shuffle(units)
        left = line["total"]
        for unit in units:
            assert min(unit["gross"], unit["discount"], unit["net"], unit["tax"], unit["total"]) >= 0
            assert unit["gross"] - unit["discount"] in (unit["net"], unit["total"])
            left -= unit["total"]
            assert left >= 0
        assert left == 0
        for name in ("gross", "discount", "net", "tax", "total"):
            assert sum(unit[name] for unit in units) == line[name], name
        for place, tax in enumerate(line["taxes"]):
            assert sum(unit["taxes"][place]["amount"] for unit in units) == tax["amount"]


def test_units_in_every_order() -> None:
    """3 x 3.33 less 1.00, 21 % within: 8.99 of which 1.56 are tax; whichever unit comes back first."""
    tax = {"code": "vat", "rate_ppm": 210_000}
    line = {"id": "a", "quantity": 3, "unit_minor": 333, "taxes": [tax]}
    line["discounts"] = [{"id": "d", "kind": "amount", "value": 100}]
    cart = {"currency": "EUR", "prices_include_tax": True, "tax_rounding": "line", "lines": [line]}
    units = unit_shares(engine.price_cart(cart)["lines"][0])
    assert [(unit["total"], unit["tax"]) for unit in units] == [(299, 52), (300, 52), (300, 52)]
    for order in itertools.permutations(units):
        running = list(itertools.accumulate(unit["total"] for unit in order))
        assert running[-1] == 899
        assert all(abs(3 * paid - 899 * (place + 1)) <= 3 for place, paid in enumerate(running))


def test_rounding_each_unit_for_itself_would_not_do() -> None:
    """The way that is wrong, on the same goods: three times a third of 8.99 is not 8.99."""
    assert sum(round(899 / 3) for _ in range(3)) != 899
