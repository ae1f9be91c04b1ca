"""What the till asks the server: exact values, who may ask, and how many statements it takes."""

import gzip
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory.models import StockLevel
from pos.access import make_pass
from pos.actions.pair_register import pair_register
from pos.models import Register, Sale
from tests.factories.catalog import CategoryFactory, ProductFactory, VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.pricing import MarketFactory
from tests.factories.stock import receive
from tests.factories.trade import open_till, register_at
from tests.pos.conftest import PAIRING_CODE, invite

pytestmark = pytest.mark.django_db(transaction=True)


class Till:
    """A paired register, as HTTP sees it."""

    def __init__(self, register: Register) -> None:
        invite(register)
        self.register, self.token = pair_register(PAIRING_CODE, at=now())
        self.client = Client()
        self.person = ""

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "X-Person": self.person}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers={**self.headers(), **headers})

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(path, body, content_type="application/json", headers=self.headers())


@pytest.fixture
def till() -> Till:
    MarketFactory(tax=80_000)
    return Till(register_at(LocationFactory(code="PDX-1")))


def lines(response: Any) -> list[Any]:
    return [json.loads(line) for line in b"".join(response.streaming_content).decode().splitlines()]


def test_the_state_says_all_that_selling_needs_and_only_who_may_sell_here(till: Till) -> None:
    UserFactory(username="jo", first_name="Jo", last_name="Okafor", pin="4711")
    UserFactory(username="elsewhere", locations=[LocationFactory(code="SEA-1")], pin="4711")
    UserFactory(username="no_pin")
    UserFactory(username="desk", role="office", pin="4711")
    state = till.get("/till/api/state").json()
    assert state["register"] == {"code": "PDX-1-1", "name": "Counter 1", "has_reader": False}
    assert state["staff"] == [{"username": "jo", "name": "Jo Okafor", "role": "associate"}]
    market = state["market"]
    assert (market["currency"], market["digits"], market["prices_include_tax"]) == ("USD", 2, False)
    assert market["coins"] == [1, 5, 10, 25]
    assert market["notes"] == [100, 500, 1000, 2000, 5000, 10_000]
    assert state["taxes"]["standard"] == [{"code": "us", "name": "US tax", "rate_ppm": 80_000}]
    assert state["receipt"] == {"prefix": "PDX-1-1", "last": 0}
    assert state["shift"] is None
    assert "example.com" not in json.dumps(state)


def test_the_catalog_comes_whole_and_then_what_has_changed(till: Till) -> None:
    top = CategoryFactory(name="Camp", slug="camp")
    tents = CategoryFactory(name="Tents", slug="tents", parent=top)
    tent = VariantFactory(product=ProductFactory(title="Alder tent", category=tents), sku="TENT", price=19_900)
    unpriced = VariantFactory(sku="DRAFT", price=False)
    head, rows = lines(till.get("/till/api/catalog"))
    assert (head["since"], head["price_list"], head["lists"]) == (0, "us", "us")
    assert head["categories"] == [
        {"slug": "camp", "name": "Camp", "above": "", "root": "camp"},
        {"slug": "tents", "name": "Tents", "above": "camp", "root": "camp"},
    ]
    barcode = tent.barcodes.get().key
    assert rows == [
        [
            str(tent.uid),
            "TENT",
            "Alder tent",
            "",
            [barcode],
            [19_900, None],
            "standard",
            "tents",
            "",
            "",
            str(tent.product.uid),
            True,
        ]
    ]
    again = lines(till.get(f"/till/api/catalog?since={head['position']}"))
    assert again[0]["since"] == head["position"]
    assert all(row[1] != unpriced.sku or row[-1] is False for chunk in again[1:] for row in chunk)


