"""What the engine decides: prices, promotions, taxes. The arithmetic behind it is in test_engine.py and the vectors."""

import copy
import re
from typing import Any

import pytest

from commerce.pricing import engine

RULES: dict[str, Any] = {
    "version": "1",
    "market": {"currency": "USD", "prices_include_tax": False, "tax_rounding": "document"},
    "lists": [
        {"code": "us", "currency": "USD", "is_base": True},
        {"code": "staff", "currency": "USD", "groups": ["staff"], "base": "us", "factor_ppm": 700_000},
    ],
    "taxes": [{"jurisdiction": "US-CA", "code": "ca", "name": "CA sales tax", "rate_ppm": 72_500}],
}


def basket(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = [{"id": f"l{n}", "quantity": 1, **line} for n, line in enumerate(lines)]
    return {"at": "2026-05-03T14:10:00", "currency": "USD", "place": ["US", "US-CA"], "lines": made, **more}


def item(sku: str, amount: int, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"sku": sku, "quantity": quantity, "prices": [["us", amount]], **more}


def rules(*promotions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        **RULES,
        "promotions": [{"id": f"p{n}", "label": f"P{n}", **row} for n, row in enumerate(promotions)],
        **more,
    }


def price(asked: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Priced; and what was decided comes to the same when it is priced again."""
    before = copy.deepcopy((asked, known))
    found = engine.price(asked, known)
    assert (asked, known) == before
    again = engine.price_cart(found["cart"])
    assert engine.canonical_json(again) == engine.canonical_json(
        {key: value for key, value in found.items() if key not in ("cart", "trace", "rules")}
    )
    return found


def test_a_group_sees_the_list_derived_for_it() -> None:
    assert price(basket(item("A", 1000), groups=["staff"]), RULES)["subtotal"] == 700
    assert price(basket(item("A", 1000)), RULES)["subtotal"] == 1000


def test_three_for_two_gives_the_cheapest() -> None:
    offer = rules({"kind": "buy_get", "buy_quantity": 2, "get_quantity": 1})
    found = price(basket(item("A", 1000), item("B", 600), item("C", 800)), offer)
    assert [line["discount"] for line in found["lines"]] == [0, 600, 0]
    assert found["trace"]["promotions"][0] == {
        "id": "p0", "fired": True, "why": "fired", "amount": 600, "missing": 0, "by": ""
    }  # fmt: skip


def test_a_bundle_has_its_price_as_often_as_it_is_whole() -> None:
    parts = [{"select": {"skus": ["A"]}}, {"select": {"skus": ["B"]}, "quantity": 2}]
    offer = rules({"kind": "bundle", "parts": parts, "value": 2000, "currency": "USD"})
    found = price(basket(item("A", 1500, 3), item("B", 500, 4)), offer)
    assert found["total"] - found["tax_total"] == 2 * 2000 + 1500


def test_of_two_exclusive_offers_the_better_one_is_given() -> None:
    offer = rules(
        {"kind": "percent", "value": 100_000, "exclusive": True},
        {"kind": "percent", "value": 250_000, "exclusive": True},
    )
    found = price(basket(item("A", 1000)), offer)
    assert found["discount_total"] == 250
    assert [(row["id"], row["why"], row["by"]) for row in found["trace"]["promotions"]] == [
        ("p0", "exclusive", "p1"),
        ("p1", "fired", ""),
    ]


def test_what_is_missing_for_an_offer_is_told() -> None:
    offer = rules({"kind": "percent", "scope": "order", "value": 100_000, "min_spend_minor": 5000, "currency": "USD"})
    assert price(basket(item("A", 3800)), offer)["trace"]["promotions"][0]["missing"] == 1200
    assert price(basket(item("A", 5000)), offer)["discount_total"] == 500


@pytest.mark.parametrize(("at", "total"), [("2026-11-30T23:59:59", 1000), ("2026-12-01T00:00:00", 900)])
def test_a_planned_price_begins_at_midnight(at: str, total: int) -> None:
    planned = [["us", 1000, None, 1, "", "2026-12-01"], ["us", 900, None, 1, "2026-12-01", ""]]
    assert price(basket({"sku": "A", "prices": planned}, at=at), RULES)["subtotal"] == total


def test_an_exempt_customer_pays_the_price_without_the_tax_that_it_holds() -> None:
    dutch = {
        "market": {"currency": "EUR", "prices_include_tax": True, "tax_rounding": "line"},
        "lists": [{"code": "eu", "currency": "EUR", "is_base": True}],
        "taxes": [{"jurisdiction": "NL", "code": "nl-vat", "name": "VAT", "rate_ppm": 210_000}],
    }
    line = {"sku": "A", "prices": [["eu", 12_100]]}
    asked = basket(line, currency="EUR", place=["NL"], exempt={"certificate": "NL123"})
    found = price(asked, dutch)
    assert (found["total"], found["tax_total"]) == (10_000, 0)
    assert price({**asked, "exempt": None}, dutch)["tax_total"] == 2_100


FEE = {"code": "f", "amount_minor": 1, "currency": "USD"}
CHARGE = {"id": "c", "kind": "fee", "amount_minor": 1}
BY_HAND = {"id": "p0", "kind": "amount", "value": 1}


@pytest.mark.parametrize(
    ("asked", "more", "refusal"),
    [
        ({"charges": [{**CHARGE, "id": "fee:x"}]}, {}, "charges[0].id must not begin with fee:"),
        ({"charges": [{**CHARGE, "discounts": [BY_HAND]}]}, {}, "charges[0].discounts has the id of a promotion"),
        ({}, {"fees": [{**FEE, "amount_minor": 10**12}]}, "fees.amount_minor times the quantity must be"),
        ({}, {"fees": [{**FEE, "code": "f" * 45}]}, "fees[0].code must be a text"),
        (
            {},
            {"promotions": [{"id": "p", "kind": "percent", "daily_from": "9:30"}]},
            "promotions[0].daily_from must be",
        ),
    ],
)
def test_what_could_not_be_priced_again_is_refused(asked: dict[str, Any], more: dict[str, Any], refusal: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(refusal)):
        engine.price(basket(item("A", 1000, 2), **asked), rules({"kind": "percent", "value": 1}, **more))


def test_a_derived_price_has_the_limit_of_a_price() -> None:
    dear = [{"code": "us", "currency": "USD"}, {"code": "x", "currency": "USD", "base": "us", "factor_ppm": 2_000_000}]
    with pytest.raises(ValueError, match=r"^lines\[0\]\.prices that are derived must be a whole number"):
        engine.price(basket(item("A", 10**12)), rules(lists=[dear[0], {**dear[1], "rank": 1}]))


def test_a_promotion_on_the_largest_amounts_can_be_priced_again() -> None:
    found = price(basket(item("A", 10**12, 5000)), rules({"kind": "percent", "value": 500_000}))
    assert found["discount_total"] == 10**12 * 2500
