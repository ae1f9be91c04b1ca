"""Prices worked out by hand, and what the engine says to carts it cannot price."""

import re
from typing import Any

import pytest

from commerce.pricing import engine

VAT_21 = {"code": "NL-S", "name": "VAT 21%", "rate_ppm": 210_000}
VAT_9 = {"code": "NL-R", "name": "VAT 9%", "rate_ppm": 90_000}
STATE = {"code": "NY", "name": "NY sales tax", "rate_ppm": 40_000}
CITY = {"code": "NYC", "name": "New York City", "rate_ppm": 45_000}


def line(name: str, unit: int, quantity: int = 1, taxes: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"id": name, "sku": name.upper(), "quantity": quantity, "unit_minor": unit, "taxes": taxes or [], **more}


def price(*lines: dict[str, Any], included: bool = False, rounding: str = "document", **more: Any) -> dict[str, Any]:
    cart = {"currency": "USD", "prices_include_tax": included, "tax_rounding": rounding, "lines": list(lines)}
    return engine.price_cart({**cart, **more})


def percent(ppm: int, **more: Any) -> dict[str, Any]:
    return {"id": "off", "kind": "percent", "value": ppm, "label": "Off", **more}


def amount(minor: int, **more: Any) -> dict[str, Any]:
    return {"id": "off", "kind": "amount", "value": minor, "label": "Off", **more}


def of_each(priced: dict[str, Any], key: str) -> list[Any]:
    return [row[key] for row in priced["lines"]]


def test_tax_inside_a_european_price() -> None:
    priced = price(line("a", 12_100, taxes=[VAT_21]), line("b", 10_900, taxes=[VAT_9]), included=True)
    assert (priced["total"], priced["net_total"], priced["tax_total"]) == (23_000, 20_000, 3000)
    assert [(tax["code"], tax["base"], tax["amount"]) for tax in priced["taxes"]] == [
        ("NL-R", 10_000, 900),
        ("NL-S", 10_000, 2100),
    ]


def test_tax_added_to_an_american_price() -> None:
    priced = price(line("a", 1999, 2, taxes=[STATE, CITY]))
    assert priced["subtotal"] == 3998
    assert [(tax["code"], tax["amount"]) for tax in priced["taxes"]] == [("NY", 160), ("NYC", 180)]
    assert priced["total"] == 3998 + 340


def test_rounding_by_line_and_by_document_differ_and_both_add_up() -> None:
    """Three times 0.05 at 10 %: each line's 0.005 rounds up to 0.01, while 0.15 at 10 % is 0.02."""
    tenth = {"code": "T", "name": "Ten", "rate_ppm": 100_000}
    lines = [line(name, 5, taxes=[tenth]) for name in "abc"]
    by_line, by_document = price(*lines, rounding="line"), price(*lines)
    assert (by_line["tax_total"], by_document["tax_total"]) == (3, 2)
    assert of_each(by_line, "tax") == [1, 1, 1]
    assert of_each(by_document, "tax") == [1, 1, 0], "equal remainders go to the smaller id"


def test_yen_have_no_cents_and_dinars_a_thousand_fils() -> None:
    tax = {"code": "JP", "name": "消費税", "rate_ppm": 100_000}
    yen = price(line("a", 110, 3, taxes=[tax]), included=True, currency="JPY")
    assert (yen["total"], yen["tax_total"]) == (330, 30)
    dinars = price(line("a", 1_234, 3, taxes=[{"code": "KW", "rate_ppm": 50_000}]), currency="KWD")
    assert (dinars["total"], dinars["tax_total"]) == (3702 + 185, 185)


def test_a_compound_tax_is_taken_on_the_taxes_before_it() -> None:
    """Quebec before 2013: 7.5 % on the price and the 5 % together."""
    gst = {"code": "GST", "name": "GST", "rate_ppm": 50_000}
    qst = {"code": "QST", "name": "QST", "rate_ppm": 75_000, "compound": True}
    added = price(line("a", 10_000, taxes=[qst, gst]))
    assert [(tax["code"], tax["base"], tax["amount"]) for tax in added["taxes"]] == [
        ("GST", 10_000, 500),
        ("QST", 10_500, 788),
    ]
    inside = price(line("a", 11_288, taxes=[gst, qst]), included=True)
    assert [(tax["code"], tax["amount"]) for tax in inside["taxes"]] == [("GST", 500), ("QST", 788)]
    assert inside["net_total"] == 10_000


