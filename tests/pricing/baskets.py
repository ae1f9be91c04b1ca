"""Random baskets and sets of rules from a seed, with all that the engine decides in them."""

import copy
import random
from typing import Any

from tests.pricing.carts import LABELS

SKUS = tuple("ABCDEF")
CATEGORIES = ("tents", "boots", "food")
COLLECTIONS = ("new", "sale")
MARKETS = (("USD", False), ("EUR", True), ("JPY", True), ("KWD", False))
PLACES = (["US"], ["US", "US-CA"], ["US", "US-CA", "US-CA-ALAMEDA"], ["US", "US-OR"], [])
KINDS = ("percent", "percent", "amount", "fixed_price", "buy_get", "buy_get", "bundle", "bundle", "tiers", "gift")
GROUPS = ("staff", "vip")
TIMES = ("2026-05-03T14:10:00", "2026-05-04T00:00:00", "2026-05-08T23:59:59", "2026-12-31T01:30:00")
DAYS = ("", "", "", "2026-05-01", "2026-05-04", "2026-05-08T23:59:59", "2027-01-01")


def asked(dice: random.Random) -> dict[str, Any]:
    """{"basket", "rules"} that the engine accepts, as `price_json` takes it."""
    currency, inclusive = dice.choice(MARKETS)
    known = rules(dice, currency, inclusive)
    return {"basket": basket(dice, currency, known), "rules": known}


def rules(dice: random.Random, currency: str, inclusive: bool) -> dict[str, Any]:
    market = {"currency": currency, "prices_include_tax": inclusive, "tax_rounding": dice.choice(("line", "document"))}
    if dice.random() < 0.2:
        market["margin_floor_ppm"] = dice.choice((0, 100_000, 500_000))
    made: dict[str, Any] = {"version": str(dice.randint(0, 9)), "market": market, "lists": lists(dice, currency)}
    made["promotions"] = [promotion(dice, index, currency) for index in range(dice.choice((0, 1, 2, 3, 5, 8, 12)))]
    made["taxes"] = taxes(dice)
    if dice.random() < 0.4:
        made["fees"] = [fee(dice, index, currency) for index in range(dice.randint(1, 2))]
    return made


