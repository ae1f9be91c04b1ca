"""The golden vectors: baskets whose answers were worked out by hand, with the arithmetic shown.

A file of `vectors/` holds `name`, `why`, `arithmetic` (lines), `basket` and `rules` (or a `cart`), and `expect`:

    subtotal, total, tax_total …   fields of the answer        taxes        {code: amount}
    lines, charges                 {id: {field: value}}; `taxes` in it is {code: amount}
    fired                          {promotion: amount}, exactly these
    why                            {promotion: [why, missing]} or [why, missing, by]
    sources                        {promotion: [source, reason]} of its adjustments
    adjustments                    {id: amount} of discounts on the order
    prices                         {line: list that won}       considered   {line: {list: why}}
    error                          the refusal, instead of all that
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from commerce.pricing import engine

FOLDER = Path(__file__).parent / "vectors"


def vectors() -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))]


def text(vector: dict[str, Any]) -> str:
    """What `price_json` is given for a vector."""
    asked = vector["cart"] if "cart" in vector else {"basket": vector["basket"], "rules": vector["rules"]}
    return json.dumps(asked, ensure_ascii=False)


def differences(vector: dict[str, Any], price_json: Callable[[str], str] = engine.price_json) -> list[str]:
    """What an engine gives otherwise than was worked out, as sentences."""
    expect = vector["expect"]
    try:
        answer = json.loads(price_json(text(vector)))
    except ValueError as error:
        return [] if str(error) == expect.get("error") else [f"refused: {error}"]
    return [
        f"{name}: {found!r}, by hand {wanted!r}"
        for name, wanted in expect.items()
        if (found := _found(name, wanted, answer)) != wanted
    ]


def _found(name: str, wanted: Any, answer: dict[str, Any]) -> Any:
    """The part of the answer that an expectation speaks of, in the expectation's shape."""
    if name in ("lines", "charges"):
        rows = {row["id"]: row for row in answer[name]}
        return {key: {field: _field(rows[key], field) for field in fields} for key, fields in wanted.items()}
    if name == "error":
        return None
    reader = _READERS.get(name)
    return reader(wanted, answer) if reader else answer[name]


def _field(row: dict[str, Any], field: str) -> Any:
    return {tax["code"]: tax["amount"] for tax in row["taxes"]} if field == "taxes" else row[field]


def _fired(wanted: dict[str, int], answer: dict[str, Any]) -> dict[str, int]:
    return {row["id"]: row["amount"] for row in answer["trace"]["promotions"] if row["fired"]}


def _why(wanted: dict[str, list[Any]], answer: dict[str, Any]) -> dict[str, list[Any]]:
    told = {row["id"]: [row["why"], row["missing"], row["by"]] for row in answer["trace"]["promotions"]}
    return {name: told[name][: len(row)] for name, row in wanted.items() if name in told}


def _considered(wanted: dict[str, Any], answer: dict[str, Any]) -> dict[str, dict[str, str]]:
    rows = {row["id"]: row for row in answer["trace"]["prices"]}
    return {name: {one["list"]: one["why"] for one in rows[name]["considered"]} for name in wanted}


def _prices(wanted: dict[str, str], answer: dict[str, Any]) -> dict[str, str]:
    return {row["id"]: row["list"] for row in answer["trace"]["prices"] if row["id"] in wanted}


def _sources(wanted: dict[str, Any], answer: dict[str, Any]) -> dict[str, list[str]]:
    items = answer["lines"] + answer["charges"]
    taken = [one for item in items for one in item["adjustments"] if one["id"] in wanted]
    return {one["id"]: [one["source"], one["reason"]] for one in taken}


_READERS: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "fired": _fired,
    "why": _why,
    "considered": _considered,
    "prices": _prices,
    "sources": _sources,
    "adjustments": lambda _, answer: {row["id"]: row["amount"] for row in answer["adjustments"]},
    "taxes": lambda _, answer: {row["code"]: row["amount"] for row in answer["taxes"]},
    "below_floor": lambda _, answer: answer["trace"]["below_floor"],
}
