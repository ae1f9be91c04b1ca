"""Serial numbers on the pages of stock: what became of one, naming what is on a shelf, sheets that ask which pieces."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from commerce.catalog.models import Variant
from commerce.kernel.ids import new_uid
from inventory.models import PurchaseOrder, SerialUnit, StockLevel, Transfer
from tests.factories import purchases, transfers
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.stock import receive
from tests.office import pages
from tests.office.conftest import Company

Staff = Callable[..., Client]


@pytest.fixture
def stove(company: Company) -> Variant:
    """Three stoves in Pearl, of which two are known by number: CS-1 and CS-2."""
    made = VariantFactory(product=ProductFactory(title="Cinder Stove"), sku="STOVE", tracks_serials=True)
    receive(made, company.pearl, 3, numbers=["CS-1", "CS-2"])
    return made


@pytest.fixture
def level(stove: Variant) -> StockLevel:
    return StockLevel.objects.get(variant=stove)


def sheet(name: str, row: Transfer | PurchaseOrder) -> str:
    return reverse(f"admin:inventory_{row._meta.model_name}_{name}", args=[row.pk])


def states() -> dict[str, str]:
    return dict(SerialUnit.objects.values_list("serial", "state"))


def test_the_list_finds_a_number_and_its_page_tells_its_story(
    company: Company, stove: Variant, as_staff: Staff
) -> None:
    browser = as_staff("manager", company.pearl)
    for term in ("cs-1", "STOVE", "cinder"):
        assert "CS-1" in browser.get(pages.lists()["inventory.serialunit"], {"q": term}).content.decode(), term
    assert "CS-2" not in browser.get(pages.lists()["inventory.serialunit"], {"q": "CS-1"}).content.decode()
    page = browser.get(pages.row_of(SerialUnit.objects.get(serial="CS-1"))).content.decode()
    assert "What became of it" in page
    assert "Goods receipt" in page
    elsewhere = as_staff("manager", company.ballard)
    assert "CS-1" not in elsewhere.get(pages.lists()["inventory.serialunit"]).content.decode()


def test_the_pieces_on_a_shelf_are_named(company: Company, level: StockLevel, as_staff: Staff) -> None:
    browser = as_staff("manager", company.pearl)
    page = browser.get(pages.row_of(level)).content.decode()
    assert "1 piece has no number in the books. Read it off the shelf." in page
    naming = reverse("admin:serial-naming", args=[level.pk])
    assert naming in page
    many = browser.post(naming, {"found": "CS-3\nCS-4", "gone": ""})
    assert many.status_code == 422
    assert "with these there would be 4 serial numbers" in many.content.decode()
    assert browser.post(naming, {"found": "CS-3\nCS-4", "gone": "cs-1"})["Location"] == pages.row_of(level)
    assert states() == {"CS-1": "gone", "CS-2": "in_stock", "CS-3": "in_stock", "CS-4": "in_stock"}
    assert "has no number" not in browser.get(pages.row_of(level)).content.decode()
    mug = company.mug.stock_levels.get(location=company.pearl)
    assert browser.get(reverse("admin:serial-naming", args=[mug.pk])).status_code == 404
    assert as_staff("manager", company.ballard).get(naming).status_code == 404
    assert as_staff("lead", company.pearl).get(naming).status_code == 403


def test_an_adjustment_asks_which_piece(company: Company, level: StockLevel, as_staff: Staff) -> None:
    browser = as_staff("manager", company.pearl)
    address = reverse("admin:inventory_stocklevel_adjust_page", args=[level.pk])
    assert "In stock here: CS-1, CS-2." in browser.get(address).content.decode()
    form = {"counted": "", "change": "-2", "reason": "damaged", "note": "Dropped"}
    answer = browser.post(address, form)
    assert answer.status_code == 422
    assert "STOVE needs 2 serial numbers, 0 were given." in answer.content.decode()
    assert browser.post(address, {**form, "numbers": "CS-2"})["Location"] == pages.row_of(level)  # the other had none
    assert states() == {"CS-1": "in_stock", "CS-2": "damaged"}
    mug = company.mug.stock_levels.get(location=company.pearl)
    page = browser.get(reverse("admin:inventory_stocklevel_adjust_page", args=[mug.pk])).content.decode()
    assert "Serial numbers" not in page.split("<form", 1)[-1].split("</form", 1)[0]


def test_a_transfer_is_packed_and_unpacked_by_number(company: Company, stove: Variant, as_staff: Staff) -> None:
    transfer = transfers.approved(company.pearl, company.ballard, {stove: 2, company.mug: 1})
    sender, pk = as_staff("manager", company.pearl), stove.pk
    page = sender.get(sheet("ship", transfer)).content.decode()
    assert page.count('name="numbers-') == 1
    assert "In the books: CS-1, CS-2" in page
    assert sender.get(sheet("ship", transfer), {"code": "cs-2"}).json()["number"] == "CS-2"
    body = {"uid": new_uid(), f"units-{pk}": "1", f"numbers-{pk}": "CS-1", f"units-{company.mug.pk}": "1"}
    added = sender.post(sheet("ship", transfer), {**body, "do": "add", "code": "cs-2"}).content.decode()
    assert "CS-1\nCS-2</textarea>" in added
    assert f'name="units-{pk}" value="2"' in added
    again = sender.post(sheet("ship", transfer), {**body, "do": "add", "code": "cs-1"}).content.decode()
    assert "CS-1 is on the sheet already." in again
    wrong = sender.post(sheet("ship", transfer), {**body, "do": "book", f"numbers-{pk}": "CS-9"})
    assert wrong.status_code == 422
    assert "STOVE with the serial number CS-9: nobody has received it." in wrong.content.decode()
    assert "CS-9</textarea>" in wrong.content.decode()
    assert sender.post(sheet("ship", transfer), {**body, "do": "book"}).status_code == 302
    assert states() == {"CS-1": "in_transit", "CS-2": "in_stock"}
    receiver = as_staff("manager", company.ballard)
    assert "In the books: CS-1" in receiver.get(sheet("receive", transfer)).content.decode()
    body = {"uid": new_uid(), f"units-{pk}": "1", f"numbers-{pk}": "cs-1", "do": "book"}
    assert receiver.post(sheet("receive", transfer), body).status_code == 302
    assert SerialUnit.objects.get(serial="CS-1").location == company.ballard


def test_what_is_missing_is_settled_by_number(company: Company, stove: Variant, as_staff: Staff) -> None:
    transfer = transfers.approved(company.pearl, company.ballard, {stove: 3})
    sender, pk = as_staff("office"), stove.pk
    sender.post(sheet("ship", transfer), {"do": "book", f"units-{pk}": "3", f"numbers-{pk}": "CS-1\nCS-2"})
    sender.post(sheet("missing", transfer))
    lost = reverse("admin:inventory_transfer_settle", args=[transfer.pk, "lost"])
    assert "Still on the way: CS-1, CS-2. Empty: all of them." in sender.get(lost).content.decode()
    few = sender.post(lost, {f"units_{pk}": "2", f"serials_{pk}": "", "reason": "Stolen"})
    assert "STOVE needs 2 serial numbers, 0 were given." in few.content.decode()
    sender.post(lost, {f"units_{pk}": "2", f"serials_{pk}": "CS-2", "reason": "Stolen"})
    assert states() == {"CS-1": "in_transit", "CS-2": "gone"}


def test_a_delivery_is_named_or_says_that_it_is_not(company: Company, stove: Variant, as_staff: Staff) -> None:
    supplier = purchases.SupplierFactory()
    purchases.item(supplier, stove, 4_000)
    order = purchases.placed(supplier, company.pearl, {stove: 4})
    browser, pk = as_staff("manager", company.pearl), stove.pk
    body = {"uid": new_uid(), "do": "book", f"units-{pk}": "2", f"numbers-{pk}": "CS-7\nCS-8"}
    assert browser.post(sheet("receive", order), body).status_code == 302
    assert states()["CS-8"] == "in_stock"
    story = browser.get(pages.row_of(SerialUnit.objects.get(serial="CS-8"))).content.decode()
    assert order.number in story
    answer = browser.post(
        sheet("receive", order), {"uid": new_uid(), "do": "book", f"units-{pk}": "2", f"numbers-{pk}": ""}, follow=True
    )
    assert "2 of STOVE came without a serial number." in answer.content.decode()