def test_discounts_follow_one_another() -> None:
    """10 % of 20.00, then 1.00, then a fixed price of 5.00 each: 20.00, 18.00, 17.00, 10.00."""
    discounts = [percent(100_000), amount(100, id="one"), {"id": "fix", "kind": "fixed_price", "value": 500}]
    priced = price(line("a", 1000, 2, discounts=discounts))
    assert [taken["amount"] for taken in priced["lines"][0]["adjustments"]] == [200, 100, 700]
    assert (priced["discount_total"], priced["total"]) == (1000, 1000)


def test_a_discount_is_never_more_than_the_price() -> None:
    priced = price(line("a", 500, discounts=[amount(900)]), line("b", 300), order_discounts=[amount(1000, id="all")])
    assert priced["total"] == 0
    assert priced["discount_total"] == 800
    assert priced["adjustments"][0]["amount"] == 300
    fixed = price(line("a", 500, discounts=[{"id": "f", "kind": "fixed_price", "value": 600}]))
    assert (fixed["total"], fixed["lines"][0]["adjustments"][0]["amount"]) == (500, 0)


def test_an_order_discount_is_shared_to_the_cent() -> None:
    """10.00 over 9.99, 9.99 and 0.02: exact shares are 4.995, 4.995 and 0.01."""
    priced = price(line("a", 999), line("b", 999), line("c", 2), order_discounts=[amount(1000, source="coupon")])
    assert of_each(priced, "discount") == [500, 499, 1]
    assert {taken["source"] for row in priced["lines"] for taken in row["adjustments"]} == {"coupon"}
    assert priced["adjustments"][0]["amount"] == 1000


def test_an_order_discount_can_be_for_some_lines_only() -> None:
    half = percent(500_000, line_ids=["b"], label="Second one half price", source="promotion")
    priced = price(line("a", 1000), line("b", 1000), order_discounts=[half])
    assert of_each(priced, "discount") == [0, 500]


def test_charges_are_taxed_and_can_be_waived() -> None:
    delivery = {"id": "s", "kind": "shipping", "label": "DHL", "amount_minor": 605, "taxes": [VAT_21]}
    priced = price(line("a", 1210, taxes=[VAT_21]), included=True, charges=[delivery])
    assert (priced["total"], priced["shipping_total"], priced["tax_total"]) == (1815, 605, 315)
    waived = price(line("a", 1210), included=True, charges=[{**delivery, "discounts": [percent(1_000_000)]}])
    assert (waived["total"], waived["shipping_total"], waived["discount_total"]) == (1210, 605, 605)
    bag = {"id": "f", "kind": "fee", "label": "Bag", "amount_minor": 10}
    assert price(line("a", 100), charges=[bag])["fee_total"] == 10


def test_savings_and_the_steps_of_a_price() -> None:
    priced = price(line("a", 800, 2, taxes=[STATE], compare_at_minor=1000, discounts=[percent(250_000)]))
    assert (priced["savings"], priced["total"]) == (800, 1248)
    assert [(note["code"], note["amount"], note["running"]) for note in priced["lines"][0]["notes"]] == [
        ("compare_at", 2000, 2000),
        ("markdown", -400, 1600),
        ("line_discount", -400, 1200),
        ("tax_added", 48, 1248),
    ]
    inside = price(line("a", 1210, taxes=[VAT_21]), included=True)
    assert [(note["code"], note["running"]) for note in inside["lines"][0]["notes"]] == [
        ("price", 1210),
        ("tax_included", 1210),
    ]


