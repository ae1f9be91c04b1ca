"""F03, F05, F06: the database is gone, comes back, or keeps a caller waiting."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from commerce.kernel.db import rows
from inventory.models import StockLevel
from orders.models import Order
from tests.client import new_token
from tests.faults.conftest import Api, sale, together
from tests.world import World

pytestmark = [pytest.mark.timeout(60), pytest.mark.usefixtures("clean_afterwards")]


@contextmanager
def locked_row(level: StockLevel) -> Iterator[None]:
    """Somebody sits on a stock level in psql."""
    held, done = threading.Event(), threading.Event()

    def sit() -> None:
        with transaction.atomic():
            rows("SELECT 1 FROM inventory_stocklevel WHERE id = %s FOR UPDATE", [level.pk])
            held.set()
            done.wait(30)
        connection.close()

    thread = threading.Thread(target=sit)
    thread.start()
    held.wait(10)
    try:
        yield
    finally:
        done.set()
        thread.join()


def timed(api: Api, body: object) -> tuple[int, float]:
    began = time.monotonic()
    return api.post("/sales", body).status, time.monotonic() - began


def test_one_hot_row_holds_up_its_own_buyers_only(world: World) -> None:
    """F06: they are told to come again within some three seconds; other goods of the same store go on selling."""
    api = Api(new_token(), {})
    without_register = {"register": None, "location": "PDX-1", "cashier": None}
    hot, other = sale(world, **without_register), [sale(world, sku="TENT", **without_register) for _n in range(2)]
    with locked_row(StockLevel.objects.get(variant=world.mug, location=world.store)):
        (status, waited), *others = together(
            lambda: timed(api, hot), *[lambda body=body: timed(api, body) for body in other]
        )
        refused = api.post("/sales", hot)
    assert (status, refused.status, refused.body["code"]) == (503, 503, "busy")
    assert 2.5 < waited < 6
    assert [status for status, _waited in others] == [201, 201]
    assert max(waited for _status, waited in others) < 2.5
    assert api.post("/sales", hot).status == 201
    assert Order.objects.count() == 3


def test_a_cart_on_the_hot_row_is_told_to_come_again(world: World, api: Api) -> None:
    cart, other = api.cart_with("MUG"), api.cart_with("TENT")
    places = StockLevel.objects.filter(variant=world.mug).order_by("pk")
    with locked_row(places[0]), transaction.atomic():
        rows("SELECT 1 FROM inventory_stocklevel WHERE id = %s FOR UPDATE", [places[1].pk])
        (busy, retry), going = together(lambda: _status_and_header(api, cart), lambda: api.check_out(other).status)
    assert (busy, retry) == (503, "1")
    assert going == 200
    assert api.check_out(cart).status == 200


def _status_and_header(api: Api, cart: str) -> tuple[int, str]:
    from django.test import Client as Browser

    from tests.client import ADDRESS

    body = {"email": "a@example.com", "fulfillment": {"type": "ship", "address": ADDRESS}}
    headers = {"Authorization": f"Bearer {api.token}"}
    url = f"/api/v1/carts/{cart}/checkout"
    answer = Browser().post(url, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.headers["Retry-After"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_answer_to_the_commit_is_lost(world: World, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """F05: whether the sale was kept is not known. The till hears "try again", and the replay makes it one sale."""
    api, envelope = Api(new_token(), {}), sale(world)
    commit = connection._commit  # type: ignore[attr-defined]
    lost: list[bool] = []

    def lose() -> None:
        is_sale = not lost and connection.in_atomic_block is False and Order.objects.exists()
        if is_sale and when == "before":
            lost.append(True)
            connection.connection.close()  # the server takes everything back
            raise OperationalError("the connection is closed")
        commit()
        if is_sale:
            lost.append(True)
            connection.connection.close()
            raise OperationalError("the connection is closed")

    monkeypatch.setattr(connection, "_commit", lose)
    failed = api.post("/sales", envelope)
    monkeypatch.undo()
    connection.close()
    assert lost == [True]
    assert (failed.status, failed.body["code"]) == (503, "unavailable")
    assert Order.objects.count() == int(when == "after")
    assert api.post("/sales", envelope).status == 201
    assert Order.objects.count() == 1
