"""What the attacks share: a small shop, an API in this process, a card network that can be made to fail."""

import json
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser

from commerce.company.models import Device
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.failpoints import arm
from orders import gateway
from orders.models import Order
from pos.models import Register
from tests.client import ADDRESS, Answer, new_token
from tests.concurrency.conftest import audit
from tests.sandbox.card_network_process import CardNetwork
from tests.servers import Server
from tests.world import World


@dataclass(frozen=True)
class Api:
    """The API in this process: `api.post("/carts")`, also usable in a forked child. A bug answers 500."""

    token: str
    headers: dict[str, str]
    root: str = "/api/v1"

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        browser = Browser(raise_request_exception=False)
        response = browser.generic(
            method,
            self.root + path,
            data=b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode(),
            content_type="application/json",
            headers={
                **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
                **self.headers,
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )
        is_json = "json" in response.get("Content-Type", "") and not response.streaming
        return Answer(response.status_code, response.json() if is_json else response)

    def get(self, path: str) -> Answer:
        return self("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self("POST", path, {} if body is None else body, **headers)

    def cart_with(self, sku: str, quantity: int = 1) -> str:
        cart = str(self.post("/carts").body["id"])
        assert self.post(f"/carts/{cart}/lines", {"sku": sku, "quantity": quantity}).status == 200
        return cart

    def check_out(self, cart: str, *, email: str = "ada@example.com", **changes: Any) -> Answer:
        wish = {"type": "ship", "address": ADDRESS}
        return self.post(
            f"/carts/{cart}/checkout", {"email": email, "name": "Ada Example", "fulfillment": wish, **changes}
        )

    def complete(self, cart: str, payment_method: str = "pm_card_visa", **headers: str) -> Answer:
        return self.post(f"/carts/{cart}/complete", {"payment_method": payment_method}, **headers)


@pytest.fixture
def world(transactional_db: None, card_network: Server) -> World:
    return World.make()


@pytest.fixture
def api(world: World) -> Api:
    return Api(new_token(), {})


@pytest.fixture
def network(card_network: Server) -> Iterator[CardNetwork]:
    """The card network's control API; healthy again afterwards."""
    steered = CardNetwork(card_network.url, None, None)  # type: ignore[arg-type]
    yield steered
    steered.control("faults", method="DELETE")


@pytest.fixture
def clean_afterwards(transactional_db: None) -> Iterator[None]:
    """After the attack, everything still agrees with itself."""
    yield
    assert "BROKEN" not in audit()


@pytest.fixture
def failing() -> Iterator[Callable[[str, str], None]]:
    """`failing("orders.before_settle", "raise")` arms a failpoint for the rest of the test."""
    armed: list[str] = []

    def start(name: str, effect: str) -> None:
        armed.append(name)
        arm(name, effect)

    yield start
    for name in armed:
        arm(name, None)


def in_child(work: Callable[[], Any], **points: str) -> int:
    """Do the work in a process of its own, with failpoints armed; its exit status, 137 when it was killed."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        connection.connection = None  # the parent's; libpq leaves the connections of other processes alone
        gateway.client.cache_clear()
        for name, effect in points.items():
            arm(name.replace("__", "."), effect)
        work()
        connection.close()
    except BaseException:  # noqa: BLE001 - a child must not return into pytest
        traceback.print_exc(file=sys.stderr)
        os._exit(1)
    os._exit(0)


def together(*calls: Callable[[], Any]) -> list[Any]:
    """The answers of calls that start at the same moment, each in a thread with a database connection of its own."""
    barrier = threading.Barrier(len(calls))

    def start(call: Callable[[], Any]) -> Any:
        barrier.wait(30)
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(start, calls))


def charges(network: CardNetwork) -> int:
    """How often the card network has charged for the orders of this test."""
    by_order = network.control("charges?metadata_key=order")["by"]
    return sum(by_order.get(str(uid), {"count": 0})["count"] for uid in Order.objects.values_list("uid", flat=True))


@action
def pair(register: Register, code: str) -> Api:
    """The till of a register: its calls below /till/api."""
    from commerce.company import devices

    device = devices.invite(f"Till {register.code}", register.location, at=now(), code=code)
    _device, token = devices.pair(code, at=now())
    Register.objects.filter(pk=register.pk).update(device=Device.objects.get(pk=device.pk))
    register.refresh_from_db()
    return Api(token, {}, "/till/api")


def sale(world: World, *, sku: str = "MUG", quantity: int = 1, **changes: Any) -> dict[str, Any]:
    """A cash sale of the world's register, as a till sends it."""
    from commerce.kernel.ids import new_uid

    due = {"MUG": 1_728, "TENT": 21_492}[sku] * quantity
    return {
        "id": str(new_uid()),
        "register": world.register.code,
        "cashier": world.manager.username,
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{"sku": sku, "quantity": quantity}],
        "tenders": [{"type": "cash", "amount": {"amount": due, "currency": "USD"}}],
        **changes,
    }
