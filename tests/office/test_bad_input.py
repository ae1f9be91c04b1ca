"""What cannot be about goods, as programs, people and files say it: refused with what to do, and nothing written.

Counts (tests/inventory/test_count_scans, test_count_files) and steps out of order have tables of their own.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from commerce.kernel.ids import new_uid
from commerce.pricing.models import Price
from inventory.models import PurchaseOrder, StockLevel, Transfer
from tests.api.test_contract import Api, new_token_in_test
from tests.factories import purchases, transfers
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.stock import receive
from tests.office import pages
from tests.office.conftest import Company
from tests.office.test_between_places import sale
from tests.office.test_goods import sheet
from tests.snapshot import written

UNKNOWN = "There is no SKU NOPE."
PIECES = "Enamel Mug is sold in whole pieces."
LEAST = "Enter a quantity of 1 or more."
SOLD = "The quantity must be more than 0 and at most 1000000."
NOT_HERE = "Lamp is not for sale here. Remove it, then go on."
NONE_LEFT = "There is not enough of Rug left. Lower the quantity or remove it, then try again."
NO_PICKUP = "This store does not offer pickup. Choose another store, or delivery."
BOOK = {"do": "book"}


@dataclass
class Shop:
    company: Company
    browser: Client
    api: Api
    cart: str
    sent: Transfer
    ordered: PurchaseOrder

    def level(self) -> StockLevel:
        return StockLevel.objects.get(variant=self.company.mug, location=self.company.pearl)

    def units(self, count: str) -> dict[str, Any]:
        return {**BOOK, "uid": new_uid(), f"units-{self.company.mug.pk}": count}


@pytest.fixture
def shop(company: Company, as_staff: Callable[..., Client]) -> Shop:
    """Rugs are in Ballard only; a lamp has no price; three mugs are on their way and five are ordered."""
    lamp = VariantFactory(sku="LAMP", product__title="Lamp", price=False)
    receive(lamp, company.pearl, 1)
    receive(VariantFactory(sku="RUG", product__title="Rug"), company.ballard, 5)
    LocationFactory(code="WH-1", warehouse=True)
    supplier = purchases.SupplierFactory()
    purchases.item(supplier, company.mug, 400)
    api = Api(new_token_in_test())
    cart = api("POST", "/carts", {})[1]["id"]
    assert api("POST", f"/carts/{cart}/lines", {"sku": "RUG", "quantity": 1})[0] == 200
    return Shop(
        company=company,
        browser=as_staff("admin"),
        api=api,
        cart=cart,
        sent=transfers.shipped(company.pearl, company.ballard, {company.mug: 3}),
        ordered=purchases.placed(supplier, company.pearl, {company.mug: 5}),
    )


def line(sku: str, quantity: Any) -> Callable[[Shop], tuple[int, Any]]:
    return lambda shop: shop.api("POST", f"/carts/{shop.cart}/lines", {"sku": sku, "quantity": quantity})


def changed(sku: str, quantity: Any) -> Callable[[Shop], tuple[int, Any]]:
    return lambda shop: shop.api("PUT", f"/carts/{shop.cart}/lines/{sku}", {"quantity": quantity})


def sold(sku: str, quantity: Any) -> Callable[[Shop], tuple[int, Any]]:
    envelope = sale(sku, "PDX-1")
    envelope["lines"][0]["quantity"] = quantity
    return lambda shop: shop.api("POST", "/sales", envelope)


def collected(place: str) -> Callable[[Shop], tuple[int, Any]]:
    wish = {"email": "ada@example.com", "name": "Ada", "fulfillment": {"type": "pickup", "location": place}}
    return lambda shop: shop.api("POST", f"/carts/{shop.cart}/checkout", wish)


def asked(path: str) -> Callable[[Shop], tuple[int, Any]]:
    return lambda shop: shop.api("GET", path)


PROGRAMS: dict[str, tuple[Callable[[Shop], tuple[int, Any]], int, str]] = {
    "a cart's line of an unknown SKU": (line("NOPE", 1), 404, UNKNOWN),
    "a cart's line of none": (line("BLU-01", 0), 422, LEAST),
    "a cart's line of less than none": (line("BLU-01", -1), 422, LEAST),
    "a cart's line of half a piece": (line("BLU-01", 0.5), 422, PIECES),
    "a cart's line of words": (line("BLU-01", "abc"), 422, "Enter the quantity as a whole number, such as 2."),
    "a cart's line of what is not sold": (line("LAMP", 1), 409, NOT_HERE),
    "another quantity of an unknown SKU": (changed("NOPE", 1), 404, UNKNOWN),
    "another quantity below none": (changed("RUG", -1), 422, LEAST),
    "another quantity with half a piece": (changed("RUG", 1.5), 422, "Rug is sold in whole pieces."),
    "a pickup where there is none of it": (collected("PDX-1"), 409, NONE_LEFT),
    "a pickup from a warehouse": (collected("WH-1"), 409, NO_PICKUP),
    "a pickup nowhere": (collected("NO-1"), 404, "There is no location NO-1."),
    "a sale of an unknown SKU": (sold("NOPE", 1), 422, UNKNOWN),
    "a sale of none": (sold("BLU-01", 0), 422, SOLD),
    "a sale of less than none": (sold("BLU-01", -1), 422, SOLD),
    "a sale of half a piece": (sold("BLU-01", 1.5), 422, PIECES),
    "a sale of what is not sold there": (sold("LAMP", 1), 409, NOT_HERE),
    "the stock of an unknown SKU": (asked("/availability?sku=NOPE"), 404, UNKNOWN),
    "the stock of nowhere": (asked("/availability?sku=RUG&location=NO-1"), 404, "There is no location NO-1."),
    "why an unknown SKU is there": (asked("/availability/explain?sku=NOPE&location=PDX-1"), 404, UNKNOWN),
}


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_programs_are_told(name: str, shop: Shop) -> None:
    ask, status, says = PROGRAMS[name]
    before = written("kernel_idempotencykey")
    answered, problem = ask(shop)
    assert (answered, problem["detail"]) == (status, says)
    assert written("kernel_idempotencykey") == before
    assert [row["sku"] for row in shop.api("GET", f"/carts/{shop.cart}")[1]["lines"]] == ["RUG"]


def test_what_is_not_sold_any_more_can_be_taken_out_of_a_cart(shop: Shop) -> None:
    """Its refusal says "Remove it"."""
    Price.objects.filter(variant__sku="RUG").delete()
    status, problem = shop.api("GET", f"/carts/{shop.cart}")
    assert (status, problem["detail"]) == (409, "Rug is not for sale here. Remove it, then go on.")
    VariantFactory._meta.model.objects.filter(sku="RUG").update(is_active=False)
    assert changed("RUG", 2)(shop)[0] == 409
    status, cart = changed("RUG", 0)(shop)
    assert (status, cart["lines"]) == (200, [])


def listed(page: str, **places: str) -> Callable[[Shop], Any]:
    """A list with a fraction, an unknown code, a minus and a zero, typed into a form that starts something."""

    def post(shop: Shop) -> Any:
        named = {field: getattr(shop.company, place).pk for field, place in places.items()}
        supplier = {"supplier": shop.ordered.supplier_id} if "draft" in page else {}
        return shop.browser.post(reverse(f"admin:inventory_{page}"), {**named, **supplier, "items": ITEMS})

    return post


def on_level(page: str, **typed: str) -> Callable[[Shop], Any]:
    return lambda shop: shop.browser.post(pages.row_of(shop.level(), page), typed)


def arrived(units: str) -> Callable[[Shop], Any]:
    return lambda shop: shop.browser.post(sheet("receive", shop.sent), shop.units(units))


def delivered(units: str) -> Callable[[Shop], Any]:
    return lambda shop: shop.browser.post(sheet("receive", shop.ordered), shop.units(units))


ITEMS = "BLU-01 1.5\nNOPE 2\nBLU-01 -3\nBLU-01 0"
READ = [
    "Line 1: “BLU-01 1.5” has no whole number of units.",
    "Line 2: nothing has the code “NOPE 2”.",
    "Line 3: “BLU-01 -3” has no whole number of units.",
    "Line 4: “BLU-01 0” has no whole number of units.",
]
WHOLE = "Enter a whole number."
BELOW = "Ensure this value is greater than or equal to 0."
MORE = (
    "T-000001 has 3 of BLU-01 on the way, not 4. Receive what is on the way; if there really are more, adjust the stock"
    " by them as found."
)
PEOPLE: dict[str, tuple[Callable[[Shop], Any], list[str]]] = {
    "a transfer": (listed("transfer_request_page", source="pearl", destination="ballard"), READ),
    "a purchase order": (listed("purchaseorder_draft_page", location="pearl"), READ),
    "a change by half a piece": (on_level("adjust_page", change="1.5", reason="found"), [WHOLE]),
    "a change by nothing": (
        on_level("adjust_page", change="0", reason="found"),
        ["That is what the books say already."],
    ),
    "a count below none": (on_level("adjust_page", counted="-1", reason="recount"), [BELOW]),
    "more lost than is there": (
        on_level("adjust_page", change="-100", reason="lost"),
        ["BLU-01 is not there: 15 on hand, 100 needed. Count the shelf, then adjust the stock."],
    ),
    "a safety stock below none": (on_level("safety_page", units="-1"), [BELOW]),
    "a safety stock with half a piece": (on_level("safety_page", units="0.5"), [WHOLE]),
    "less than none arrived": (arrived("-1"), ["BLU-01: “-1” is not a whole number of units."]),
    "more than there can be arrived": (
        arrived("1000000000"),
        ["BLU-01: “1000000000” is too much: at most 999,999,999."],
    ),
    "half a piece arrived": (arrived("0.5"), ["BLU-01: “0.5” is not a whole number of units."]),
    "none arrived": (
        arrived("0"),
        ["T-000001: enter at least one unit. Scan the goods, or type how many there are."],
    ),
    "more arrived than was sent": (arrived("4"), [MORE]),
    "less than none was delivered": (delivered("-1"), ["BLU-01: “-1” is not a whole number of units."]),
    "half a piece was delivered": (delivered("0.5"), ["BLU-01: “0.5” is not a whole number of units."]),
    "none was delivered": (
        delivered("0"),
        ["PO-000001: enter at least one unit. Scan the goods, or type how many have come."],
    ),
}
SESSIONS = ("django_session",)  # the id of a form that is open is kept there


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_people_are_told(name: str, shop: Shop) -> None:
    post, says = PEOPLE[name]
    before = written(*SESSIONS)
    answer = post(shop)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [text for text in says if text not in page] == []
    assert written(*SESSIONS) == before


def test_a_transfer_that_a_colleague_received_meanwhile_is_not_received_again(shop: Shop) -> None:
    transfers.receive(shop.sent, {shop.company.mug: 3})
    before = written(*SESSIONS)
    answer = arrived("3")(shop)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "T-000001 is “Received”: nothing is on the way any more. Request another transfer." in page
    assert written(*SESSIONS) == before


FILE = """\
Handle,Title,Option1 Name,Option1 Value,SKU,Location,On hand (new)
,,,,NOPE,PDX-1,3
,,,,BLU-01,PDX-1,-2
,,,,TOT-02,PDX-1,1.5
"""


def test_files_are_told_line_by_line(shop: Shop, tmp_path: Path) -> None:
    file, out = tmp_path / "stock.csv", io.StringIO()
    file.write_text(FILE)
    tables = ("inventory_stocklevel", "inventory_stockmovement")
    before = [row for row in written() if row[0] in tables]
    call_command("import_catalog", str(file), "--format=shopify", "--location=PDX-1", "--dry-run", stdout=out)
    assert [row for row in written() if row[0] in tables] == before
    for says in (
        "line 2: There is no variant with the SKU or name “NOPE”. Import the products first.",
        "line 3: The quantity is -2; a shelf cannot hold less than nothing, so it was taken as 0.",
        "line 4: “1.5” is not a quantity and was left out.",
    ):
        assert says in out.getvalue()
    with pytest.raises(CommandError) as refused:
        call_command("import_catalog", str(file), "--format=shopify", "--location=NO-1")
    assert str(refused.value) == "There is no location “NO-1”. There are: PDX-1, SEA-1, WH-1."
    assert [row for row in written() if row[0] in tables] == before
    call_command("import_catalog", str(file), "--format=shopify", "--location=PDX-1", stdout=out)
    stand = dict(StockLevel.objects.filter(location=shop.company.pearl).values_list("variant__sku", "on_hand"))
    assert (stand["BLU-01"], stand["TOT-02"]) == (0, 5)
