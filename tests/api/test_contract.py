"""The API as other programs rely on it: shapes, statuses, stable codes, and words for people."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser

from commerce.company import tokens
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from orders.models import Order
from tests.client import ADDRESS
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory
from tests.factories.stock import receive
from tests.servers import Server

pytestmark = pytest.mark.django_db


class Api:
    """The API in this process: `api("POST", "/carts")` gives status and body."""

    def __init__(self, token: str) -> None:
        self.browser = Browser(headers={"Authorization": f"Bearer {token}"})

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        response = self.browser.generic(
            method,
            f"/api/v1{path}",
            data=b"" if body is None else _encode(body),
            content_type="application/json",
            headers=headers,
        )
        assert response["Content-Type"].startswith("application/")
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json", response.content
            problem = response.json()
            assert {"type", "title", "status", "code", "detail"} <= set(problem)
            assert problem["status"] == response.status_code
        return response.status_code, response.json()


def _encode(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


@pytest.fixture
def api(db: None) -> Api:
    return Api(new_token_in_test())


def new_token_in_test(*scopes: str) -> str:
    with transaction.atomic():
        return tokens.issue("tests", list(scopes) or ["all"], at=now())


@pytest.fixture
def goods() -> None:
    MarketFactory(tax=80_000)
    mug = VariantFactory(sku="MUG", price=1_600)
    receive(mug, LocationFactory(code="PDX-1"), 10)
    LocationFactory(code="WH-1", warehouse=True)


def cart_of(api: Api, quantity: int = 2) -> str:
    status, cart = api("POST", "/carts", {})
    assert status == 201
    assert api("POST", f"/carts/{cart['id']}/lines", {"sku": " mug", "quantity": quantity})[0] == 200
    return str(cart["id"])


def test_from_cart_to_order(api: Api, goods: None, card_network: Server) -> None:
    cart = cart_of(api)
    status, priced = api("GET", f"/carts/{cart}")
    assert status == 200
    assert priced["lines"] == [
        {
            "sku": "MUG",
            "name": priced["lines"][0]["name"],
            "quantity": 2,
            "unit_price": {"amount": 1600, "currency": "USD"},
            "discount": {"amount": 0, "currency": "USD"},
            "discounts": [],
            "total": {"amount": 3200, "currency": "USD"},
        }
    ]
    wish = {"email": "ada@example.com", "fulfillment": {"type": "ship", "address": ADDRESS}}
    status, checkout = api("POST", f"/carts/{cart}/checkout", wish)
    assert status == 200
    assert checkout["tax"] == {"amount": 256, "currency": "USD"}
    assert checkout["total"] == {"amount": 3456, "currency": "USD"}
    assert checkout["client_secret"].startswith("pi_")
    assert checkout["expires_at"] > now().isoformat()
    assert api("GET", "/availability?sku=MUG")[1]["available"] == 8
    status, order = api("POST", f"/carts/{cart}/complete", {"payment_method": "pm_card_visa"})
    assert status == 200
    assert (order["state"], order["payment_status"], order["fulfillment_status"]) == ("open", "paid", "unfulfilled")
    assert order["payments"][0]["card"] == {"brand": "visa", "last4": "4242"}
    assert api("GET", f"/orders/{order['number']}") == (200, order)
    topics = [event["topic"] for event in api("GET", "/events")[1]["events"]]
    assert topics == [] or "order.placed" in topics  # inside the test's own transaction nothing is readable yet


def test_checking_out_again_prolongs_and_a_changed_cart_replaces(api: Api, goods: None, card_network: Server) -> None:
    cart = cart_of(api)
    wish = {"email": "ada@example.com", "fulfillment": {"type": "pickup", "location": "PDX-1"}}
    first = api("POST", f"/carts/{cart}/checkout", wish)[1]
    again = api("POST", f"/carts/{cart}/checkout", wish)[1]
    assert again["client_secret"] == first["client_secret"]
    assert api("PUT", f"/carts/{cart}/lines/MUG", {"quantity": 5})[0] == 200
    status, problem = api("POST", f"/carts/{cart}/complete", {"payment_method": "pm_card_visa"})
    assert (status, problem["code"]) == (409, "cart_changed")
    changed = api("POST", f"/carts/{cart}/checkout", wish)[1]
    assert changed["client_secret"] != first["client_secret"]
    assert api("GET", "/availability?sku=MUG")[1]["available"] == 5
    assert Order.objects.filter(state="canceled").count() == 1


@pytest.mark.parametrize("quantity", [0, -1, 10**9, "abc", 1.5, None, True])
def test_a_quantity_that_is_none_is_refused_by_name(api: Api, goods: None, quantity: Any) -> None:
    cart = api("POST", "/carts", {})[1]["id"]
    status, problem = api("POST", f"/carts/{cart}/lines", {"sku": "MUG", "quantity": quantity})
    assert (status, problem["code"], list(problem["fields"])) == (422, "invalid_input", ["quantity"])
    assert api("GET", f"/carts/{cart}")[1]["lines"] == []


@pytest.mark.parametrize(
    ("wish", "status", "code", "field"),
    [
        ({}, 422, "invalid_input", "email"),
        ({"email": "nobody", "fulfillment": {"type": "ship", "address": ADDRESS}}, 422, "invalid_input", "email"),
        ({"email": "a@example.com", "fulfillment": {"type": "fly"}}, 422, "invalid_input", "fulfillment.type"),
        ({"email": "a@example.com", "fulfillment": {"type": "ship"}}, 422, "invalid_input", "fulfillment.address"),
        ({"email": "a@example.com", "fulfillment": {"type": "pickup"}}, 422, "invalid_input", "fulfillment.location"),
        ({"email": "a@example.com", "fulfillment": {"type": "pickup", "location": "NO-1"}}, 404, "not_found", ""),
        ({"email": "a@example.com", "fulfillment": {"type": "pickup", "location": "WH-1"}}, 409, "cannot_pick_up", ""),
        (
            {"email": "a@example.com", "fulfillment": {"type": "ship", "address": {**ADDRESS, "country": "BR"}}},
            409,
            "cannot_deliver",
            "",
        ),
    ],
)
def test_a_checkout_that_cannot_be(api: Api, goods: None, wish: Any, status: int, code: str, field: str) -> None:
    answered, problem = api("POST", f"/carts/{cart_of(api)}/checkout", wish)
    assert (answered, problem["code"]) == (status, code)
    if field:
        assert field in problem["fields"]
    assert api("GET", "/availability?sku=MUG")[1]["available"] == 10


def test_too_many_says_what_there_is(api: Api, goods: None) -> None:
    wish = {"email": "ada@example.com", "fulfillment": {"type": "ship", "address": ADDRESS}}
    status, problem = api("POST", f"/carts/{cart_of(api, 11)}/checkout", wish)
    assert (status, problem["code"]) == (409, "insufficient_stock")
    assert [(item["sku"], item["requested"], item["available"]) for item in problem["items"]] == [("MUG", 11, 10)]


def test_an_empty_cart_and_one_never_checked_out(api: Api, goods: None) -> None:
    cart = api("POST", "/carts", {})[1]["id"]
    wish = {"email": "ada@example.com", "fulfillment": {"type": "ship", "address": ADDRESS}}
    assert api("POST", f"/carts/{cart}/checkout", wish)[1]["code"] == "empty_cart"
    assert api("POST", f"/carts/{cart}/complete", {"payment_method": "pm_card_visa"})[1]["code"] == "no_checkout"


def test_what_does_not_exist(api: Api, goods: None) -> None:
    cart = api("POST", "/carts", {})[1]["id"]
    for method, path, body in [
        ("POST", f"/carts/{cart}/lines", {"sku": "NO-SUCH", "quantity": 1}),
        ("GET", f"/carts/{new_uid()}", None),
        ("GET", "/orders/999999", None),
        ("GET", "/availability?sku=NO-SUCH", None),
        ("GET", "/availability?sku=MUG&location=NO-1", None),
        ("POST", "/carts", {"market": "mars"}),
    ]:
        status, problem = api(method, path, body)
        assert (status, problem["code"]) == (404, "not_found"), path


def test_a_body_that_is_not_json(api: Api, goods: None) -> None:
    status, problem = api("POST", "/carts", b"{nonsense")
    assert (status, problem["code"]) == (422, "invalid_input")


def test_an_unknown_field_changes_nothing(api: Api, goods: None) -> None:
    """T23: prices and totals are the server's."""
    cart = api("POST", "/carts", {})[1]["id"]
    api("POST", f"/carts/{cart}/lines", {"sku": "MUG", "quantity": 1, "unit_price": 1, "price": {"amount": 1}})
    assert api("GET", f"/carts/{cart}")[1]["total"]["amount"] == 1600


