"""The API as another program uses it: over HTTP, with a token."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from commerce.company import tokens
from commerce.kernel.clock import now

ADDRESS = {
    "name": "Ada Example",
    "line1": "12 Alder Street",
    "city": "Portland",
    "state": "OR",
    "postal_code": "97205",
    "country": "US",
}


def new_token(*scopes: str) -> str:
    """A token of the test database."""
    with transaction.atomic(durable=True):
        return tokens.issue("tests", list(scopes) or ["all"], at=now())


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


@dataclass(frozen=True)
class Client:
    """`Client(site.url, new_token()).post("/carts")`: an answer for every status."""

    url: str
    token: str

    def get(self, path: str) -> Answer:
        return self._send("GET", path, None, {})

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self._send("POST", path, {} if body is None else body, headers)

    def put(self, path: str, body: Any) -> Answer:
        return self._send("PUT", path, body, {})

    def cart_with(self, sku: str, quantity: int = 1) -> str:
        """The id of a new cart that holds this."""
        cart = str(self.post("/carts").body["id"])
        added = self.post(f"/carts/{cart}/lines", {"sku": sku, "quantity": quantity})
        assert added.status == 200, added
        return cart

    def check_out(self, cart: str, *, email: str = "ada@example.com", location: str = "") -> Answer:
        """Check a cart out for delivery, or for pickup at `location`."""
        wish = {"type": "pickup", "location": location} if location else {"type": "ship", "address": ADDRESS}
        return self.post(f"/carts/{cart}/checkout", {"email": email, "name": "Ada Example", "fulfillment": wish})

    def complete(self, cart: str, payment_method: str = "pm_card_visa", **headers: str) -> Answer:
        return self.post(f"/carts/{cart}/complete", {"payment_method": payment_method}, **headers)

    def buy(self, sku: str, quantity: int = 1, *, location: str = "") -> Answer:
        """From nothing to an order, or to the first refusal."""
        cart = self.cart_with(sku, quantity)
        checked_out = self.check_out(cart, location=location)
        return self.complete(cart) if checked_out.status == 200 else checked_out

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Answer(response.status, json.load(response))
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            return Answer(error.code, json.loads(text) if text.startswith(("{", "[")) else text)