def test_cash_is_rounded_beside_the_total_not_in_it() -> None:
    priced = price(line("a", 1998), cash_rounding={"step_minor": 5})
    assert priced["total"] == 1998
    assert priced["cash"] == {"step": 5, "due": 2000, "rounding": 2}
    assert price(line("a", 1998))["cash"] is None


def test_an_empty_cart_costs_nothing() -> None:
    priced = price()
    assert (priced["total"], priced["taxes"], priced["lines"]) == (0, [], [])


@pytest.mark.parametrize(
    ("total", "step", "due"),
    [(102, 5, 100), (103, 5, 105), (-103, 5, -105), (-102, 5, -100), (105, 10, 110), (-105, 10, -110), (2, 5, 0)],
)
def test_cash_rounds_to_the_nearest_coin_and_back_again(total: int, step: int, due: int) -> None:
    assert engine.cash_due(total, step) == due


def test_change_and_quick_cash() -> None:
    assert engine.change_due(1732, 2000) == 268
    assert engine.change_due(-500, 0) == 500
    with pytest.raises(ValueError, match="tendered_minor is short by 32"):
        engine.change_due(1732, 1700)
    assert engine.quick_cash(1732, [100, 500, 1000, 2000, 5000, 10_000]) == [1732, 1800, 2000, 5000, 10_000]
    assert engine.quick_cash(2310, [100, 500, 1000, 2000, 5000, 10_000]) == [2310, 2400, 2500, 3000, 4000, 5000]
    assert engine.quick_cash(2000, [500, 1000, 2000], 3) == [2000]
    assert engine.quick_cash(0, [100]) == engine.quick_cash(-5, [100]) == []


@pytest.mark.parametrize(
    ("currency", "unit", "quantity", "scale", "gross"),
    [
        ("USD", 1200, 35, 100, 420),  # 0.35 m at 12.00
        ("USD", 1299, 35, 100, 455),  # 4.5465
        ("USD", 999, 5, 1000, 5),  # 0.004995 is 0.00 down, 4.995 cents is 5 up
        ("USD", 1, 50, 100, 1),  # half a cent
        ("USD", 1, 49, 100, 0),
        ("KWD", 3_250, 125, 1000, 406),  # 0.125 kg at 3.250 dinars: 0.40625
        ("KWD", 12_345, 35, 100, 4_321),  # 4.32075
        ("JPY", 980, 3, 10, 294),
        ("JPY", 985, 1, 10, 99),  # 98.5
        ("USD", 1200, 1_000_000_000, 1000, 1_200_000_000),
    ],
)
def test_goods_by_measure_are_rounded_once(currency: str, unit: int, quantity: int, scale: int, gross: int) -> None:
    priced = price(line("a", unit, quantity, scale=scale), currency=currency)
    assert (priced["lines"][0]["gross"], priced["subtotal"], priced["total"]) == (gross, gross, gross)
    assert priced["lines"][0]["scale"] == scale
    assert priced["lines"][0]["notes"] == [{"code": "price", "label": "", "amount": gross, "running": gross}]


def test_a_fixed_price_and_savings_are_of_one_unit() -> None:
    """0.35 m at 12.00, reduced from 15.00, for 9.99 a meter: 3.50 of 4.20 of 5.25."""
    offer = {"id": "off", "kind": "fixed_price", "value": 999, "label": "Remnant"}
    priced = price(line("a", 1200, 35, scale=100, compare_at_minor=1500, discounts=[offer], taxes=[STATE]))
    [row] = priced["lines"]
    assert (row["gross"], row["discount"], row["net"], row["tax"], row["total"]) == (420, 70, 350, 14, 364)
    assert row["savings"] == 525 - 350
    assert [(note["code"], note["running"]) for note in row["notes"]] == [
        ("compare_at", 525),
        ("markdown", 420),
        ("line_discount", 350),
        ("tax_added", 364),
    ]


def test_pieces_are_priced_and_written_as_if_there_were_no_scale() -> None:
    assert price(line("a", 1999, 3, scale=1)) == price(line("a", 1999, 3))
    assert "scale" not in price(line("a", 1999, 3))["lines"][0]


