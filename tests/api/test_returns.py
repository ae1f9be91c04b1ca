"""Returns as other programs make them."""

from typing import Any

import pytest

from commerce.kernel.clock import now
from inventory.models import StockLevel
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.models import Order, Refund, Return
from tests.api.test_contract import Api, new_token_in_test
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


@pytest.fixture
def api(db: None) -> Api:
    return Api(new_token_in_test())


@pytest.fixture
def order(world: World) -> Order:
    made = world.order(world.mug, 2)
    ship_fulfillment(made.fulfillments.get().uid, carrier="", tracking="", person=world.manager, at=now())
    return made


def wish(**changes: Any) -> dict[str, Any]:
    line = {"sku": " mug", "quantity": 1, "reason": "wrong_size", "disposition": "restock"}
    return {"lines": [{**line, **changes.pop("line", {})}], "location": "PDX-1", **changes}


def test_a_return_once_however_often_it_is_asked_for(api: Api, world: World, order: Order) -> None:
    before = StockLevel.objects.get(variant=world.mug, location=world.store).on_hand
    path = f"/orders/{order.number}/returns"
    status, made = api("POST", path, wish(), **{"Idempotency-Key": "k-1"})
    assert status == 201
    assert made["total"] == {"amount": 1_728, "currency": "USD"}
    assert made["lines"][0] | {"line": ""} == {
        "line": "",
        "sku": "MUG",
        "quantity": 1,
        "reason": "wrong_size",
        "disposition": "restock",
        "serials": [],
        "tax": {"amount": 128, "currency": "USD"},
        "total": {"amount": 1_728, "currency": "USD"},
    }
    assert [(row["tender"], row["state"]) for row in made["refunds"]] == [("card_online", "succeeded")]
    assert api("POST", path, wish(), **{"Idempotency-Key": "k-1"}) == (201, made)
    assert (Return.objects.count(), Refund.objects.count()) == (1, 1)
    assert StockLevel.objects.get(variant=world.mug, location=world.store).on_hand == before + 1
    other = api("POST", path, wish(note="other"), **{"Idempotency-Key": "k-1"})
    assert (other[0], other[1]["code"]) == (409, "idempotency_key_reused")
    shown = api("GET", f"/orders/{order.number}")[1]
    assert [row["number"] for row in shown["returns"]] == [made["number"]]
    assert shown["refunds"] == made["refunds"]
    assert (shown["lines"][0]["returned"], shown["payment_status"]) == (1, "partly_refunded")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (wish(line={"quantity": 3}), 409, "not_returnable"),
        (wish(line={"quantity": 0}), 422, "invalid_input"),
        (wish(line={"quantity": "many"}), 422, "invalid_input"),
        (wish(line={"sku": "TENT"}), 422, "invalid_input"),
        (wish(line={"sku": None}), 422, "invalid_input"),
        (wish(line={"disposition": "burn"}), 422, "invalid_input"),
        (wish(location="NOWHERE"), 404, "not_found"),
        (wish(refund={"tender": "seashells"}), 422, "cannot_give_back_by"),
        (wish(lines=[]), 422, "invalid_input"),
        ({}, 422, "invalid_input"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    api: Api, order: Order, body: dict[str, Any], status: int, code: str
) -> None:
    answer = api("POST", f"/orders/{order.number}/returns", body)
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert not Return.objects.exists()


def test_who_only_reads_orders_takes_nothing_back(order: Order) -> None:
    reader = Api(new_token_in_test("orders"))
    assert reader("POST", f"/orders/{order.number}/returns", wish())[0] == 403


def test_another_tender_and_the_shipping(api: Api, order: Order) -> None:
    body = wish(line={"quantity": 2}, refund={"tender": "cash", "with_shipping": True})
    made = api("POST", f"/orders/{order.number}/returns", body)[1]
    assert [(row["tender"], row["state"]) for row in made["refunds"]] == [("cash", "succeeded")]
    assert made["total"]["amount"] == order.total_minor


def test_the_schema_tells_of_it(api: Api) -> None:
    schema = Api(new_token_in_test()).browser.get("/api/v1/schema/?format=json").json()
    body = schema["paths"]["/api/v1/orders/{number}/returns"]["post"]
    assert "not_returnable" in body["description"]
    lines = schema["components"]["schemas"]["ReturnLineInput"]["properties"]
    assert set(lines) == {"sku", "line", "quantity", "reason", "disposition", "serials"}