def test_the_catalog_travels_packed(till: Till) -> None:
    VariantFactory(sku="TENT")
    response = till.get("/till/api/catalog", **{"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    text = gzip.decompress(b"".join(response.streaming_content)).decode()
    assert json.loads(text.splitlines()[1])[0][1] == "TENT"


@pytest.mark.parametrize("since", ["abc", "-1", "9" * 40, "1; DROP TABLE"])
def test_a_position_that_is_none_is_not_an_error(till: Till, since: str) -> None:
    assert till.get("/till/api/catalog", QUERY=since).status_code == 200
    assert till.client.get("/till/api/catalog", {"since": since}, headers=till.headers()).status_code == 200


@pytest.mark.parametrize("path", ["state", "catalog", "stock", "tasks", "stock/TENT"])
def test_nobody_but_a_paired_till_is_answered(till: Till, path: str) -> None:
    assert Client().get(f"/till/api/{path}").status_code in (401, 403)
    Register.objects.update(device=None)
    assert till.get(f"/till/api/{path}").status_code >= 400


def test_what_moves_money_or_goods_needs_a_person(till: Till) -> None:
    refused = till.post("/till/api/shifts", {"id": str(new_uid()), "float_minor": 0, "currency": "USD"})
    assert (refused.status_code, refused.json()["code"]) == (401, "pin_needed")
    person = UserFactory(username="jo", pin="4711")
    assert till.register.device
    till.person = make_pass(person, till.register.device)
    opened = till.post("/till/api/shifts", {"id": str(new_uid()), "float_minor": 20_000, "currency": "USD"})
    assert opened.status_code == 201
    assert opened.json()["expected_minor"] == 20_000


def test_stock_here_and_elsewhere(till: Till) -> None:
    tent = VariantFactory(sku="TENT")
    receive(tent, till.register.location, 5)
    receive(tent, LocationFactory(code="SEA-1", name="Pike Street"), 2)
    assert till.get("/till/api/stock").json() == {"TENT": [5, 0]}
    places = till.get("/till/api/stock/tent").json()["locations"]
    assert {(place["code"], place["available"]) for place in places} == {("PDX-1", 5), ("SEA-1", 2)}
    assert till.get("/till/api/stock/NONE").status_code == 404


def test_the_till_explains_its_stock(till: Till) -> None:
    tent = VariantFactory(sku="TENT")
    receive(tent, till.register.location, 5, safety=1)
    found = till.get("/till/api/stock/tent/explain").json()
    assert (found["sku"], found["available"], found["sellable"]) == ("TENT", "4", "5")
    assert [(line["label"], line["figure"], line["role"]) for line in found["shelves"][0]["lines"]] == [
        ("Goods received", "+5", "item"),
        ("On hand", "5", "sum"),
        ("Safety stock", "−1", "item"),
        ("Available to the web", "4", "result"),
    ]
    assert till.get("/till/api/stock/NONE/explain").status_code == 404


def test_a_sale_of_five_lines_with_register_shift_and_cashier_takes_27_statements(till: Till) -> None:
    person = UserFactory(username="jo", pin="4711")
    shift = open_till(till.register, person, at=now())
    variants = [VariantFactory(price=1_000) for _n in range(5)]
    for variant in variants:
        receive(variant, till.register.location, 5, value=2_500)

    def envelope(number: int) -> dict[str, Any]:
        money = {"amount": 5_400, "currency": "USD"}
        return {
            "id": str(new_uid()),
            "register": till.register.code,
            "shift": str(shift.uid),
            "cashier": "jo",
            "sold_at": now().isoformat(),
            "receipt_number": f"PDX-1-1-{number:06d}",
            "currency": "USD",
            "lines": [
                {"sku": variant.sku, "quantity": 1, "unit_price": {"amount": 1_000, "currency": "USD"}}
                for variant in variants
            ],
            "tenders": [{"type": "cash", "amount": money, "tendered": money}],
            "total": money,
        }

    assert till.post("/api/v1/sales", envelope(1)).status_code == 201  # what is remembered between sales is now
    with CaptureQueriesContext(connection) as asked:
        assert till.post("/api/v1/sales", envelope(2)).status_code == 201
    statements = [query["sql"] for query in asked if query["sql"] not in ("BEGIN", "COMMIT")]
    assert len(statements) <= 27, "\n".join(text[:120] for text in statements)
    assert Sale.objects.count() == 2
    assert set(StockLevel.objects.values_list("on_hand", flat=True)) == {3}


def test_the_worker_names_every_file_that_the_page_and_its_modules_ask_for(till: Till) -> None:
    client = Client()
    text = client.get("/till/sw.js").content.decode()
    shell = json.loads(text.split(" = ", 1)[1].split(";\n", 1)[0])
    page = client.get("/till/").content.decode()
    asked = set(re.findall(r'(?:src|href)="(/[^"#]+)', page)) - {"/till/"}
    assert asked - set(shell["files"]) == set()
    for path in shell["files"]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        list(answer.streaming_content) if answer.streaming else answer.content
    assert (
        shell["version"]
        == json.loads(client.get("/till/sw.js").content.decode().split(" = ", 1)[1].split(";\n", 1)[0])["version"]
    )


def test_the_page_has_nothing_inline(till: Till) -> None:
    response = Client().get("/till/")
    page = response.content.decode()
    assert not re.findall(r"<script(?![^>]*\bsrc=)", page)
    assert not re.findall(r"\bstyle=|\bon[a-z]+=", page)
    manifest = Client().get("/till/manifest.webmanifest").json()
    assert manifest["scope"] == "/till/"