def lists(dice: random.Random, currency: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [{"code": "base", "currency": currency, "is_base": True}]
    if dice.random() < 0.5:
        derived = {"code": "club", "currency": currency, "base": "base", "factor_ppm": dice.choice((700_000, 933_333))}
        ending = {"step_minor": 100, "ending_minor": dice.choice((0, 99))} if dice.random() < 0.5 else {}
        made.append({**derived, **ending, **scope_of(dice)})
    if dice.random() < 0.5:
        made.append({"code": "other", "currency": currency, "rank": dice.choice((0, 0, 5)), **scope_of(dice)})
    return made


def scope_of(dice: random.Random) -> dict[str, Any]:
    """Where and when something counts; mostly everywhere."""
    made: dict[str, Any] = {}
    if dice.random() < 0.2:
        made["channels"] = [dice.choice(("web", "pos"))]
    if dice.random() < 0.15:
        made["locations"] = ["PDX-1"]
    if dice.random() < 0.15:
        made["markets"] = [dice.choice(("here", "there"))]
    if dice.random() < 0.2:
        made["groups"] = [dice.choice(GROUPS)]
    if dice.random() < 0.2:
        made["starts"], made["ends"] = dice.choice(DAYS), dice.choice(DAYS)
    return made


def select(dice: random.Random, most: int = 2) -> dict[str, Any]:
    kind = dice.choice(("", "skus", "skus", "categories", "collections"))
    names = {"": (), "skus": SKUS, "categories": CATEGORIES, "collections": COLLECTIONS}[kind]
    return {kind: dice.sample(names, min(dice.randint(1, most), len(names)))} if kind else {}


def promotion(dice: random.Random, index: int, currency: str) -> dict[str, Any]:
    kind = dice.choice((*KINDS, "free_shipping"))
    made: dict[str, Any] = {"id": f"p{index}", "label": dice.choice(LABELS), "kind": kind, "currency": currency}
    made.update(select=select(dice, 4), priority=dice.choice((100, 100, 100, 50, 7)))
    if dice.random() < 0.3:
        made.update(scope_of(dice))
    percentage = dice.choice((50_000, 100_000, 333_333, 1_000_000))
    if kind in ("percent", "amount"):
        made["scope"] = dice.choice(("line", "line", "order", "order", "shipping"))
    if kind in ("percent", "buy_get", "gift", "free_shipping"):
        made["value"] = percentage
    else:
        made["value"] = dice.choice((0, 1, 99, 500, 999, 2000, 4999))
    if kind in ("buy_get", "gift"):
        made.update(buy_quantity=dice.randint(0, 3), get_quantity=dice.randint(1, 2))
    if kind == "gift":
        made["select"] = {"skus": dice.sample(SKUS, 2)}
    if kind == "bundle":
        parts = range(dice.randint(1, 3))
        made["parts"] = [{"select": select(dice, 3), "quantity": dice.choice((1, 1, 2))} for _ in parts]
    if kind == "tiers":
        made["tier_kind"] = dice.choice(("percent", "amount", "fixed_price"))
        steps = [(2, 50_000, 100), (5, 100_000, 250), (10, 250_000, 600)][: dice.randint(1, 3)]
        off = 1 if made["tier_kind"] == "percent" else 2
        made["tiers"] = [{"from_quantity": step[0], "value": step[off]} for step in steps]
        made.pop("value")
    made.update(limits(dice))
    return made


def limits(dice: random.Random) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, chance, values in (
        ("exclude", 0.12, ({"skus": ["A"]}, {"collections": ["sale"]}, {"categories": ["food", "boots"]})),
        ("qualify", 0.12, ({"skus": ["B", "C"]}, {"categories": ["tents"]})),
        ("min_spend_minor", 0.15, (1, 1000, 5000, 20_000)),
        ("min_quantity", 0.1, (1, 2, 5)),
        ("max_times", 0.25, (1, 2)),
        ("max_minor", 0.25, (1, 100, 777, 5000)),
        ("weekdays", 0.05, ([0, 6], [1, 2, 3])),
        ("daily_from", 0.05, ("09:00", "22:00")),
        ("daily_until", 0.05, ("02:00", "18:00")),
        ("needs_coupon", 0.15, (True,)),
        ("exclusive", 0.25, (True,)),
        ("best_of", 0.3, ("spring", "summer")),
    ):
        if dice.random() < chance:
            made[name] = dice.choice(values)
    return made


def taxes(dice: random.Random) -> list[dict[str, Any]]:
    made = []
    for jurisdiction in ("US", "US-CA", "US-CA-ALAMEDA"):
        for code in ("state", "local"):
            if dice.random() < 0.5:
                rate = dice.choice((0, 10_000, 62_500, 72_500, 99_750, 200_000))
                row = {"jurisdiction": jurisdiction, "code": code, "name": f"{code} tax", "rate_ppm": rate}
                made.append({**row, "compound": dice.random() < 0.15})
                if dice.random() < 0.4:
                    made.append({**row, "tax_class": "reduced", "rate_ppm": rate // 2, "starts": dice.choice(DAYS)})
    return made


def fee(dice: random.Random, index: int, currency: str) -> dict[str, Any]:
    made: dict[str, Any] = {"code": f"f{index}", "amount_minor": dice.choice((1, 25, 400)), "currency": currency}
    made.update(kind=dice.choice(("fee", "deposit")), tax_class=dice.choice(("", "standard")), select=select(dice))
    if dice.random() < 0.3:
        made["jurisdictions"] = ["US-CA"]
    return made


def basket(dice: random.Random, currency: str, known: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"at": dice.choice(TIMES), "currency": currency, "explain": dice.random() < 0.3}
    made["lines"] = [line(dice, index) for index in range(dice.choice((0, 1, 2, 3, 4, 6, 9)))]
    made.update(channel=dice.choice(("web", "pos")), market=dice.choice(("here", "")), place=dice.choice(PLACES))
    if dice.random() < 0.4:
        made["location"] = dice.choice(("PDX-1", "SEA-1"))
    if dice.random() < 0.5:
        made["groups"] = dice.sample(GROUPS, dice.randint(1, 2))
    coupons = [row["id"] for row in known["promotions"] if row.get("needs_coupon") and dice.random() < 0.7]
    made["coupons"] = [{"code": f"CODE-{name}", "promotion": name} for name in coupons]
    if dice.random() < 0.15:
        made["exempt"] = {"certificate": "R-1", "jurisdictions": dice.choice(([], ["US-CA"], ["US"]))}
    if dice.random() < 0.5:
        made["charges"] = [charge(dice, index) for index in range(dice.randint(1, 3))]
    if dice.random() < 0.25:
        made["order_discounts"] = [by_hand(dice, "order")]
    if dice.random() < 0.2:
        made["cash_rounding"] = {"step_minor": dice.choice((5, 10, 100))}
    return made


def line(dice: random.Random, index: int) -> dict[str, Any]:
    amount = dice.choice((0, 1, 99, 333, 999, 1999, dice.randint(0, 50_000)))
    made: dict[str, Any] = {"id": f"{dice.choice('abz')}{index}", "sku": dice.choice(SKUS)}
    made["quantity"] = dice.choice((1, 1, 1, 2, 3, 7, dice.randint(1, 30)))
    made["categories"] = dice.sample(CATEGORIES, dice.randint(0, 2))
    made["collections"] = dice.sample(COLLECTIONS, dice.choice((0, 0, 1)))
    made["prices"] = [["base", amount, dice.choice((None, amount + 500))], ["base", amount * 9 // 10, None, 3]]
    if dice.random() < 0.3:
        made["prices"].append(["other", dice.choice((amount, amount + 7)), None, 1, dice.choice(DAYS), ""])
    if dice.random() < 0.15:
        made["scale"] = dice.choice((100, 1000))
        made["quantity"] = dice.choice((1, 35, 456, 1000, 12_345))
    if dice.random() < 0.3:
        made["tax_class"] = dice.choice(("reduced", "zero", "toys"))
    if dice.random() < 0.15:
        made["place"] = dice.choice(PLACES[:4])
    if dice.random() < 0.1:
        made["override_minor"] = dice.randint(0, 5000)
    if dice.random() < 0.3:
        made["cost_minor"] = dice.randint(0, 2000)
    if dice.random() < 0.1:
        made["discountable"] = False
    elif dice.random() < 0.2:
        made["discounts"] = [by_hand(dice, made["id"])]
    return made


def by_hand(dice: random.Random, name: str) -> dict[str, Any]:
    kind = dice.choice(("percent", "amount"))
    return {"id": f"hand-{name}", "kind": kind, "value": dice.choice((1, 500, 99_999)), "reason": dice.choice(LABELS)}


def charge(dice: random.Random, index: int) -> dict[str, Any]:
    made = {"id": f"c{index}", "kind": dice.choice(("shipping", "shipping", "fee")), "label": dice.choice(LABELS)}
    made.update(amount_minor=dice.choice((0, 495, 1295)), tax_class=dice.choice(("", "standard")))
    if dice.random() < 0.2:
        made["free_from_minor"] = dice.choice((1, 5000))
    return made


WRONG = (0, -1, 10**30, 1.5, True, "abc", "", [], {}, "x" * 600, ["a"], {"id": 1}, [[]], [None], "2026-13-99T99:99:99")


def spoiled(dice: random.Random) -> dict[str, Any]:
    """One value somewhere replaced by another one, which the engine may refuse."""
    made = copy.deepcopy(asked(dice))
    here: Any = made[dice.choice(("basket", "rules"))]
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = dice.choice(keys)
        if isinstance(here[key], dict | list) and here[key] and dice.random() < 0.8:
            here = here[key]
        else:
            here[key] = dice.choice(WRONG)
            return made