@pytest.mark.parametrize("scale", [0, -1, 1001, "100", True, 1.5])
def test_scales_that_cannot_be(scale: Any) -> None:
    with pytest.raises(ValueError, match=r"^lines\[0\]\.scale must be a whole number from 1 to 1000, not "):
        price(line("a", 100, scale=scale))


def test_the_most_of_a_measured_good_is_a_million_units() -> None:
    message = r"^lines\[0\]\.quantity must be a whole number from 1 to 100000000, not 100000001$"
    with pytest.raises(ValueError, match=message):
        price(line("a", 100, 100_000_001, scale=100))


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [(0, "0"), (-1, "-1"), (10**9, "1000000000"), ("abc", '"abc"'), (True, "true"), (1.5, "a decimal fraction")],
)
def test_quantities_that_cannot_be(quantity: object, shown: str) -> None:
    message = f"lines[0].quantity must be a whole number from 1 to 1000000, not {shown}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        price(line("a", 100) | {"quantity": quantity})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"currency": "usd"}, 'currency must be three capital letters, not "usd"'),
        ({"currency": None}, "currency is missing"),
        ({"prices_include_tax": "yes"}, 'prices_include_tax must be true or false, not "yes"'),
        ({"tax_rounding": "up"}, 'tax_rounding must be line or document, not "up"'),
        ({"lines": {}}, "lines must be a list, not an object"),
        ({"lines": [5]}, "lines[0] must be an object, not 5"),
        ({"lines": [line("a", -1)]}, "lines[0].unit_minor must be a whole number from 0 to 1000000000000, not -1"),
        ({"lines": [line("a", 1), line("a", 2)]}, 'lines has "a" twice'),
        ({"lines": [line("a", 1, taxes=[STATE, STATE])]}, 'lines[0].taxes has "NY" twice'),
        ({"lines": [{"id": "a", "unit_minor": 1}]}, "lines[0].quantity is missing"),
        ({"lines": [line("", 1)]}, 'lines[0].id must be a text of 1 to 100 characters, not ""'),
        (
            {"lines": [line("a", 10**12, 10**6)]},
            f"lines[0].gross must be a whole number from 0 to {2**53 - 1}, not {10**18}",
        ),
        (
            {"lines": [line("a", 1, discounts=[percent(1_000_001)])]},
            "lines[0].discounts[0].value must be a whole number from 0 to 1000000, not 1000001",
        ),
        (
            {"order_discounts": [{"id": "o", "kind": "fixed_price", "value": 1}]},
            'order_discounts[0].kind must be percent or amount, not "fixed_price"',
        ),
        (
            {"order_discounts": [amount(1, line_ids=["z"])]},
            "order_discounts[0].line_ids names a line that is not in the cart",
        ),
        (
            {"cash_rounding": {"step_minor": 0}},
            "cash_rounding.step_minor must be a whole number from 1 to 1000000000000, not 0",
        ),
    ],
)
def test_a_bad_cart_is_refused_by_the_name_of_the_field(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$") as refused:
        price(line("a", 100), **change)
    assert type(refused.value) is ValueError


def test_totals_that_javascript_could_not_hold_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^subtotal must be a whole number"):
        price(*[line(str(index), 10**12, 9000) for index in range(2)])


def test_the_json_way_is_canonical() -> None:
    text = '{"tax_rounding":"line","lines":[],"currency":"USD","prices_include_tax":false}'
    answer = engine.price_json(text)
    assert answer.startswith(
        '{"adjustments":[],"cash":null,"charges":[],"currency":"USD","discount_total":0,"engine":2,'
    )
    assert (
        engine.canonical_json({"b": [1, None, True], "a": 'x"\\\n\x01é'})
        == '{"a":"x\\"\\\\\\u000a\\u0001é","b":[1,null,true]}'
    )
    with pytest.raises(ValueError, match=r"^cart is not valid JSON$"):
        engine.price_json("{")
    with pytest.raises(ValueError, match=r"^cart must be an object, not a list$"):
        engine.price_json("[]")
