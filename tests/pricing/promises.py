"""What the engine promises about every basket: a check for each promise, which raises AssertionError.

They are functions of an engine, so that a changed engine can be shown to break them.
"""

import copy
import json
import random
import re
from collections import defaultdict
from typing import Any

from tests.pricing import baskets

FIELD = re.compile(r"[a-z_]+(\[\d+\])*(\.[a-z_]+(\[\d+\])*)*( |$)")


def price(engine: Any, asked: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = engine.price({**asked["basket"], **more}, asked["rules"])
    return answer


def promotions_of(asked: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in asked["rules"]["promotions"]}


def fired(answer: dict[str, Any]) -> dict[str, int]:
    return {row["id"]: row["amount"] for row in answer["trace"]["promotions"] if row["fired"]}


def order_discounts_are_shared_out_completely(engine: Any, asked: dict[str, Any], dice: random.Random) -> None:
    answer = price(engine, asked)
    shares: dict[str, int] = defaultdict(int)
    for item in answer["lines"] + answer["charges"]:
        assert item["discount"] == sum(taken["amount"] for taken in item["adjustments"])
        for taken in item["adjustments"]:
            shares[taken["id"]] += taken["amount"]
    for row in answer["adjustments"]:
        assert shares[row["id"]] == row["amount"]
    for name, amount in fired(answer).items():
        assert shares[name] == amount, name


def nothing_falls_below_zero(engine: Any, asked: dict[str, Any], dice: random.Random) -> None:
    answer = price(engine, asked)
    for item in answer["lines"] + answer["charges"]:
        assert 0 <= item["discount"] <= item["gross"]
        assert min(item["net"], item["tax"], item["total"], item["savings"]) >= 0
        assert all(row["amount"] >= 0 for row in item["adjustments"] + item["taxes"])
    assert answer["total"] >= 0
    assert answer["total"] == sum(item["total"] for item in answer["lines"] + answer["charges"])


def the_order_of_lines_and_rules_does_not_matter(engine: Any, asked: dict[str, Any], dice: random.Random) -> None:
    other = copy.deepcopy(asked)
    for place, name in (("basket", "lines"), ("basket", "charges"), ("basket", "coupons")):
        dice.shuffle(other[place].get(name, []))
    for name in ("lists", "promotions", "taxes", "fees"):
        dice.shuffle(other["rules"].get(name, []))
    first, second = (_sorted(price(engine, one)) for one in (asked, other))
    assert first == second


def _sorted(answer: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in answer.items() if name not in ("cart", "trace")}
    for name in ("lines", "charges", "adjustments"):
        kept[name] = sorted(kept[name], key=lambda row: str(row["id"]))
    return {**kept, "fired": fired(answer)}


def pricing_twice_gives_the_same_bytes(engine: Any, asked: dict[str, Any], dice: random.Random) -> None:
    before, known = copy.deepcopy(asked), engine.prepare(asked["rules"])
    first = engine.canonical_json(price(engine, asked))
    assert asked == before
    again = [engine.canonical_json(engine.price(asked["basket"], known)) for _ in range(2)]
    assert [first, first] == again


def the_decided_cart_comes_to_the_same(engine: Any, asked: dict[str, Any], dice: random.Random) -> None:
    answer = price(engine, asked)
    again = engine.price_cart(json.loads(json.dumps(answer.pop("cart"))))
    del answer["trace"], answer["rules"]
    assert engine.canonical_json(again) == engine.canonical_json(answer)


def flags_leave_out_and_change_nothing(engine: Any, asked: dict[str, Any], dice: random.Random) -> None:
    whole, short = price(engine, asked), price(engine, asked, with_cart=False, with_notes=False, explain=False)
    for item in whole["lines"] + whole["charges"]:
        item["notes"] = []
    del whole["cart"]
    assert fired(whole) == fired(short)
    del whole["trace"], short["trace"]
    assert whole == short


def what_does_not_fire_changes_nothing(engine: Any, asked: dict[str, Any], dice: random.Random) -> None:
    """Both what cannot fire here and what did not; only within a `best_of` a loser may have kept the turn."""
    answer = price(engine, asked)
    lazy = [row for row in asked["rules"]["promotions"] if row["id"] not in fired(answer) and not row.get("best_of")]
    gone = {row["id"] for row in lazy}
    fewer = copy.deepcopy(asked)
    fewer["rules"]["promotions"] = [row for row in asked["rules"]["promotions"] if row["id"] not in gone]
    assert _sorted(price(engine, fewer)) == _sorted(answer)
    more = copy.deepcopy(asked)
    base: dict[str, Any] = {"kind": "percent", "value": 500_000, "priority": 0, "exclusive": True}
    for number, reason in enumerate(
        ({"select": {"skus": ["none"]}}, {"ends": "2020-01-01"}, {"channels": ["none"]}, {"needs_coupon": True})
    ):
        more["rules"]["promotions"].insert(0, {"id": f"lazy{number}", **base, **reason})
    assert _sorted(price(engine, more)) == _sorted(answer)


def an_exclusive_promotion_is_alone_on_its_items(engine: Any, asked: dict[str, Any], dice: random.Random) -> None:
    answer, known = price(engine, asked), promotions_of(asked)
    for item in answer["lines"] + answer["charges"]:
        names = {row["id"] for row in item["adjustments"] if row["id"] in known}
        if any(known[name].get("exclusive") for name in names):
            assert len(names) == 1, names


def of_best_of_only_one_fires(engine: Any, asked: dict[str, Any], dice: random.Random) -> None:
    known = promotions_of(asked)
    groups = [known[name]["best_of"] for name in fired(price(engine, asked)) if known[name].get("best_of")]
    assert len(groups) == len(set(groups))


def limits_are_kept(engine: Any, asked: dict[str, Any], dice: random.Random) -> None:
    """`max_minor`, `max_times`, and a piece is used once: by what each promotion used when it was given."""
    used: dict[str, dict[int, int]] = {}
    original = engine._run_one

    def listening(run: dict[str, Any], promotion: dict[str, Any], offer: dict[str, Any]) -> None:
        original(run, promotion, offer)
        if run["told"][promotion["id"]]["fired"]:
            assert promotion["id"] not in used
            used[promotion["id"]] = dict(offer["used"])

    engine._run_one = listening
    try:
        answer = price(engine, asked)
    finally:
        engine._run_one = original
    known = promotions_of(asked)
    for name, amount in fired(answer).items():
        assert amount <= known[name].get("max_minor", amount)
        pieces = sum(used[name].values())
        assert pieces <= _pieces_of_one(known[name]) * known[name].get("max_times", pieces)
    for place, line in enumerate(asked["basket"]["lines"]):
        most = line["quantity"] if line.get("scale", 1) == 1 else 0
        assert sum(row.get(place, 0) for row in used.values()) <= most


def _pieces_of_one(promotion: dict[str, Any]) -> int:
    if promotion["kind"] == "bundle":
        return sum(part["quantity"] for part in promotion["parts"])
    bought = promotion.get("buy_quantity", 0) if promotion["kind"] == "buy_get" else 0
    return int(bought + promotion.get("get_quantity", 0))


def bad_input_is_refused_by_name(engine: Any, asked: dict[str, Any], dice: random.Random) -> None:
    """Whatever is wrong: ValueError, and its text begins with the field; or it is priced."""
    spoiled = baskets.spoiled(dice)
    try:
        price(engine, {**spoiled, "basket": spoiled["basket"]})
    except ValueError as error:
        refusal = str(error)
    else:
        refusal = ""
        the_decided_cart_comes_to_the_same(engine, spoiled, dice)
    assert not refusal or FIELD.match(refusal), refusal
