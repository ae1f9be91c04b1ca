"""Random carts from a seed, for comparing the engine with itself in two Pythons and for its properties."""

import random
from typing import Any

UNITS = {"USD": 2500, "EUR": 2500, "JPY": 300_000, "KWD": 9000}
MOST = 1_000_000
RATES = (0, 20_000, 40_000, 62_500, 68_750, 88_750, 70_000, 135_000, 190_000, 210_000, 255_000, 270_000, 1_000_000)
LABELS = (
    "",
    "10 % off",
    "Früh-Rabatt",
    "割引",
    'say "hi" \\o/',
    "tab\tand\nline",
    "🎁",
    "x" * 120,
    "a\x7fb\x08c\x0cd\x01",
)


def cart(dice: random.Random) -> dict[str, Any]:
    """A cart the engine accepts, with the odd things real ones have."""
    currency = dice.choice(list(UNITS))
    lines = [line(dice, index, UNITS[currency]) for index in range(dice.choice((0, 1, 1, 2, 3, 5, 8, 13)))]
    made: dict[str, Any] = {
        "currency": currency,
        "prices_include_tax": dice.random() < 0.5,
        "tax_rounding": dice.choice(("line", "document")),
        "lines": lines,
    }
    if dice.random() < 0.6:
        made["order_discounts"] = [order_discount(dice, index, lines) for index in range(dice.randint(0, 3))]
    if dice.random() < 0.6:
        made["charges"] = [charge(dice, index, UNITS[currency]) for index in range(dice.randint(0, 2))]
    if dice.random() < 0.3:
        made["cash_rounding"] = dice.choice((None, {"step_minor": dice.choice((1, 5, 10, 50, 100))}))
    return made


def line(dice: random.Random, index: int, scale: int) -> dict[str, Any]:
    unit = dice.choice((0, 1, 2, 3, 99, 999, 1999, dice.randint(0, scale), dice.randint(0, scale * 1000), 10**9))
    made: dict[str, Any] = {
        "id": f"{dice.choice('abcäz')}{index}",
        "sku": dice.choice(LABELS),
        "quantity": dice.choice((1, 1, 1, 2, 3, 7, dice.randint(1, 500), 10_000)),
        "unit_minor": unit,
        "taxes": taxes(dice),
    }
    if dice.random() < 0.3:  # by the meter, the kilogram
        made["scale"] = dice.choice((1, 10, 100, 1000))
        made["quantity"] = dice.choice((1, 35, made["scale"], made["scale"] // 2 + 1, dice.randint(1, 10_000_000)))
        made["quantity"] = min(made["quantity"], MOST * made["scale"])
    if dice.random() < 0.3:
        made["compare_at_minor"] = dice.choice((None, unit, unit + dice.randint(0, scale), max(0, unit - 5)))
    if dice.random() < 0.5:
        made["discounts"] = [line_discount(dice, place, unit) for place in range(dice.randint(0, 3))]
    return made


def taxes(dice: random.Random) -> list[dict[str, Any]]:
    """None, one (mostly), or several with compound ones among them; a small stock of codes so that lines share them."""
    made = []
    for code in dice.sample("ABCDE", dice.choice((0, 1, 1, 1, 1, 2, 3, 4))):
        rate = RATES[(ord(code) * 7) % len(RATES)] if dice.random() < 0.8 else dice.choice(RATES)
        tax: dict[str, Any] = {"code": code, "name": f"{dice.choice(LABELS)} {code}", "rate_ppm": rate}
        if dice.random() < 0.2:
            tax["compound"] = dice.random() < 0.8
        made.append(tax)
    return made


def line_discount(dice: random.Random, place: int, unit: int) -> dict[str, Any]:
    kind = dice.choice(("percent", "amount", "fixed_price"))
    value = dice.choice((0, 50_000, 333_333, 1_000_000)) if kind == "percent" else dice.randint(0, unit + unit // 2 + 2)
    return {
        "id": f"d{place}",
        "kind": kind,
        "value": value,
        "label": dice.choice(LABELS),
        "reason": dice.choice(LABELS),
    }


def order_discount(dice: random.Random, place: int, lines: list[dict[str, Any]]) -> dict[str, Any]:
    kind = dice.choice(("percent", "amount"))
    value = dice.choice((0, 100_000, 123_456, 999_999, 1_000_000)) if kind == "percent" else dice.randint(0, 9999)
    made: dict[str, Any] = {"id": f"o{place}", "kind": kind, "value": value, "label": dice.choice(LABELS)}
    if dice.random() < 0.5:
        made["source"] = dice.choice(("promotion", "coupon", "manual"))
    if dice.random() < 0.3:
        made["line_ids"] = [one["id"] for one in lines if dice.random() < 0.5]
    return made


def charge(dice: random.Random, index: int, scale: int) -> dict[str, Any]:
    kind = dice.choice(("shipping", "fee"))
    amount = dice.choice((0, 495, dice.randint(0, scale)))
    made = {"id": f"c{index}", "kind": kind, "label": kind, "amount_minor": amount, "taxes": taxes(dice)}
    if dice.random() < 0.3:
        made["discounts"] = [
            {"id": "free", "kind": "percent", "value": 1_000_000, "label": "Free", "source": "promotion"}
        ]
    return made


def spoiled(dice: random.Random) -> Any:
    """A cart with one thing wrong in it."""
    made = cart(dice)
    made["lines"] = [*made["lines"], line(dice, 99, 1000)]
    wrong = dice.choice((0, -1, 10**9 + 1, 10**30, 1.5, True, "abc", "", None, [], {}, "x" * 600, ["a"], {"id": 1}))
    row = dice.choice(made["lines"])
    target, names = dice.choice(
        (
            (made, ("currency", "prices_include_tax", "tax_rounding", "lines", "charges", "order_discounts")),
            (row, ("id", "quantity", "scale", "unit_minor", "compare_at_minor", "taxes", "discounts", "sku")),
        )
    )
    target[dice.choice(names)] = wrong
    return dice.choice((made, made, made, made, [made], wrong))
