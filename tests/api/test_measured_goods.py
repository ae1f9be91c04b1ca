"""Goods by the meter in the API: in units outside, in smallest amounts inside."""

from typing import Any

import pytest
from django.test import Client as Browser

from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory.models import StockLevel
from orders.models import Order, OrderLine
from tests.api.test_contract import Api, new_token_in_test
from tests.client import ADDRESS
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory
from tests.factories.stock import receive
from tests.servers import Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(db: None) -> Api:
    return Api(new_token_in_test())


@pytest.fixture
def ribbon() -> Variant:
    MarketFactory(tax=0)
    made = VariantFactory(sku="RIBBON", price=1_200, unit="m", unit_scale=100, product__title="Cotton ribbon")
    receive(made, LocationFactory(code="PDX-1"), 1_000)
    VariantFactory(sku="MUG", price=1_600, product__title="Trail mug")
    LocationFactory(code="WH-1", warehouse=True)
    return made


def test_a_cart_takes_and_shows_units(api: Api, ribbon: Variant, card_network: Server) -> None:
    cart = api("POST", "/carts", {})[1]["id"]
    assert api("POST", f"/carts/{cart}/lines", {"sku": "RIBBON", "quantity": "0.35"})[0] == 200
    status, priced = api("POST", f"/carts/{cart}/lines", {"sku": "RIBBON", "quantity": 0.4})
    line = priced["lines"][0]
    assert (status, line["quantity"], line["unit"]) == (200, "0.75", "m")
    assert (line["unit_price"]["amount"], line["total"]["amount"]) == (1_200, 900)
    status, priced = api("PUT", f"/carts/{cart}/lines/RIBBON", {"quantity": "0.35"})
    assert (status, priced["lines"][0]["quantity"], priced["total"]["amount"]) == (200, "0.35", 420)
    wish = {"email": "ada@example.com", "fulfillment": {"type": "pickup", "location": "PDX-1", "address": ADDRESS}}
    assert api("POST", f"/carts/{cart}/checkout", wish)[0] == 200
    there = api("GET", "/availability?sku=RIBBON")[1]
    assert (there["unit"], there["available"], there["locations"][0]["reserved"]) == ("m", "9.65", "0.35")
    status, order = api("POST", f"/carts/{cart}/complete", {"payment_method": "pm_card_visa"})
    line = order["lines"][0]
    assert (status, line["quantity"], line["unit"], line["fulfilled"]) == (200, "0.35", "m", "0")
    assert order["fulfillments"][0]["lines"] == [{"sku": "RIBBON", "quantity": "0.35"}]
    kept = OrderLine.objects.get()
    assert (kept.quantity, kept.unit, kept.unit_scale, kept.gross_minor) == (35, "m", 100, 420)


@pytest.mark.parametrize(
    ("sku", "quantity", "problem"),
    [
        ("RIBBON", "0.355", "Cotton ribbon is sold in steps of 0.01 m."),
        ("RIBBON", 0, "Enter 0.01 m or more."),
        ("RIBBON", "-1", "Enter 0.01 m or more."),
        ("RIBBON", "abc", "Enter the amount as a number, such as 1.5 m."),
        ("RIBBON", 10_000, "At most 9999 m can be ordered at once."),
        ("MUG", 1.5, "Trail mug is sold in whole pieces."),
        ("MUG", "0.35", "Trail mug is sold in whole pieces."),
        ("MUG", 10_000, "At most 9999 can be ordered at once."),
    ],
)
def test_an_amount_that_cannot_be_is_refused_in_words(
    api: Api, ribbon: Variant, sku: str, quantity: Any, problem: str
) -> None:
    cart = api("POST", "/carts", {})[1]["id"]
    status, refused = api("POST", f"/carts/{cart}/lines", {"sku": sku, "quantity": quantity})
    assert (status, refused["fields"]) == (422, {"quantity": [problem]})
    assert api("GET", f"/carts/{cart}")[1]["lines"] == []


def test_what_is_missing_is_said_in_units(api: Api, ribbon: Variant, card_network: Server) -> None:
    cart = api("POST", "/carts", {})[1]["id"]
    assert api("POST", f"/carts/{cart}/lines", {"sku": "RIBBON", "quantity": "10.5"})[0] == 200
    wish = {"email": "ada@example.com", "fulfillment": {"type": "pickup", "location": "PDX-1"}}
    status, problem = api("POST", f"/carts/{cart}/checkout", wish)
    assert (status, problem["code"]) == (409, "insufficient_stock")
    assert (problem["items"][0]["requested"], problem["items"][0]["available"]) == ("10.5", "10")


def sale(quantity: Any, amount: int, **line: Any) -> dict[str, Any]:
    return {
        "id": str(new_uid()),
        "location": "PDX-1",
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{"sku": "RIBBON", "quantity": quantity, **line}],
        "tenders": [{"type": "cash", "amount": {"amount": amount, "currency": "USD"}}],
    }


@pytest.mark.parametrize(("quantity", "amount", "left"), [("0.35", 420, 965), (0.35, 420, 965), (2, 2_400, 800)])
def test_a_till_sells_by_the_meter(api: Api, ribbon: Variant, quantity: Any, amount: int, left: int) -> None:
    status, answer = api("POST", "/sales", sale(quantity, amount))
    assert (status, answer["warnings"]) == (201, [])
    assert StockLevel.objects.get(variant=ribbon, location__code="PDX-1").on_hand == left
    line = OrderLine.objects.get()
    assert (line.quantity, line.unit_scale, line.unit, line.fulfilled) == (1_000 - left, 100, "m", 1_000 - left)


def test_a_till_cannot_sell_finer_than_the_goods_are_sold(api: Api, ribbon: Variant) -> None:
    status, problem = api("POST", "/sales", sale("0.355", 426))
    assert (status, problem["fields"]) == (422, {"lines.0.quantity": ["Cotton ribbon is sold in steps of 0.01 m."]})
    assert Order.objects.count() == 0


def test_the_schema_says_how_quantities_are_written(client: Browser) -> None:
    text = client.get("/api/v1/schema/").content.decode()
    assert "In units of the variant. Pieces are whole numbers." in text
