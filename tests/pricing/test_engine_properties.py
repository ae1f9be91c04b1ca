"""What holds for every cart."""

import copy
import random
from collections import defaultdict
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.pricing import engine
from tests.pricing import carts

dice = st.randoms(use_true_random=False)
quick = settings(max_examples=200, deadline=None)
MILLION = 1_000_000


def half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2)) if value >= 0 else -int(-value + Fraction(1, 2))


def everything(priced: dict[str, Any]) -> list[dict[str, Any]]:
    return [*priced["lines"], *priced["charges"]]


@quick
@given(dice)
def test_parts_sum_to_wholes(dice: random.Random) -> None:
    priced = engine.price_cart(carts.cart(dice))
    for item in everything(priced):
        discounted = item["gross"] - item["discount"]
        assert item["discount"] == sum(taken["amount"] for taken in item["adjustments"])
        assert item["tax"] == sum(tax["amount"] for tax in item["taxes"])
        assert item["net"] + item["tax"] == item["total"]
        assert discounted == (item["total"] if priced["tax_included"] else item["net"])
        assert item["notes"][-1]["running"] == item["total"]
    gross = priced["subtotal"] + priced["shipping_total"] + priced["fee_total"]
    added = 0 if priced["tax_included"] else priced["tax_total"]
    assert (
        priced["total"] == gross - priced["discount_total"] + added == sum(row["total"] for row in everything(priced))
    )
    assert priced["net_total"] + priced["tax_total"] == priced["total"]


@quick
@given(dice)
def test_the_tax_summary_is_the_sum_of_the_shares(dice: random.Random) -> None:
    priced = engine.price_cart(carts.cart(dice))
    sums: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for tax in [tax for item in everything(priced) for tax in item["taxes"]]:
        sums[tax["code"], tax["rate_ppm"], tax["compound"]][0] += tax["base"]
        sums[tax["code"], tax["rate_ppm"], tax["compound"]][1] += tax["amount"]
    rows = {(row["code"], row["rate_ppm"], row["compound"]): [row["base"], row["amount"]] for row in priced["taxes"]}
    assert rows == sums
    assert priced["tax_total"] == sum(row["amount"] for row in priced["taxes"])


@quick
@given(dice)
def test_order_discounts_are_shared_completely(dice: random.Random) -> None:
    cart = carts.cart(dice)
    priced = engine.price_cart(cart)
    shares: dict[str, int] = defaultdict(int)
    for row in priced["lines"]:
        for taken in row["adjustments"]:
            if taken["scope"] == "order":
                shares[taken["id"]] += taken["amount"]
    for discount, taken in zip(cart.get("order_discounts", []), priced["adjustments"], strict=True):
        assert shares[discount["id"]] == taken["amount"]
        if discount["kind"] == "amount":
            assert taken["amount"] <= discount["value"]


@quick
@given(dice)
def test_nothing_falls_below_zero_and_no_discount_exceeds_its_price(dice: random.Random) -> None:
    priced = engine.price_cart(carts.cart(dice))
    for item in everything(priced):
        assert 0 <= item["discount"] <= item["gross"]
        assert item["net"] >= 0
        assert all(tax["amount"] >= 0 and tax["base"] >= 0 for tax in item["taxes"])
        assert all(taken["amount"] >= 0 for taken in item["adjustments"])
    assert priced["total"] >= 0
    assert priced["savings"] >= priced["discount_total"]


@quick
@given(dice)
def test_the_order_of_lines_and_charges_does_not_matter(dice: random.Random) -> None:
    cart = carts.cart(dice)
    shuffled = copy.deepcopy(cart)
    for rows in (shuffled["lines"], shuffled.get("charges", [])):
        dice.shuffle(rows)
    first, second = engine.price_cart(cart), engine.price_cart(shuffled)
    for priced in (first, second):
        priced["lines"].sort(key=lambda row: row["id"])
        priced["charges"].sort(key=lambda row: row["id"])
    assert first == second


