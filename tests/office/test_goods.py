"""Moving and buying goods in the back office: sheets that scan, refusals that lose nothing, costs for buyers alone."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from commerce.kernel.ids import new_uid
from inventory.models import PurchaseOrder, StockLevel, Transfer
from tests.factories import purchases, transfers
from tests.office import pages
from tests.office.conftest import Company

Staff = Callable[..., Client]


def sheet(name: str, row: Transfer | PurchaseOrder) -> str:
    return reverse(f"admin:inventory_{row._meta.model_name}_{name}", args=[row.pk])


@pytest.fixture
def sent(company: Company) -> Transfer:
    return transfers.shipped(company.pearl, company.ballard, {company.mug: 3, company.tote: 1})


@pytest.fixture
def ordered(company: Company) -> PurchaseOrder:
    northfold = purchases.SupplierFactory()
    purchases.item(northfold, company.mug, 450, sku="NF-100")
    return purchases.placed(northfold, company.pearl, {company.mug: 10})


def on_hand(company: Company) -> int:
    return StockLevel.objects.get(variant=company.mug, location=company.ballard).on_hand


def test_a_transfer_goes_all_the_way_through_its_pages(company: Company, as_staff: Staff) -> None:
    browser = as_staff("office")
    wanted = {"source": company.pearl.pk, "destination": company.ballard.pk, "items": "BLU-01 3\nTOT-02"}
    answer = browser.post(reverse("admin:inventory_transfer_request_page"), wanted)
    transfer = Transfer.objects.get()
    assert answer["Location"] == pages.row_of(transfer)
    mug, tote, before = company.mug.pk, company.tote.pk, on_hand(company)
    for name, units in (("approve", (3, 1)), ("ship", (3, 0)), ("receive", (2, 0))):
        assert browser.get(sheet(name, transfer)).status_code == 200
        body = {"uid": new_uid(), "do": "book", f"units-{mug}": units[0], f"units-{tote}": units[1]}
        assert browser.post(sheet(name, transfer), body)["Location"] == pages.row_of(transfer), name
    assert on_hand(company) == before + 2
    page = browser.get(pages.row_of(transfer)).content.decode()
    assert "2 of 3" in page
    browser.post(sheet("missing", transfer))
    lost = reverse("admin:inventory_transfer_settle", args=[transfer.pk, "lost"])
    assert browser.post(lost, {f"units_{mug}": 1, "reason": ""}).status_code == 422
    browser.post(lost, {f"units_{mug}": 1, "reason": "Broken."})
    transfer.refresh_from_db()
    assert transfer.state == "received"
    late = browser.get(sheet("receive", transfer))
    assert late["Location"] == pages.row_of(transfer)


def test_scanning_without_a_script_adds_one_by_one(company: Company, sent: Transfer, as_staff: Staff) -> None:
    browser, mug = as_staff("manager", company.ballard), company.mug.pk
    answer = browser.post(sheet("receive", sent), {"uid": new_uid(), "do": "add", "code": "blu-01", f"units-{mug}": 1})
    page = answer.content.decode()
    assert f'name="units-{mug}" value="2"' in page
    assert "BLU-01: 2" in page
    unknown = browser.post(sheet("receive", sent), {"do": "add", "code": "NOPE", f"units-{mug}": 2})
    assert unknown.status_code == 422
    assert "Nothing has the code “NOPE”. Check the label, or type the SKU." in unknown.content.decode()
    assert f'name="units-{mug}" value="2"' in unknown.content.decode()


@pytest.mark.parametrize(
    ("units", "says"),
    [
        ("4", "T-000001 has 3 of BLU-01 on the way, not 4."),
        ("1.5", "BLU-01: “1.5” is not a whole number of units."),
        ("", "T-000001: enter at least one unit."),
    ],
)
def test_a_refused_booking_keeps_what_was_entered(
    company: Company, sent: Transfer, as_staff: Staff, units: str, says: str
) -> None:
    browser, before = as_staff("manager", company.ballard), on_hand(company)
    body = {"uid": new_uid(), "do": "book", f"units-{company.mug.pk}": units}
    answer = browser.post(sheet("receive", sent), body)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert f'value="{units}"' in answer.content.decode()
    assert on_hand(company) == before


def test_one_reception_sent_twice_counts_once(company: Company, sent: Transfer, as_staff: Staff) -> None:
    browser, before = as_staff("manager", company.ballard), on_hand(company)
    body = {"uid": new_uid(), "do": "book", f"units-{company.mug.pk}": 1}
    assert browser.post(sheet("receive", sent), body).status_code == 302
    again = browser.post(sheet("receive", sent), body)
    assert again.status_code == 422
    assert "was booked already, once" in again.content.decode()
    assert on_hand(company) == before + 1


def test_each_end_sees_its_transfers_and_its_buttons(company: Company, sent: Transfer, as_staff: Staff) -> None:
    from tests.factories.company import LocationFactory

    at_source = as_staff("manager", company.pearl)
    assert sheet("receive", sent) not in at_source.get(pages.row_of(sent)).content.decode()
    body = {"uid": new_uid(), "do": "book", f"units-{company.mug.pk}": 1}
    assert at_source.post(sheet("receive", sent), body).status_code == 422
    stranger = as_staff("manager", LocationFactory(code="AUS-1"))
    assert stranger.get(sheet("receive", sent)).status_code == 404
    assert stranger.get(pages.row_of(sent))["Location"] == reverse("admin:index")


def test_a_delivery_is_unpacked_by_the_suppliers_sku_and_more_is_said(
    company: Company, ordered: PurchaseOrder, as_staff: Staff
) -> None:
    browser, mug = as_staff("manager", company.pearl), company.mug.pk
    meaning = browser.get(sheet("receive", ordered), {"code": "nf-100"}).json()
    assert meaning["variant"] == mug
    body = {"uid": new_uid(), "do": "book", f"units-{mug}": 12}
    answer = browser.post(sheet("receive", ordered), body, follow=True)
    assert "2 more of BLU-01 than was ordered." in answer.content.decode()
    assert "2 more than ordered" in answer.content.decode()


def test_who_unpacks_does_not_learn_the_costs(company: Company, ordered: PurchaseOrder, as_staff: Staff) -> None:
    lead, buyer = as_staff("lead", company.pearl), as_staff("office")
    assert "$4.50" in buyer.get(pages.row_of(ordered)).content.decode()
    assert lead.get(sheet("receive", ordered)).status_code == 200
    for address in (pages.row_of(ordered), pages.lists()["inventory.purchaseorder"]):
        page = lead.get(address).content.decode()
        assert "$4.50" not in page
        assert "$45.00" not in page
    for paper in ("print", "csv", "lines"):
        assert lead.get(sheet(paper, ordered)).status_code in (302, 403)


def test_the_order_goes_to_the_supplier_on_paper_or_as_a_file(ordered: PurchaseOrder, as_staff: Staff) -> None:
    browser = as_staff("office")
    assert "PO-000001" in browser.get(sheet("print", ordered)).content.decode()
    text = browser.get(sheet("csv", ordered)).content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith("NF-100,BLU-01,")
    assert text.splitlines()[1].endswith(",10,4.50,USD")


def test_a_draft_is_changed_with_its_costs(company: Company, as_staff: Staff) -> None:
    northfold = purchases.SupplierFactory()
    browser, mug = as_staff("office"), company.mug.pk
    body = {"supplier": northfold.pk, "location": company.pearl.pk, "items": "BLU-01 4"}
    browser.post(reverse("admin:inventory_purchaseorder_draft_page"), body)
    order = PurchaseOrder.objects.get()
    refused = browser.post(sheet("order", order))
    assert "Enter what one unit costs: BLU-01." in refused.content.decode()
    fields = {"uid": new_uid(), "do": "book", f"units-{mug}": 6, f"cost-{mug}": "a lot"}
    assert browser.post(sheet("lines", order), fields).status_code == 422
    assert browser.post(sheet("lines", order), {**fields, f"cost-{mug}": "$3.25"}).status_code == 302
    line = order.lines.get()
    assert (line.ordered, line.cost_minor) == (6, 325)
    browser.post(sheet("order", order))
    order.refresh_from_db()
    assert order.state == "ordered"