def test_without_a_token_and_with_too_small_a_scope(goods: None) -> None:
    nobody = Api("")
    assert nobody("GET", "/availability?sku=MUG")[0] == 401
    reader = Api(new_token_in_test("availability"))
    assert reader("GET", "/availability?sku=MUG")[0] == 200
    status, problem = reader("POST", "/carts", {})
    assert (status, problem["code"]) == (403, "not_allowed")


def sale(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(new_uid()),
        "location": "PDX-1",
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{"sku": "MUG", "quantity": 1}],
        "tenders": [{"type": "cash", "amount": {"amount": 1728, "currency": "USD"}}],
        **changes,
    }


def test_a_sale_of_a_till(api: Api, goods: None) -> None:
    status, answer = api("POST", "/sales", sale())
    assert status == 201
    assert answer["total"] == {"amount": 1728, "currency": "USD"}
    order = api("GET", f"/orders/{answer['number']}")[1]
    assert (order["channel"], order["state"], order["payment_status"]) == ("pos", "closed", "paid")
    assert api("GET", "/availability?sku=MUG")[1]["locations"][0]["on_hand"] == 9


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "7"}, "id"),
        ({"id": None}, "id"),
        ({"sold_at": "yesterday"}, "sold_at"),
        ({"sold_at": "2026-01-01T10:00:00"}, "sold_at"),
        ({"currency": "EUR", "tenders": [{"type": "cash", "amount": {"amount": 1728, "currency": "EUR"}}]}, "currency"),
        ({"location": "", "register": ""}, "register"),
        ({"location": "NO-1"}, "location"),
        ({"lines": []}, "lines"),
        ({"lines": [{"sku": "MUG", "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "MUG", "quantity": -1}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "MUG", "quantity": 10**9}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "MUG", "quantity": "abc"}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "NO-SUCH", "quantity": 1}]}, "lines.0.sku"),
        ({"lines": [{"quantity": 1}]}, "lines.0.sku"),
        ({"tenders": []}, "tenders"),
        ({"tenders": [{"type": "shells", "amount": {"amount": 1728, "currency": "USD"}}]}, "tenders.0.type"),
        ({"tenders": [{"type": "cash", "amount": 17.28}]}, "tenders.0.amount"),
        ({"tenders": [{"type": "cash", "amount": {"amount": 17.28, "currency": "USD"}}]}, "tenders.0.amount.amount"),
    ],
)
def test_a_sale_that_cannot_be_read_is_refused_by_field(
    api: Api, goods: None, changes: dict[str, Any], field: str
) -> None:
    status, problem = api("POST", "/sales", sale(**changes))
    assert (status, problem["code"]) == (422, "invalid_input")
    assert field in problem["fields"]
    assert Order.objects.count() == 0


def test_payments_that_do_not_add_up(api: Api, goods: None) -> None:
    status, problem = api(
        "POST", "/sales", sale(tenders=[{"type": "cash", "amount": {"amount": 1, "currency": "USD"}}])
    )
    assert (status, problem["code"], problem["due_minor"]) == (422, "tender_mismatch", 1728)
    assert "$17.28" in problem["detail"]


def test_a_price_that_is_not_the_servers_is_charged_and_questioned(api: Api, goods: None) -> None:
    cheaper = sale(
        lines=[{"sku": "MUG", "quantity": 1, "unit_price": {"amount": 1000, "currency": "USD"}}],
        tenders=[{"type": "cash", "amount": {"amount": 1080, "currency": "USD"}}],
    )
    status, answer = api("POST", "/sales", cheaper)
    assert status == 201
    assert answer["total"]["amount"] == 1080
    assert [warning["code"] for warning in answer["warnings"]] == ["price_drift"]


def test_the_schema_names_every_endpoint(client: Browser) -> None:
    text = client.get("/api/v1/schema/").content.decode()
    for path in ("carts", "coupons", "prices", "sales/batch", "availability", "events", "complete", "orders"):
        assert f"/{path}" in text
    assert "/till/api/" not in text