@quick
@given(dice)
def test_pricing_twice_gives_the_same_and_leaves_the_cart_alone(dice: random.Random) -> None:
    cart = carts.cart(dice)
    before = copy.deepcopy(cart)
    first = engine.canonical_json(engine.price_cart(cart))
    assert cart == before
    assert engine.canonical_json(engine.price_cart(cart)) == first


@quick
@given(dice)
def test_taxes_recompute_from_their_base(dice: random.Random) -> None:
    """One rounding: on the summary for the document, else on each line; included tax comes from net and tax."""
    cart = carts.cart(dice)
    for row in [*cart["lines"], *cart.get("charges", [])]:
        row["taxes"] = [tax for tax in row["taxes"] if not tax.get("compound")][:1]
    priced = engine.price_cart(cart)
    whole = priced["tax_rounding"] == "document"
    for tax in priced["taxes"] if whole else [tax for item in everything(priced) for tax in item["taxes"]]:
        rate = Fraction(tax["rate_ppm"], MILLION)
        if priced["tax_included"]:
            assert tax["amount"] == half_up((tax["base"] + tax["amount"]) * rate / (1 + rate))
        else:
            assert tax["amount"] == half_up(tax["base"] * rate)


@quick
@given(dice)
def test_several_taxes_on_one_line_stay_within_a_unit_of_the_exact_tax(dice: random.Random) -> None:
    cart = {**carts.cart(dice), "tax_rounding": "line", "lines": [carts.line(dice, 0, 2500)], "order_discounts": []}
    row = engine.price_cart(cart)["lines"][0]
    simple = [tax for tax in row["taxes"] if not tax["compound"]]
    factor = 1 + sum((Fraction(tax["rate_ppm"], MILLION) for tax in simple), Fraction(0))
    for tax in row["taxes"]:
        if tax["compound"]:
            factor *= 1 + Fraction(tax["rate_ppm"], MILLION)
    paid = row["gross"] - row["discount"]
    exact = paid - paid / factor if cart["prices_include_tax"] else paid * factor - paid
    assert abs(row["tax"] - exact) <= len(row["taxes"]) * factor


@quick
@given(st.integers(0, 10**9), st.integers(0, 2 * MILLION))
def test_a_price_with_tax_added_contains_that_tax(net: int, rate: int) -> None:
    tax = engine.tax_on(net, rate)
    assert engine.tax_within(net + tax, rate) == tax


@quick
@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=30), st.integers(0, 10**8), st.randoms())
def test_shares_are_fair_and_complete(weights: list[int], total: int, dice: random.Random) -> None:
    whole = sum(weights)
    total = min(total, whole)
    keys = list(range(len(weights)))
    shares = engine.allocate(total, weights, keys)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert 0 <= share <= weight
        assert not whole or abs(share - Fraction(total * weight, whole)) < 1
    dice.shuffle(keys)
    again = engine.allocate(total, [weights[key] for key in keys], keys)
    assert dict(zip(keys, again, strict=True)) == dict(enumerate(shares))


@quick
@given(st.integers(-(10**9), 10**9), st.integers(1, 1000))
def test_rounding_is_to_the_nearest_and_symmetric(numerator: int, denominator: int) -> None:
    assert engine.round_half_up(numerator, denominator) == half_up(Fraction(numerator, denominator))
    due = engine.cash_due(numerator, denominator)
    assert due % denominator == 0
    assert 2 * abs(due - numerator) <= denominator
    assert engine.cash_due(-numerator, denominator) == -due


@quick
@given(st.integers(1, 10**7), st.lists(st.integers(1, 50_000), max_size=10))
def test_quick_cash_always_pays(total: int, notes: list[int]) -> None:
    amounts = engine.quick_cash(total, notes)
    assert amounts == sorted(set(amounts))
    assert amounts[0] == total
    assert all(engine.change_due(total, amount) < max(notes, default=1) for amount in amounts)
